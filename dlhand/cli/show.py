"""``dlhand show``: a derivation as text or LaTeX."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from dlhand.cli.numbers import add_numbers, natural, with_values
from dlhand.files import write
from dlhand.numbers.digits import Digits
from dlhand.terminal import width


def add(commands: Any) -> None:
    """Add the command to the parsers of ``dlhand``."""
    show = commands.add_parser("show", help="print a whole derivation")
    show.add_argument("name", metavar="NAME", help="the name of an example, such as 002-net222")
    show.add_argument("--latex", action="store_true", help="as LaTeX instead of plain text")
    show.add_argument(
        "--document", action="store_true", help="with --latex: a document that compiles as it is"
    )
    show.add_argument("--step", metavar="STEP", help="one step only, such as dE/dw5")
    show.add_argument("-o", "--output", metavar="FILE", help="write it to a file, in UTF-8")
    add_numbers(show)
    show.add_argument(
        "--by-hand", type=natural, metavar="N", help="round every step to N places as you go"
    )
    show.add_argument("--chop", action="store_true", help="with --by-hand: cut off, do not round")
    show.set_defaults(run=_show)


def _show(options: argparse.Namespace) -> None:
    from dlhand.examples import load
    from dlhand.render.text import page

    d = with_values(load(options.name), options)
    if options.by_hand is not None:
        d = d.by_hand(options.by_hand, chopped=options.chop)
    shown = {"digits": options.digits, "places": options.places}
    if options.latex:
        text = d.latex(options.step, document=options.document, **shown)
    elif options.step:
        text = d.text(options.step, **shown)
    else:
        columns = width(None if options.output else sys.stdout)
        text = page(d, digits=Digits.of(**shown), columns=columns)
    if options.output:
        print(write(options.output, f"{text}\n"))
    else:
        print(text)
