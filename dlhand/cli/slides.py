"""``dlhand slides``: a deck of slides."""

from __future__ import annotations

import argparse
from typing import Any

from dlhand.cli.numbers import add_numbers, with_values


def add(commands: Any) -> None:
    """Add the command to the parsers of ``dlhand``."""
    slides = commands.add_parser("slides", help="write a deck of slides, one HTML file")
    slides.add_argument(
        "name", metavar="NAME", help="an example, such as 002-net222, or a chapter, such as 11_rnn"
    )
    slides.add_argument("-o", "--output", metavar="FILE", help="the file; NAME.html if not said")
    slides.add_argument("--predict", action="store_true", help="pause for a guess at each result")
    slides.add_argument(
        "--steps", metavar="A..B", help="a part of it, by names or numbers, such as z_h1..E or 3..7"
    )
    slides.add_argument(
        "--picture", default="graph", metavar="PICTURE",
        help="beside the steps: graph (if not said), another by which a derivation is drawn, none",
    )  # fmt: skip
    add_numbers(slides)
    slides.set_defaults(run=_slides)


def _slides(options: argparse.Namespace) -> None:
    from dlhand.slides.choice import derivations
    from dlhand.slides.deck import Deck

    shown = [with_values(d, options) for d in derivations(options.name)]
    deck = Deck(
        shown,
        title=options.name if len(shown) > 1 else "",
        digits=options.digits,
        places=options.places,
        predict=options.predict,
        picture=options.picture,
        steps=options.steps,
    )
    print(deck.save(options.output or f"{options.name}.html"))
