"""Every picture that an example can have, drawn by a real browser: no texts cover each other."""

from collections.abc import Iterator

import pytest

import dlhand
from dlhand.errors import DlhandError
from dlhand.pictures import convolution, product
from dlhand.pictures.graph import graph
from dlhand.pictures.heatmap import heatmap
from dlhand.pictures.operation import operation
from dlhand.pictures.unrolled import unrolled
from dlhand.render.picture import Picture
from tests.pictures.gallery import GALLERY

pytestmark = pytest.mark.browser

# The texts that cover each other or reach out of the panel, by the boxes that they are drawn in.
CROWDED = """(svg) => {
  document.body.innerHTML = svg;
  const panel = document.querySelector("svg > rect").getBoundingClientRect();
  const boxes = [...document.querySelectorAll("text")].map((node) => {
    const { left, right, top, bottom } = node.getBoundingClientRect();
    const room = (bottom - top) * 0.15; // a line of text is lower than its box
    return { words: node.textContent, left, right, top: top + room, bottom: bottom - room };
  });
  const outside = boxes.filter((box) => box.left < panel.left || box.right > panel.right
    || box.top < panel.top || box.bottom > panel.bottom).map((box) => [box.words]);
  const covered = boxes.flatMap((a, k) => boxes.slice(k + 1)
    .filter((b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
    .map((b) => [a.words, b.words]));
  return [...outside, ...covered];
}"""
OPERATIONS = (*product.KINDS, *convolution.KINDS)


def pictures(name: str) -> Iterator[tuple[str, Picture]]:
    """All pictures that follow from an example alone."""
    d = dlhand.load(name)
    for draw in (graph, unrolled):
        try:
            yield draw.__name__, draw(d)
        except DlhandError:  # no steps, no time
            continue
    for step in d.steps:
        operations = {form.op.name for form in _parts(step.formula.form)}
        try:
            if operations & {"softmax", "masked_softmax"}:
                yield f"heat map of {step.name}", heatmap(d, step.name)
            if operations & {*OPERATIONS}:
                yield f"operation of {step.name}", operation(d, step.name, 0, 0)
        except DlhandError:  # too large to draw, or without names
            continue


def _parts(form) -> Iterator:
    yield form
    for arg in form.args:
        yield from _parts(arg)


def test_no_texts_cover_each_other_in_any_picture_of_any_example(browser) -> None:
    page = browser.new_page(viewport={"width": 3000, "height": 2000})
    text = '<text x="10" y="{}" font-size="12">{}</text>'
    panel = '<svg width="99" height="99"><rect width="90" height="90"/>'
    crowd = panel + text.format(20, "a") + text.format(24, "b") + text.format(99, "c") + "</svg>"
    assert page.evaluate(CROWDED, crowd) == [["c"], ["a", "b"]]
    drawn = [(f"{name}: {kind}", p) for name in dlhand.names() for kind, p in pictures(name)]
    drawn += [(name, draw()) for name, draw in GALLERY.items()]
    assert len(drawn) > 250
    crowded = {name: page.evaluate(CROWDED, picture.svg) for name, picture in drawn}
    page.close()
    assert {name: found for name, found in crowded.items() if found} == {}
