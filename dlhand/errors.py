"""What goes wrong, and how it is said.

Bad *input* (a number that is none, an array of the wrong shape, an unknown name) raises one of
the classes below, each also a built-in kind, so that both ``except ShapeError`` and
``except ValueError`` work. Every message is one sentence that names the argument, says what came
and what was wanted. Wrong *use* of Python (a missing argument, a wrong type of object) raises
Python's own errors.
"""

from __future__ import annotations


class DlhandError(Exception):
    """The base of every error that dlhand raises about its input."""


class GivenError(DlhandError, ValueError):
    """A number that is none, or one that the calculation cannot mean: a rate of 2, half a layer."""


class ShapeError(DlhandError, ValueError):
    """Arrays whose shapes do not fit together, or a ragged or empty one."""


class FormulaError(DlhandError, ValueError):
    """A formula that cannot be written down: a bare array in it, or nested too deep."""


class UnknownName(DlhandError, LookupError):
    """A name that does not exist here; the message has the nearest ones."""


class DuplicateName(DlhandError, ValueError):
    """A name that is already taken in this derivation."""


class InvalidName(DlhandError, ValueError):
    """What cannot be the name of a given, a step or a gradient: "<b>", "x y"."""


class UndefinedValue(DlhandError, ArithmeticError):
    """A step without a value: division by zero, the logarithm of a number not above zero."""


class NoDependence(DlhandError, ValueError):
    """A gradient was asked for with respect to something on which the loss does not depend."""


class AnswerError(DlhandError, ValueError):
    """An answer that cannot be read as a number, vector or matrix."""


class QuizError(DlhandError, ValueError):
    """A file of questions that cannot be read; the message begins with file and line."""


class DrawError(DlhandError, ValueError):
    """No fresh numbers were found that keep all that practice promises of them."""


class TableError(DlhandError, ValueError):
    """A table, such as a roster, that cannot be read; the message has file, line and column."""


class MissingFramework(DlhandError, ImportError):
    """Keras or PyTorch, which one chapter needs, is not installed or set up otherwise."""


class MissingPackage(DlhandError, ImportError):
    """A package of an extra, such as JupyterLab, is not installed."""


class Unreadable(DlhandError, OSError):
    """A file that is not there, or that cannot be read, or that is no text."""


class Unwritten(DlhandError, OSError):
    """A file or folder that cannot be written; what was there before is as it was."""


class Disagreement(DlhandError, ArithmeticError):
    """A framework computes other digits than the derivation by hand."""


def nearest(name: str, known: list[str], most: int = 3) -> str:
    """The end of a message: "; did you mean ...?" with the nearest of ``known``, or nothing.

    >>> nearest("w9", ["w8", "b"])
    "; did you mean 'w8'?"
    """
    from difflib import get_close_matches

    close = get_close_matches(name, known, n=most, cutoff=0.4)
    return f"; did you mean {' or '.join(map(repr, close))}?" if close else ""
