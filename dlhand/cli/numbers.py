"""Which numbers a derivation has, and how they are shown: what several commands ask for."""

from __future__ import annotations

import argparse
from typing import Any

from dlhand.numbers.digits import MOST_DIGITS


def add_numbers(command: argparse.ArgumentParser) -> None:
    """What says which numbers a derivation has, and how they are shown."""
    command.add_argument("--digits", type=_positive, metavar="N", help="significant digits shown")
    command.add_argument("--places", type=natural, metavar="N", help="decimal places shown")
    command.add_argument(
        "--set", action="append", default=[], type=_assignment, metavar="GIVEN=VALUE",
        help="another value for a given, such as w1=0.2; may be repeated",
    )  # fmt: skip


def with_values(d: Any, options: argparse.Namespace) -> Any:
    """A derivation with the values of ``--set``."""
    if not options.set:
        return d
    return d.with_values({name: _value(name, text) for name, text in options.set})


def _value(name: str, text: str) -> object:
    """A number, vector or matrix as typed, in nested lists."""
    from dlhand.errors import AnswerError, GivenError
    from dlhand.numbers.typed import parse_answer

    try:
        return parse_answer(text).value
    except AnswerError as error:
        raise GivenError(f"{name} is {text!r}: {error}") from None


def _assignment(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    if not name or not value or "=" in value or "≈" in value:
        raise argparse.ArgumentTypeError(f"{text!r} is no GIVEN=VALUE, such as w1=0.2")
    return name, value


def _positive(text: str) -> int:
    number = natural(text)
    if number == 0:
        raise argparse.ArgumentTypeError("'0' is no number of digits; wanted 1 or more")
    return number


def natural(text: str) -> int:
    """A whole number from 0 on, as argparse takes it."""
    if not text.isdecimal() or len(text) > 9 or int(text) > MOST_DIGITS:
        raise argparse.ArgumentTypeError(f"{text!r:.40} is no whole number from 0 to {MOST_DIGITS}")
    return int(text)
