"""What holds for every example, so that a new one is tested by being added."""

import ast
import inspect
from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest

import dlhand
from dlhand.derivation.entries import Given, Gradient, Local
from dlhand.examples import catalogue, errata
from dlhand.operations.table import size
from dlhand.verdicts.findings import VERDICTS

MOST_LINES = 25
NAMES = dlhand.names()
FILES = sorted(Path(inspect.getfile(dlhand)).parent.glob("examples/*.py"))


@pytest.fixture(scope="module")
def derivations():
    return {name: dlhand.load(name) for name in NAMES}


def _declared(path):
    """The functions of a file that declare an example, or a wrong formula of one."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef) and any(
            isinstance(d, ast.Call) and ast.unparse(d.func) in ("example", "erratum")
            for d in node.decorator_list
        ):
            yield node


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_example_reads_like_the_page_it_comes_from(path):
    for node in _declared(path):
        lines = node.end_lineno - node.lineno + 1
        assert lines <= MOST_LINES, f"{node.name} has {lines} lines"


def test_no_example_is_overlooked():
    declared = [node for path in FILES for node in _declared(path)]
    assert len(declared) == len(NAMES) + len(errata())
    assert catalogue().keys() == {*NAMES} and len(NAMES) >= 193


@pytest.mark.parametrize("name", NAMES)
def test_it_says_what_it_is(name, derivations):
    d, example = derivations[name], catalogue()[name]
    assert d.name == name and d.title and d.about and example.title and example.chapter
    assert d.document == name[:3]
    for step in d.steps:
        assert step.say or isinstance(step, Gradient) or step.kind == "local", step.name


@pytest.mark.parametrize("name", NAMES)
def test_every_value_is_inside_a_narrow_enclosure(name, derivations):
    """The ball of floats and the two fractions both contain the value, and are narrow."""
    d = derivations[name]
    for entry in d.entries:
        reals = d.evaluation.reals(entry.index)
        assert len(reals) == size(entry.shape)
        for real in reals:
            low, high = real.enclosure()
            v, e = map(Fraction, real.ball)  # no float that is infinite becomes a fraction
            assert 0 <= high - low <= Fraction(1, 10**30)
            assert 0 <= e <= 1e-9 * max(1, abs(v))
            assert v - e <= high and low <= v + e, entry


# Far below what is compared, so that a small slope is compared as well as a large one.
H, WIDTH = Fraction(1, 10**15), Fraction(1, 10**40)


def _slopes(at, loss, base, k):
    """The slopes of a loss to the left and right of entry ``k`` of a quantity, lower one first.

    ``at`` gives the derivation with other numbers for the quantity, whose own are ``base``.
    """
    below, here, above = (
        at(_put(base, k, _flat(base)[k] + shift)).value(loss).enclosure(WIDTH)[0]
        for shift in (-H, 0, H)
    )
    return sorted([float((above - here) / H), float((here - below) / H)])


def _is_slope(slope, sides):
    """At a kink, where the slopes to the left and right differ, it lies between them."""
    slack = 1e-9 * abs(slope) + 1e-12
    return sides[0] - slack <= slope <= sides[1] + slack


def _some(count, most):
    """At most so many entries: the first, the last and others evenly between."""
    return sorted({k * (count - 1) // max(most - 1, 1) for k in range(min(count, most))})


def _gradients(d):
    return [step for step in d.steps if isinstance(step, Gradient)]


@pytest.mark.parametrize("name", NAMES)
def test_gradients_are_slopes(name, derivations):
    """Each gradient, whatever it is called, against differences in exact arithmetic.

    A given is changed; in the place of a step other numbers are carried on.
    """
    d = derivations[name]
    for step in _gradients(d):
        wrt = step.wrt.name
        assert step.shape == step.wrt.shape
        if isinstance(step.wrt, Given):
            base, at = d.given_value(wrt), lambda value, wrt=wrt: d.with_values({wrt: value})
        else:
            base, at = _near(d.value(wrt)), lambda value, wrt=wrt: d.with_steps({wrt: value})
        reals = d.evaluation.reals(step.index)
        for k in _some(len(reals), 6):
            assert _is_slope(float(reals[k]), _slopes(at, step.loss.name, base, k)), (step, k)


@pytest.mark.parametrize("name", NAMES)
def test_local_derivatives_are_slopes(name, derivations):
    """How a step changes with one number in its formula while all others stay as they are."""
    d = derivations[name]
    for local in (step for step in d.steps if isinstance(step, Local)):
        step, _, wrt = (name.lstrip("d") for name in local.name.partition("/d"))
        operands = {leaf.name: _near(d.value(leaf)) for leaf in d[step].uses}
        at = lambda value, wrt=wrt, held=operands: d.with_steps({**held, wrt: value})  # noqa: E731
        assert local.shape == () and wrt in operands
        sides = _slopes(at, step, operands[wrt], 0)
        assert _is_slope(float(d.value(local)), sides), local


def test_every_kind_of_gradient_is_among_those_compared(derivations):
    steps = [step for d in derivations.values() for step in _gradients(d)]
    kinds = Counter(
        ("given" if isinstance(step.wrt, Given) else "step", "d" if "/d" in step.name else "δ")
        for step in steps
    )
    assert len(kinds) == 4 and kinds["given", "δ"] >= 10 and len(steps) >= 641
    local = [step for d in derivations.values() for step in d.steps if isinstance(step, Local)]
    assert len(local) >= 79


@pytest.mark.parametrize("name", NAMES)
def test_every_printed_number_gets_a_verdict(name, derivations):
    """Each number that is printed, entry by entry, is judged once, and in the order of steps.

    Those that are put in come behind what is printed for the entry itself.
    """
    d = derivations[name]
    printed = [
        (entry.name, text)
        for entry in d.entries
        for one in [*d.prints(entry), *(p.printed for p in d.puts_in if p.leaf is entry)]
        for text in _flat(one.text)
        if text is not None
    ]
    found = d.verdicts()
    assert [(finding.step, finding.printed) for finding in found] == printed
    assert {finding.verdict for finding in found} <= {*VERDICTS}


def test_many_examples_have_printed_numbers(derivations):
    assert sum(bool(d.verdicts()) for d in derivations.values()) >= 50


def _flat(nested):
    return [x for item in nested for x in _flat(item)] if isinstance(nested, list) else [nested]


def _near(value):
    """Fractions next to the numbers of a step; the numbers themselves where they are fractions."""
    if isinstance(value, list):
        return [_near(item) for item in value]
    return value.enclosure(WIDTH)[0]


def _put(nested, k, value):
    flat = _flat(nested)
    flat[k] = value
    return _like(nested, iter(flat))


def _like(nested, entries):
    return [_like(n, entries) for n in nested] if isinstance(nested, list) else next(entries)
