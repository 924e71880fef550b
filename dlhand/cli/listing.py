"""``dlhand list``: the worked examples, and the map of the course."""

from __future__ import annotations

import argparse
from itertools import groupby
from typing import Any


def add(commands: Any) -> None:
    """Add the command to the parsers of ``dlhand``."""
    listing = commands.add_parser("list", help="list the worked examples")
    listing.add_argument(
        "--by", choices=("chapter", "document", "topic"), default="chapter", help="how to group"
    )
    listing.add_argument(
        "--map", action="store_true", help="by the sections of the documents, with questions"
    )
    listing.set_defaults(run=_list)


def _list(options: argparse.Namespace) -> None:
    from dlhand.examples import catalogue

    if options.map:
        from dlhand.course.map import course_map

        print(course_map())
        return

    def group(example: object) -> str:
        return str(getattr(example, options.by))

    found = sorted(catalogue().values(), key=lambda example: (group(example), example.name))
    width = max(len(example.name) for example in found)
    for title, examples in groupby(found, key=group):
        print(title)
        for example in examples:
            print(f"  {example.name:<{width}}  {example.title}")
