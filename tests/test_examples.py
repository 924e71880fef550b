"""What holds for every example, so that a new one is tested by being added."""

import ast
import inspect
from fractions import Fraction
from pathlib import Path

import pytest

import dlhand
from dlhand.derivation.entries import Gradient
from dlhand.examples import catalogue
from dlhand.verify import VERDICTS

MOST_LINES = 25
NAMES = dlhand.names()


@pytest.fixture(scope="module")
def derivations():
    return {name: dlhand.load(name) for name in NAMES}


@pytest.mark.parametrize("path", sorted(Path(inspect.getfile(dlhand)).parent.glob("examples/*.py")))
def test_an_example_reads_like_the_page_it_comes_from(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef) and any(
            "example" in ast.dump(d) for d in node.decorator_list
        ):
            lines = node.end_lineno - node.lineno + 1
            assert lines <= MOST_LINES, f"{node.name} has {lines} lines"


@pytest.mark.parametrize("name", NAMES)
def test_it_says_what_it_is(name, derivations):
    d, example = derivations[name], catalogue()[name]
    assert d.name == name and d.title and d.about and example.title and example.chapter
    assert d.document == name[:3]
    for step in d.steps:
        assert step.say or isinstance(step, Gradient) or step.kind == "local", step.name


@pytest.mark.parametrize("name", NAMES)
def test_every_value_is_inside_a_narrow_enclosure(name, derivations):
    d = derivations[name]
    for entry in d.entries:
        for real in d.evaluation.reals(entry.index):
            low, high = real.enclosure()
            v, e = real.ball
            assert low <= high
            assert float(low) - 1e-9 * max(1, abs(v)) <= v + e
            assert v - e <= float(high) + 1e-9 * max(1, abs(v))


@pytest.mark.parametrize("name", NAMES)
def test_gradients_are_slopes(name, derivations):
    """Each gradient with respect to a given, against differences in exact arithmetic.

    At a kink, where the slopes to the left and right differ, it lies between them.
    """
    d = derivations[name]
    h = Fraction(1, 10**12)
    for step in d.steps:
        if not isinstance(step, Gradient) or step.name.count("/d") != 1:
            continue
        loss, _, wrt = step.name[1:].partition("/d")
        if wrt not in d or d[wrt].formula is not None or loss not in d:
            continue
        base = d.given_value(wrt)
        flat = _flat(base)
        for k, slope in enumerate(d.evaluation.reals(step.index)):
            below, here, above = (
                d.with_values({wrt: _put(base, k, flat[k] + shift)})
                .value(loss)
                .enclosure(Fraction(1, 10**40))[0]
                for shift in (-h, 0, h)
            )
            sides = sorted([float((above - here) / h), float((here - below) / h)])
            slack = 1e-9 * max(1, abs(float(slope)))
            assert sides[0] - slack <= float(slope) <= sides[1] + slack, step


@pytest.mark.parametrize("name", NAMES)
def test_every_printed_number_gets_a_verdict(name, derivations):
    d = derivations[name]
    found = d.verdicts()
    assert all(finding.verdict in VERDICTS for finding in found)
    assert {finding.step for finding in found} == {e.name for e in d.entries if d.prints(e)}


def _flat(nested):
    return [x for item in nested for x in _flat(item)] if isinstance(nested, list) else [nested]


def _put(nested, k, value):
    flat = _flat(nested)
    flat[k] = value
    return _like(nested, iter(flat))


def _like(nested, entries):
    return [_like(n, entries) for n in nested] if isinstance(nested, list) else next(entries)
