"""The questions of a chapter, for a notebook and as text.

Without a widget they are read with their choices, and the answers stand apart from them: folded
in HTML, below in text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any

from dlhand.course.text import wrapped
from dlhand.errors import FormulaError, QuizError
from dlhand.examples.quizzes import Choice, Question, questions
from dlhand.render.html import STYLE
from dlhand.render.phrases import as_html, as_text

if TYPE_CHECKING:
    from dlhand.widgets.quiz import QuizView

__all__ = ["Quiz", "quiz"]

SEVERAL = "choose all that are right"


def quiz(chapter: str) -> Quiz:
    """The questions of a chapter, named by its number, such as "09"; a notebook asks them.

    Raises `UnknownName` for a chapter that has none, and `QuizError`, with file and line, for
    questions that cannot be read.
    """
    return Quiz(chapter, questions(chapter))


class Quiz:
    r"""Questions that a notebook asks one by one, and that are read anywhere else.

    Attributes:
        chapter: the number of its chapter
        questions: each with its sources and its choices

    Raises `QuizError`, with file and line, for mathematics that cannot be read.

    >>> from dlhand.examples.quizzes import read
    >>> text = "? Is $2^2$ odd? [002:1]\n+ no -- it is 4\n- yes -- 4 is 2 times 2"
    >>> Quiz("00", read(text))
    1. Is 2² odd?
       a) no
       b) yes
    <BLANKLINE>
    Answers
    1. a) right: it is 4
       b) wrong: 4 is 2 times 2
       (document 002, line 1)
    """

    def __init__(self, chapter: str, questions: Iterator[Question] | Sequence[Question]) -> None:
        self.chapter = chapter
        self.questions = tuple(questions)
        self._html = [(each, _spelled(each, as_html)) for each in self.questions]

    # What is read

    def text(self) -> str:
        """All questions with their choices, and the answers below, apart."""
        asked, answered = [], []
        for number, question in enumerate(self.questions, 1):
            head, indent = f"{number}. ", " " * len(f"{number}. ")
            [words], *choices = _spelled(question, as_text)
            asked += wrapped(f"{words} ({SEVERAL})" if question.takes_several else words, head)
            for k, (choice, (text, reason)) in enumerate(
                zip(question.shuffled(), choices, strict=True)
            ):
                asked += wrapped(text, f"{indent}{_letter(k)} ")
                answered += wrapped(
                    f"{_verdict(choice)}: {reason}", f"{indent if k else head}{_letter(k)} "
                )
            asked.append("")
            answered.append(f"{indent}({_sources(question)})")
        return "\n".join([*asked, "Answers", *answered])

    def html(self) -> str:
        """All questions with their choices, and the answers folded, as HTML with no script."""
        asked, answered = [], []
        for question, ([words], *choices) in self._html:
            several = f" ({SEVERAL})" if question.takes_several else ""
            items = "".join(f"<li>{text}</li>" for text, _ in choices)
            asked.append(f'<li><p>{words}{several}</p><ol type="a">{items}</ol></li>')
            reasons = "".join(
                f"<li><strong>{_verdict(choice)}</strong>: {reason}</li>"
                for choice, (_, reason) in zip(question.shuffled(), choices, strict=True)
            )
            source = f'<p class="dl-note">({_sources(question)})</p>'
            answered.append(f'<li><ol type="a">{reasons}</ol>{source}</li>')
        return "\n".join(
            [
                '<div class="dlhand dl-quiz" role="region" aria-label="Questions">',
                f"<style>{STYLE}{QUIZ_STYLE}</style>",
                '<ol class="dl-questions">',
                *asked,
                "</ol>",
                "<details><summary>Answers</summary>",
                '<ol class="dl-questions">',
                *answered,
                "</ol>",
                "</details>",
                "</div>",
            ]
        )

    def __repr__(self) -> str:
        return self.text()

    # What is asked

    @cached_property
    def widget(self) -> QuizView:
        """The widget that asks the questions; it is one, wherever it is shown."""
        from dlhand.widgets.quiz import QuizView

        asked = [
            {
                "text": words,
                "several": question.takes_several,
                "source": _sources(question),
                "choices": [
                    {"text": text, "right": choice.is_right, "reason": reason}
                    for choice, (text, reason) in zip(question.shuffled(), choices, strict=True)
                ],
            }
            for question, ([words], *choices) in self._html
        ]
        return QuizView(asked)

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """The widget, and beside it the questions as static HTML and as text."""
        return self.widget.with_static(self.text(), self.html())


QUIZ_STYLE = """\
.dlhand .dl-questions{padding-inline-start:2.4em}
.dlhand .dl-questions>li{margin:.7em 0}
.dlhand .dl-questions ol{padding-inline-start:1.6em}
"""
"""How questions stand without the widget."""


def _spelled(question: Question, spell: Callable[[str], str]) -> list[list[str]]:
    """The question alone, and each choice with its reason, in one spelling."""
    texts = [(question.place, [question.text])]
    texts += [(choice.place, [choice.text, choice.reason]) for choice in question.shuffled()]
    found = []
    for place, those in texts:
        try:
            found.append([spell(text) for text in those])
        except FormulaError as error:
            raise QuizError(f"{place}: {error}") from None
    return found


def _letter(k: int) -> str:
    return f"{ascii_lowercase[k]})"


def _verdict(choice: Choice) -> str:
    return "right" if choice.is_right else "wrong"


def _sources(question: Question) -> str:
    return "; ".join(map(str, question.sources))
