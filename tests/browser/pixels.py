"""What the pixels of a screenshot tell: how white it is, and how well things stand out."""

import io

import numpy as np
from PIL import Image

WHITE, MOST_WHITE = 225, 0.03
"""A pixel is near white from here on; so much of a picture may be: letters, and marks."""


def pixels(shot: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(shot)).convert("RGB"))


def white(shown: np.ndarray) -> float:
    """The share of pixels that are white, or nearly so."""
    return float((shown.min(axis=-1) > WHITE).mean())


def ground(shown: np.ndarray) -> np.ndarray:
    """The colour that most of a picture has."""
    colours, counts = np.unique(shown.reshape(-1, 3), axis=0, return_counts=True)
    return colours[counts.argmax()]


def luminance(colour: np.ndarray) -> float:
    """WCAG 2.2, relative luminance."""
    c = np.asarray(colour, float) / 255
    linear = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(a: np.ndarray, b: np.ndarray) -> float:
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


def turned(colour: np.ndarray) -> np.ndarray:
    """invert(0.9) hue-rotate(180deg), as W3C's Filter Effects 1 defines them."""
    inverted = 0.9 * 255 - 0.8 * np.asarray(colour, float)
    grey = np.array([0.213, 0.715, 0.072])
    matrix = 2 * np.tile(grey, (3, 1)) - np.eye(3)
    return np.clip(matrix @ inverted, 0, 255)
