"""A question bank as Moodle XML: numerical questions, in a category for each problem.

Moodle describes the format in its documentation ("Moodle XML format") and publishes no schema for
it. A wrong answer that a slip gives is an answer with no marks, and with feedback.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from dlhand.exercises.bank import questions

if TYPE_CHECKING:
    from fractions import Fraction

    from dlhand.exercises.bank import Question
    from dlhand.exercises.sheets import Sheet

__all__ = ["moodle"]


def moodle(sheet: Sheet) -> str:
    """The steps of a sheet as a file that Moodle imports.

    >>> from dlhand.exercises.sheets import Sheet
    >>> moodle(Sheet(("000-neuron",), 7)).count('<question type="numerical">')
    16
    """
    quiz = Element("quiz")
    for group, found in groupby(questions(sheet), key=lambda question: question.group):
        category = SubElement(quiz, "question", type="category")
        _text(category, "category", f"$course$/top/dlhand/{group.replace('/', '//')}")
        for question in found:
            _question(quiz, question)
    ElementTree.indent(quiz)
    body = ElementTree.tostring(quiz, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'


def _question(quiz: Element, one: Question) -> None:
    node = SubElement(quiz, "question", type="numerical")
    _text(node, "name", one.name)
    _text(node, "questiontext", one.html, format="html")
    _text(node, "generalfeedback", "", format="html")
    SubElement(node, "defaultgrade").text = "1"
    SubElement(node, "penalty").text = "0.3333333"
    SubElement(node, "hidden").text = "0"
    _answer(node, 100, one.low, one.high, "Right.")
    for wrong in one.wrong:
        _answer(node, 0, wrong.low, wrong.high, wrong.told)
    SubElement(node, "unitgradingtype").text = "0"
    SubElement(node, "unitpenalty").text = "0.1"
    SubElement(node, "showunits").text = "3"
    SubElement(node, "unitsleft").text = "0"


def _answer(node: Element, share: int, low: Fraction, high: Fraction, told: str) -> None:
    answer = SubElement(node, "answer", fraction=str(share), format="moodle_auto_format")
    SubElement(answer, "text").text = f"{float((low + high) / 2):.15g}"
    _text(answer, "feedback", told, format="html")
    SubElement(answer, "tolerance").text = f"{float((high - low) / 2):.6g}"


def _text(node: Element, name: str, text: str, **attributes: str) -> None:
    SubElement(SubElement(node, name, attributes), "text").text = text
