"""Mathematics shows no code: what is written for every step of every example, in three formats."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import nbformat
import pytest

import dlhand
from dlhand import Derivation, concatenate, pad, relu, reshape, stack, total
from dlhand.derivation.entries import Entry
from dlhand.operations.quantity import SLOT, Form
from dlhand.operations.table import TABLE
from dlhand.render import names
from dlhand.render.parts import explained, line, say
from dlhand.render.writers import TEXT
from tools.chapters import NOTEBOOKS

NAMES = dlhand.names()

CODE = re.compile(
    r"\[[^\[\]]*:|:\]|\baxis\b|keepdims|\.T\b|\*|==|!=|<=|>=|->|@|\bnp\.|\w\[[^a-z]|\)\["
    r"|\b(stack|concat|concatenate|reshape|place|at|index|fill|transpose)\(|_[a-z]+\("
)
"""What Python and NumPy have and a textbook has not: slices, keywords, methods, double signs."""
FUNCTIONS = {
    "ln", "sin", "cos", "tanh", "max", "min", "exp", "sum", "mean", "var", "sign",
    "softmax", "softplus", "ReLU", "LReLU", "LReLU′", "ELU", "GELU", "SiLU", "σ", "Φ", "φ",
    "maxpool", "avgpool", "route", "share", "pick",
}  # fmt: skip
"""The functions that are called by a word, as textbooks and papers call them; the last three, of
pooling's way back, are said in words at each of their steps."""
WORD = re.compile(r"([^\W\d_]+′?)(?:_[\d.]+|\[[a-z ]+\])?\(")


def mathematics(d: Derivation, target: str) -> Iterator[tuple[Entry, str]]:
    """The formula and the numbers put in of each step, as plain characters."""
    for step in d.steps:
        found = line(d, step, target)
        for spelled in (found.formula, found.numbers):
            yield step, unescape(re.sub(r"<[^>]*>|\\left|\\right", "", spelled))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("target", ["text", "latex", "mathml"])
def test_no_formula_reads_like_code(name: str, target: str) -> None:
    for step, spelled in mathematics(dlhand.load(name), target):
        assert not CODE.search(spelled), (step.name, spelled)


def test_what_is_code_is_seen() -> None:
    before = (
        "stack(stack(a, b), c)", "A[1:4, 0:3]", "at[0:2, 1:3](X)", "softmax[axis 1](S)", "W.T x",
        "concat(x, s[:-1])", "x[2] / q", "(∂L/∂Y)[0][1]", "a ** 2", "K[::-1, ::-1]", "reshape(b)",
        r"{A}_{\left[0:2\right]}", "leaky_relu(z)",
    )  # fmt: skip
    after = ("[[a, b], [c, d]]", "A_(2..4, 1..3)", "[z > 0] ⊙ g", "softmax[each row](S)", "y = x₃")
    assert [text for text in before if not CODE.search(text)] == []
    assert [text for text in after if CODE.search(text)] == []


@pytest.mark.parametrize("name", NAMES)
def test_functions_are_called_as_textbooks_call_them(name: str) -> None:
    d = dlhand.load(name)
    own = {entry.name for entry in d.entries}
    for step, spelled in mathematics(d, "text"):
        called = set(WORD.findall(spelled)) - {names.text(one) for one in own}
        assert called <= FUNCTIONS, (step.name, spelled)


@pytest.mark.parametrize("name", NAMES)
def test_no_picture_reads_like_code(name: str) -> None:
    """What is raised is set high, or written with raised characters."""
    texts = re.findall("<text[^>]*>(.*?)</text>", dlhand.load(name).graph().svg)
    for text in texts:
        spelled = unescape(re.sub("<[^>]*>", "", text))
        assert not re.search(r"\^|\*|floor\(|[A-Za-z]\[[^a-z]", spelled), spelled


def picked(form: Form) -> Iterator[Form]:
    """The parts of a formula that take entries of an array that has a name."""
    if form.op.picks and form.args[0].op is SLOT:
        yield form
    for arg in form.args:
        yield from picked(arg)


@pytest.mark.parametrize("name", NAMES)
def test_no_entry_looks_like_another_quantity(name: str) -> None:
    """The second entry of b is b₂: then nothing else in the example may be called b2."""
    d = dlhand.load(name)
    taken = {names.text(entry.name): entry for entry in d.entries}
    for step in d.steps:
        assert step.rule is not None
        for form in picked(step.rule):
            for leaf in step.uses:
                if leaf.form is form.args[0]:
                    spelled = TEXT.name(leaf.name, 0, form.params.written.pieces)
                    other = taken.get(spelled)
                    assert other is None or d.value(other) == _entry(d.value(leaf), form), spelled


def _entry(value: list[object], form: Form) -> object:
    flat = value
    while flat and isinstance(flat[0], list):
        flat = [entry for row in flat for entry in row]  # type: ignore[union-attr]
    found = [flat[k] for k in form.params.positions]
    return found[0] if form.shape == () else found


def test_places_are_counted_from_one_as_a_reader_counts_them() -> None:
    """Rows 2 to 4 and columns 1 to 3 of a matrix that has in each place its own two numbers."""
    d = Derivation("Places")
    A = d.given("A", [[10 * i + j for j in range(1, 6)] for i in range(1, 6)])
    for formula, first, last in ((A[1:4, 0:3], 21, 43), (A[2, 1:], 32, 35), (A[::-1, 4], 55, 15)):
        step = d.step(f"y{first}", formula)
        entries = [
            entry for row in d.value(step) for entry in (row if row.__class__ is list else [row])
        ]
        assert (float(entries[0]), float(entries[-1])) == (first, last)
        low = TEXT.name("A", 0, step.rule.params.written.pieces).partition("_")[2]
        ends = [axis.split("..") for axis in low.strip("()").split(", ")]
        assert int("".join(axis[0] for axis in ends)) == first
        assert int("".join(axis[-1] for axis in ends)) == last


def test_a_picked_entry_is_put_in_as_its_number() -> None:
    d = Derivation("A box")
    b, g = d.givens(b=[3, 5], g=2)
    assert d.text(d.step("x", b[1] * g).name) == "x = b₂ · g = 5 · 2 = 10"


def test_new_notation_is_explained_where_it_is_first_used() -> None:
    d = Derivation("First use")
    x, A = d.givens(x=[1, -2, 3], A=[[1, 2], [3, 4]])
    steps = {
        "a": x[1:], "b": x[:2], "c": pad(A, 1), "f": concatenate(A, A), "h": stack(x, x),
        "k": reshape(x, (3, 1)), "m": x * 2,
    }  # fmt: skip
    for name, formula in steps.items():
        d.step(name, formula, say="this")
    told = {name: explained(d, d[name]) for name in steps}
    assert told == {
        "a": "2..3 means 2 to 3, counted from 1",
        "b": "",
        "c": "at: put into rows 2 to 3 and columns 2 to 3, with zeros everywhere else",
        "f": "in brackets: one below the other",
        "h": "in brackets: each is a row",
        "k": "as: the same numbers in another shape, row after row",
        "m": "",
    }
    assert say(d, d["a"]) == "this (2..3 means 2 to 3, counted from 1)"
    page = d.text()
    for words in filter(None, told.values()):
        assert " ".join(page.split()).count(words) == 1
        assert words.split(",")[0] in d.latex() and words in d.html()


def test_an_indicator_is_explained_once_in_a_backward_pass() -> None:
    d = Derivation("Two units")
    z, v = d.givens(z=[1, -1], v=[2, -2])
    loss = d.step("E", total(relu(z) * relu(v)))
    d.backward(loss, [z, v])
    told = [explained(d, step) for step in d.steps]
    assert told.count("a comparison in brackets is 1 where it holds, else 0") == 1
    assert len([one for one in told if one]) == 1


def test_every_notation_that_no_textbook_explains_has_words() -> None:
    """The rows of the table whose notation is our own say what it means."""
    ours = ("heaviside", "greater", "at_least", "is_largest", "place", "reshape", "concatenate")
    d = Derivation("Words")
    A, b = d.givens(A=[[1, 2], [3, 4]], b=[[1, 2], [3, 4]])
    made = {
        "heaviside": dlhand.heaviside(A), "greater": dlhand.greater(A, b),
        "at_least": dlhand.at_least(A, b), "is_largest": dlhand.is_largest(A), "place": pad(A, 1),
        "reshape": reshape(A, (4,)), "concatenate": concatenate(A, b),
    }  # fmt: skip
    for name in ours:
        assert TABLE[name].means(made[name].form)


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_no_stored_output_has_the_notation_of_a_program(path: Path) -> None:
    """Chapter 19 is built in an environment of its own, and is easily forgotten."""
    notebook = nbformat.read(path, as_version=4)
    outputs = [out for cell in notebook.cells for out in cell.get("outputs", ())]
    for shown in (out.get("data", {}).get("text/latex", "") for out in outputs):
        assert not re.search(r"\\text\{axis|operatorname\{(stack|concat|reshape|at)\}", shown)
