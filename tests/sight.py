"""How colours look to eyes that see fewer of them, and how far apart they are then."""

import re
from collections.abc import Sequence

import numpy as np

Colour = np.ndarray
"""Red, green and blue of sRGB, from 0 to 1."""

# Machado, Oliveira and Fernandes, A physiologically-based model for simulation of color vision
# deficiency (2009), severity 1.0; they act on linear light.
SIGHTS = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
    "grey": np.tile([0.2126, 0.7152, 0.0722], (3, 1)),
}
_XYZ = np.array(  # of linear sRGB, by the white of D65
    [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
)


def read(text: str) -> Colour:
    """The colour that is written "#rrggbb"."""
    return np.array([int(text[k : k + 2], 16) / 255 for k in (1, 3, 5)])


def filtered(colour: Colour, css: str) -> Colour:
    """What CSS filters make of a colour: of invert() and hue-rotate(), as their standard has it."""
    for name, amount in re.findall(r"([\w-]+)\(([\d.]+)(?:deg)?\)", css):
        if name == "invert":
            colour = float(amount) + (1 - 2 * float(amount)) * colour
        elif name == "hue-rotate":
            grey = np.array([0.213, 0.715, 0.072])
            side = np.array(
                [[-0.213, -0.715, 0.928], [0.143, 0.140, -0.283], [-0.787, 0.715, 0.072]]
            )
            turn = np.radians(float(amount))
            turned = grey + np.cos(turn) * (np.eye(3) - grey) + np.sin(turn) * side
            colour = np.clip(turned @ colour, 0, 1)
        else:
            raise ValueError(name)
    return colour


def seen(colour: Colour, sight: str) -> Colour:
    """A colour by a sight, as CIELAB."""
    light = np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)
    xyz = _XYZ @ np.clip(SIGHTS[sight] @ light, 0, 1) / _XYZ.sum(axis=1)
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz * (29 / 6) ** 2 / 3 + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def apart(one: Sequence[float], other: Sequence[float]) -> float:
    """CIEDE2000: how different two colours of CIELAB look."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    middle = ((np.hypot(a1, b1) + np.hypot(a2, b2)) / 2) ** 7
    more = 1.5 - 0.5 * np.sqrt(middle / (middle + 25.0**7))
    c1, c2 = np.hypot(more * a1, b1), np.hypot(more * a2, b2)
    h1, h2 = (np.degrees(np.arctan2(b, more * a)) % 360 for a, b in ((a1, b1), (a2, b2)))
    turn = 0.0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180
    hue = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2))
    light, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    mean = h1 + h2 if c1 * c2 == 0 else (h1 + turn / 2) % 360
    t = sum(
        k * np.cos(np.radians(n * mean - shift))
        for k, n, shift in ((1, 0, 0), (-0.17, 1, 30), (0.24, 2, 0), (0.32, 3, -6), (-0.2, 4, 63))
    )
    off = (light - 50) ** 2
    parts = (
        (l2 - l1) / (1 + 0.015 * off / np.sqrt(20 + off)),
        (c2 - c1) / (1 + 0.045 * chroma),
        hue / (1 + 0.015 * chroma * t),
    )
    blue = np.radians(60 * np.exp(-(((mean - 275) / 25) ** 2)))
    rotation = -2 * np.sqrt(chroma**7 / (chroma**7 + 25.0**7)) * np.sin(blue)
    return float(np.sqrt(sum(x**2 for x in parts) + rotation * parts[1] * parts[2]))
