"""What if: one result follows the controls at once, and so do curve, comparison and code."""

import json
import operator
import re
from fractions import Fraction
from html import escape
from xml.etree import ElementTree

import pytest
import traitlets

from dlhand import Derivation, FormulaError, UnknownName, load, log, sigmoid
from dlhand.pictures.beside import lit_throughout
from dlhand.render.comparison import Comparison
from dlhand.widgets.what_if import explore
from tests.widgets.one_step import error_after_a_step


def neuron() -> Derivation:
    d = Derivation("One neuron")
    x, w, b = d.givens(x="0.1", w="-37", b="1/3")
    d.step("a", sigmoid(d.step("z", w * x + b)))
    return d


def chapter_05():
    layers = [["x1", "x2"], ["h1'", "h2'"], ["o1'", "o2'"]]
    return load("002-net222-again").explore(
        "alpha",
        "b2",
        watch="E'",
        ranges={"alpha": (0, 20)},
        picture=lambda d: d.network(layers),
    )


def page_sends(what_if, **message) -> None:
    """Send a message as the page does."""
    what_if._handle_custom_msg({"id": 1, **message}, [])


def sent_state(sent) -> list[list[str]]:
    return [sorted(data["state"]) for data in sent if data.get("method") == "update"]


# ---- What has a control, what is watched


def test_only_the_givens_that_are_named_get_controls() -> None:
    assert list(explore(neuron(), "b", "x").controls) == ["b", "x"]
    with pytest.raises(UnknownName, match="'z' is a step, not a given"):
        explore(neuron(), "z")
    with pytest.raises(UnknownName, match="no step is called 'w1'"):
        explore(neuron(), "w1")


def test_watched_is_what_the_author_says_else_the_loss_else_the_last_step() -> None:
    assert explore(neuron()).watch == "a"
    assert explore(neuron(), watch="z").watch == "z"
    assert explore(load("002-net222")).watch == "E"
    assert chapter_05().watch == "E'"
    with pytest.raises(UnknownName, match="watch is 'x', a given"):
        explore(neuron(), watch="x")
    with pytest.raises(UnknownName, match="no step is called 'y'"):
        explore(neuron(), watch="y")
    nothing = Derivation("Nothing")
    nothing.givens(x=1)
    with pytest.raises(FormulaError, match="no step"):
        explore(nothing)


def test_the_learner_chooses_what_is_watched() -> None:
    what_if = explore(neuron())
    what_if.set_state({"watch": "z"})
    assert what_if.result["aloud"] == "z ≈ −3.3667"
    for name in ("x", "nothing"):
        what_if.set_state({"watch": "z"})
        with pytest.raises(traitlets.TraitError):
            what_if.watch = name


# ---- What follows


def test_the_result_says_by_how_much_it_has_changed() -> None:
    what_if = explore(neuron(), watch="z")
    assert what_if.result["was"] == ""
    what_if.set("x", "0.2")
    # z = −37 · 0.2 + 1/3 = −7.0667, before −3.3667
    assert what_if.result["was"] == "declared ≈ −3.3667; now 3.7 less"
    what_if.keep()
    what_if.set("x", "0")
    assert what_if.result["was"] == "kept ≈ −7.0667; now 7.4 more"


def test_a_move_brings_the_numbers_then_the_picture_and_nothing_else(wire) -> None:
    what_if = chapter_05()
    sent = wire(what_if)
    page_sends(what_if, type="slide", name="alpha", notch=31)
    assert sent_state(sent) == [["curve", "givens", "result"], ["drawn"]]
    assert sent[-1]["content"] == {"type": "done", "id": 1}
    del sent[:]
    page_sends(what_if, type="type", name="b2", text="0.36")
    assert sent_state(sent) == [["along"], ["curve", "givens", "result"], ["drawn"]]


def written(svg: str) -> list[str]:
    """What is written in a drawing, as a reader of XML finds it."""
    return [text for text in ElementTree.fromstring(svg).itertext() if text.strip()]


@pytest.mark.parametrize(
    ("name", "given", "value"),
    [("002-net222", "w1", "0.9"), ("002-lstm", "b_f", "0.16"), ("003-attention", "s", [2, 1, 0])],
)
def test_of_a_picture_the_texts_are_sent_and_the_rest_where_it_changes(
    wire, name, given, value
) -> None:
    d = load(name)
    what_if = explore(d, picture="graph")
    whole = "".join(map(operator.add, what_if.sheet, [*map(escape, what_if.drawn["texts"]), ""]))
    drawn = lit_throughout(d, d.graph()).undescribed
    assert ElementTree.canonicalize(whole) == ElementTree.canonicalize(drawn)
    sent = wire(what_if)
    what_if.set(given, str(value))
    changed = written(d.what_if(**{given: value}).graph().undescribed)
    assert what_if.drawn["texts"] == changed != written(drawn)
    if name == "002-lstm":  # all numbers of which take as much room as before
        assert sent_state(sent)[-1] == ["drawn"]
        assert len(json.dumps(what_if.drawn)) < len(drawn) / 8


def test_reset_puts_all_back() -> None:
    what_if = chapter_05()
    before = what_if.get_state(["givens", "result", "drawn", "curve"])
    what_if.set("alpha", "7")
    what_if.slide("alpha", 100)
    what_if.set("alpha", "nonsense")
    assert what_if.controls["alpha"].error
    page_sends(what_if, type="reset")
    assert what_if.get_state(["givens", "result", "drawn", "curve"]) == before


def test_what_leaves_a_step_without_value_is_told_beside_its_control() -> None:
    d = Derivation("A logarithm")
    x, b = d.givens(x=2, b=1)
    d.step("y", log(x) + b)
    what_if = explore(d)
    before = what_if.result
    what_if.set("x", "-1")
    states = dict(zip(what_if.controls, what_if.givens, strict=True))
    assert "step y has no value" in states["x"]["error"]
    assert states["x"]["error"].endswith("Still used: 2")
    assert states["b"]["error"] == ""
    assert what_if.result == before
    what_if.set("x", "1")
    assert what_if.controls["x"].error == ""
    assert what_if.derivation.value("y").exact == 1


def test_what_the_derivation_requires_is_told_beside_its_control() -> None:
    what_if = explore(load("002-yolo-iou"))
    before = what_if.result
    what_if.set("A", "5, 1, 1, 5")  # left and right swapped
    assert "[5, 1, 1, 5]; wanted x1 < x2 and y1 < y2" in what_if.controls["A"].error
    assert what_if.controls["A"].error.endswith("Still used: 1, 1, 5, 5")
    assert what_if.result == before


@pytest.mark.parametrize(
    "content",
    [
        None,
        [],
        {},
        {"type": 7, "id": 1},
        {"type": "delete", "id": 1},
        {"type": "slide", "name": "x", "notch": 3},  # no id
        {"type": "slide", "id": 1, "name": "nothing", "notch": 3},
        {"type": "slide", "id": 1, "name": "x", "notch": "3"},
        {"type": "slide", "id": 1, "name": "x", "notch": float("nan")},
        {"type": "type", "id": 1, "name": "x", "text": 3},
    ],
)
def test_messages_that_are_none_are_passed_by(content) -> None:
    what_if = explore(neuron())
    before = what_if.get_state()
    what_if._handle_custom_msg(content, [])
    assert what_if.get_state() == before


def test_markup_that_is_typed_stays_text() -> None:
    what_if = explore(neuron())
    page_sends(what_if, type="type", name="x", text="<img src=x onerror=alert(1)>")
    assert "HTML is not read" in what_if.givens[0]["error"]
    page_sends(what_if, type="type", name="x", text="9" * 100_000)
    assert "at most 5000 characters" in what_if.givens[0]["error"]
    assert len(what_if.givens[0]["text"]) == 5000


# ---- The curve


def test_the_curve_shows_where_a_larger_alpha_stops_helping() -> None:
    what_if = chapter_05()
    words = what_if.curve["words"]
    least = re.search(r"It is least, ([\d.]+), at α = ([\d.]+)", words)
    assert least is not None
    by_alpha = {a: error_after_a_step(a) for a in (8, 9.7, 9.8, 9.9, 12)}
    assert float(least[2]) == min(by_alpha, key=by_alpha.get) == 9.8
    assert by_alpha[8] > by_alpha[9.7] > by_alpha[9.8] < by_alpha[9.9] < by_alpha[12]
    assert f"{by_alpha[9.8]:.3g}" == least[1]


def test_the_point_moves_on_the_line_and_the_line_stays_until_another_given_moves() -> None:
    what_if = chapter_05()
    line = re.compile(r'<path d="(M[^"]+)" fill="none" stroke="#1f5fa8"')
    point = re.compile(r'<rect x="([\d.]+)" y="([\d.]+)"[^>]*rx="4"')
    first, there = line.findall(what_if.curve["svg"]), point.findall(what_if.curve["svg"])
    what_if.set("alpha", "7")
    assert line.findall(what_if.curve["svg"]) == first
    assert point.findall(what_if.curve["svg"]) != there
    what_if.set("b2", "0.5")
    assert what_if.along == "b2"
    assert what_if.curve["words"].startswith("Curve: E′ for b₂ from −1 to 1.")
    what_if.set("alpha", "7")
    assert line.findall(what_if.curve["svg"]) != first


def test_an_array_has_no_curve_and_a_curve_has_gaps_where_there_is_no_value() -> None:
    d = Derivation("A quotient")
    x, v = d.givens(x=1, v=[1, 2])
    d.step("s", v * 2)
    d.step("q", log(x))
    what_if = explore(d)
    assert what_if.along == "x"
    assert "At the left end q has no value" in what_if.curve["words"]
    assert "nan" not in what_if.curve["svg"]
    what_if.watch = "s"
    assert what_if.curve == {"svg": "", "words": ""}


# ---- As code


def run(code: str, d: Derivation | None = None):
    """What a learner gets who runs code, with a derivation as ``d``."""
    *before, last = code.split("\n\n")
    scope = {"d": d}
    exec("\n".join(before), scope)
    return eval(last, scope)


def test_the_code_gives_the_same_values_again() -> None:
    what_if = load("002-net222").explore()
    what_if.set("b2", "0.25")
    what_if.slide("w1", 37)
    code = what_if.code()
    assert code == 'import dlhand\n\ndlhand.load("002-net222").what_if(b2="0.25", w1="0.37")'
    assert run(code).evaluation.fixed == what_if.derivation.evaluation.fixed
    what_if.reset()
    assert what_if.code() == 'import dlhand\n\ndlhand.load("002-net222")'


def test_what_is_folded_costs_nothing_and_follows_while_it_is_open() -> None:
    what_if = explore(neuron())
    what_if.set("x", "0.5")
    assert (what_if.written, what_if.changed, what_if.compared) == ("", [], {})
    what_if.opened = ["code", "steps"]
    assert what_if.written == 'd.what_if(x="0.5")'
    assert len(what_if.changed) == 2
    what_if.set("x", "1/3")
    assert what_if.written == 'd.what_if(x="1/3")'
    with pytest.raises(traitlets.TraitError):
        what_if.opened = ["everything"]


# ---- Then and now


def texts(rows) -> list[list[str]]:
    plain = [[re.sub(r"<[^>]+>", "", part) for part in row] for row in rows]
    return [[re.sub(r"[\u2061-\u2064]", "", part) for part in row] for row in plain]


def test_the_steps_that_change_are_shown_with_formula_then_and_now() -> None:
    what_if = load("002-net222").explore("b2")
    what_if.opened = ["steps"]
    assert what_if.changed == []
    what_if.set("b2", "0.25")
    rows = texts(what_if.changed)
    # h1 and h2 come before b2 is used
    assert [row[0].split("=")[0] for row in rows[:2]] == ["zo1", "zo2"]
    formula, then, now = rows[0]
    assert formula == "zo1=w5·h1+w6·h2+b2"
    assert (then, now) == ("≈1.0198", "≈0.91977")  # the two differ by 0.1


def compared(one: Derivation, two: Derivation, **options) -> str:
    return Comparison(one, two, labels=("kept", "now"), **options).table()


def test_the_comparison_follows_the_givens_from_what_is_declared() -> None:
    what_if = explore(neuron(), digits=8)
    d = neuron()
    what_if.opened = ["compare"]
    assert what_if.compared["table"] == compared(d, d, digits=8)
    what_if.set("x", 0.5)
    assert what_if.compared["table"] == compared(d, d.what_if(x="0.5"), digits=8)


def test_another_setting_can_be_kept() -> None:
    what_if = explore(neuron())
    what_if.opened = ["compare"]
    assert what_if.compared["kept"] == "kept: the numbers as declared"
    what_if.set("x", "0.2")
    page_sends(what_if, type="keep")
    assert what_if.compared["kept"] == "kept: your setting of x"
    what_if.set("b", "0")
    d = neuron()
    assert what_if.compared["table"] == compared(d.what_if(x="0.2"), d.what_if(x="0.2", b=0))
    what_if.reset()
    page_sends(what_if, type="keep")
    assert what_if.compared["kept"] == "kept: the numbers as declared"
    assert what_if.kept.evaluation.fixed == d.evaluation.fixed


def test_widgets_of_ones_own_can_set_a_given() -> None:
    what_if = explore(neuron())
    what_if.set("x", 0.4)  # as an observer of another slider does
    assert what_if.derivation.value("z").exact == Fraction(-37 * 4, 10) + Fraction(1, 3)
    with pytest.raises(UnknownName, match="no control has 'x1'; did you mean 'x'"):
        what_if.set("x1", 1)


# ---- Without a kernel


def test_the_bundle_is_deterministic_and_readable_without_a_kernel() -> None:
    first, second = (explore(neuron(), "x", "w") for _ in range(2))
    data, _ = first._repr_mimebundle_()
    other, _ = second._repr_mimebundle_()
    assert data["text/plain"] == repr(first) == "WhatIf('One neuron': x, w)"
    html = data["text/html"]
    assert html == other["text/html"]
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == first.model_id
    for what in ("<svg", "<math", "<style", "<script"):  # none of which a sanitiser lets through
        assert what not in first.static_html()
    style, _, rest = html.partition("</style>")  # one beside it, for images in the dark, may go
    assert style.count("<style") == 1 and rest.startswith(first.static_html())
    assert "What if x = 0.1; w = −37? <strong>a ≈ 0.033354</strong>" in html
    assert 'alt="Curve: a for x from −1 to 1.' in html


def test_the_facade_gives_the_same() -> None:
    what_if = neuron().explore("x", digits=3)
    assert list(what_if.controls) == ["x"]
    assert what_if.result["aloud"] == "a ≈ 0.0334"
