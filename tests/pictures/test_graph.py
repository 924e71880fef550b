"""The computational graph: its facts, its layout, its moments."""

from fractions import Fraction
from itertools import combinations, pairwise

import pytest

import dlhand
from dlhand import Derivation, FormulaError, UnknownName, exp
from dlhand.pictures import layout
from dlhand.pictures.canvas import BACKWARD, FORWARD, LOCAL, PAPER, SHADE
from dlhand.pictures.graph import graph
from dlhand.pictures.layout import BETWEEN, LANE, MOST_LANES, MOST_NODES, count_lanes, lay_out
from tests.pictures.sheet import boxes, lit, outside, overlaps, shown, texts, view, wires

NAMED = ("003-sigmoid-graph", "003-max-graph", "002-net222", "002-lstm")
FEW = 46  # entries of an example whose graph is looked at for overlaps


def small_examples() -> list[str]:
    return [name for name in dlhand.names() if len(dlhand.load(name).entries) <= FEW]


@pytest.mark.parametrize("name", sorted({*NAMED, *small_examples()}))
def test_no_labels_overlap(name: str) -> None:
    picture = graph(dlhand.load(name))
    assert overlaps(picture) == []
    assert outside(picture) == []


@pytest.mark.parametrize("name", NAMED)
def test_no_line_runs_through_a_value_a_gradient_or_a_box(name: str) -> None:
    picture = graph(dlhand.load(name))
    labels = [t for t in texts(picture) if t.colour != LOCAL]
    assert len(wires(picture)) >= 7
    for wire in wires(picture):
        for x, y in wire.points:
            for t in labels:
                inside = t.left < x < t.right and t.top + 1 < y < t.bottom - 1
                assert not inside, (wire.source, wire.step, t.words)


@pytest.mark.parametrize("name", NAMED)
def test_it_has_a_line_from_each_quantity_to_each_step_that_uses_it(name: str) -> None:
    d = dlhand.load(name)
    found = [(wire.source, wire.step) for wire in wires(graph(d))]
    assert len(found) == len(set(found))
    steps = [e for e in d.steps if shown(graph(d), e.name) and e.kind == "step"]
    wanted = {(leaf.name, e.name) for e in steps for leaf in e.formula.leaves}
    assert set(found) == wanted


@pytest.mark.parametrize("name", NAMED)
def test_givens_and_steps_are_told_apart(name: str) -> None:
    d = dlhand.load(name)
    picture = graph(d)
    fills = {e.name: boxes(picture, e.name)[0].fill for e in d.entries if shown(picture, e.name)
             and e.kind in ("given", "step")}  # fmt: skip
    givens = {fill for name, fill in fills.items() if d[name].kind == "given"}
    steps = {fill for name, fill in fills.items() if d[name].kind == "step"}
    assert (givens, steps) == ({PAPER}, {SHADE}) and PAPER != SHADE


@pytest.mark.parametrize("name", NAMED)
def test_lines_lead_from_left_to_right(name: str) -> None:
    assert len(wires(graph(dlhand.load(name)))) >= 7
    for wire in wires(graph(dlhand.load(name))):
        xs = [x for x, _ in wire.points]
        assert xs == sorted(xs)


@pytest.mark.parametrize("name", NAMED)
@pytest.mark.parametrize("digits", [3, 5, 9])
def test_the_numbers_are_those_that_the_derivation_shows(name: str, digits: int) -> None:
    d = dlhand.load(name)
    picture = graph(d, digits=digits)
    labels = [t for t in texts(picture) if t.colour in (FORWARD, BACKWARD, LOCAL) and t.step]
    numbers = [t for t in labels if t.step in d and d[t.step].shape == ()]
    ones = [t for t in numbers if t.words == "1" and d.text(t.step)[-1] != "1"]
    assert all(t.colour == BACKWARD for t in ones)  # they come with the first gradient
    numbers = [t for t in numbers if t not in ones]
    assert len(numbers) > 10
    for t in numbers:
        text = t.words.removeprefix("×").replace("−", "-")
        value = d.value(t.step)
        if value.exact is None:
            assert text == value.digits(digits)
        elif "/" not in text and "10" not in text:
            places = len(text.partition(".")[2])
            assert abs(Fraction(text) - value.exact) <= Fraction(1, 2 * 10**places)
        assert t.words.removeprefix("×") in d.text(t.step, digits=digits)


def chain(length: int, *, shared: bool) -> Derivation:
    """A chain of so many units, with a weight for all of them or for each."""
    d = Derivation("A chain")
    a = d.given("x", "0.5")
    weights = [d.given(f"w{k}", 1) for k in range(1 if shared else length)]
    for k in range(length):
        a = d.step(f"a{k}", a * weights[0 if shared else k])
    d.backward(a, weights)
    return d


def test_lanes_are_counted_as_they_are_laid_out(monkeypatch: pytest.MonkeyPatch) -> None:
    laid_out = []

    def kept(heights: tuple[float, ...], edges: tuple[tuple[int, int], ...]) -> layout.Layout:
        laid_out.append((edges, lay_out(heights, edges)))
        return laid_out[-1][1]

    monkeypatch.setattr("dlhand.pictures.graph.lay_out", kept)
    for d in (*map(dlhand.load, NAMED), chain(9, shared=True)):
        graph(d)
    counts = [count_lanes(len(found.columns), edges) for edges, found in laid_out]
    assert counts == [sum(map(len, found.lanes.values())) for _, found in laid_out]
    assert counts[0] == 0 and counts[-1] == sum(range(9))


def test_a_graph_of_the_greatest_size_is_drawn() -> None:
    length = (MOST_NODES - 1) // 2
    picture = graph(chain(length, shared=False))
    assert len(boxes(picture)) == 2 * length + 1


@pytest.mark.parametrize(
    ("length", "shared", "came"),
    [
        (MOST_NODES // 2, False, f"{MOST_NODES + 1} boxes; wanted at most {MOST_NODES}"),
        # a line from the weight to each of 91 steps passes 0, 1 ... 90 columns, x none
        (91, True, f"93 boxes, past which lines lead 4095 times; wanted at most {MOST_LANES}"),
        (1000, True, f"1002 boxes; wanted at most {MOST_NODES}"),
    ],
)
def test_a_larger_graph_is_refused_with_a_way_out(length: int, shared: bool, came: str) -> None:
    d = chain(length, shared=shared)
    with pytest.raises(FormulaError) as caught:
        d.graph()
    last = [f"a{k}" for k in range(length - 3, length)]
    assert str(caught.value) == (
        f"the graph has {came}: choose some of the steps, such as graph({last})"
    )
    assert all(shown(d.graph(last), name) for name in last)
    with pytest.raises(FormulaError, match="choose some of the steps"):
        d.player(picture="graph")


def test_values_stand_above_and_gradients_below_the_line() -> None:
    d = dlhand.load("003-sigmoid-graph")
    picture = graph(d)
    [gradient] = [t for t in texts(picture) if t.step == "df7/df3" and t.colour == BACKWARD]
    [value] = [t for t in texts(picture) if t.step == "f3" and t.colour == FORWARD]
    [start] = [wire.points[0] for wire in wires(picture) if wire.source == "f3"]
    assert (value.words, gradient.words) == ("1", "0.19661")
    assert value.bottom < start[1] < gradient.top
    assert value.left == pytest.approx(gradient.left)
    assert value.left > start[0]


def test_a_gradient_without_a_step_of_its_own_is_told_all_the_same() -> None:
    # E = E1 + E2: both gradients are 1, which has no line; dE1/do1 is a local derivative
    alternative = graph(dlhand.load("002-net222")).alternative
    assert "E₁ = (o₁ − t₁)² / 2 = (0.73493 − 0.05)² / 2 ≈ 0.23456; gradient 1." in alternative
    assert "t₁ = 0.05." in alternative  # no gradient was asked for
    d = Derivation("A local derivative that is a gradient")
    x, b, c = d.givens(x=2, b=1, c=3)
    y = d.step("y", exp(x))
    z = d.step("z", y + b * c)
    d.backward(z, [x, c], local=["y"])
    assert "y = e^(x) = e^(2) ≈ 7.3891; gradient 1; local" in graph(d).alternative
    assert "x = 2; gradient 7.3891." in graph(d).alternative
    assert "b = 1." in graph(d).alternative


def test_the_words_have_every_line_and_gradient() -> None:
    d = dlhand.load("003-max-graph")
    alternative = graph(d).alternative
    assert alternative.startswith("Computational graph: A product, a maximum, a sum. x = 3;")
    for name in ("b1", "b2", "b3", "b4"):
        assert d.text(name) in alternative
    for words in ("x = 3; gradient −8.", "w = −1; gradient 0.", "with respect to x: −4"):
        assert words in alternative


def test_the_current_step_is_lit_with_what_flows_into_it() -> None:
    d = dlhand.load("003-sigmoid-graph")
    picture = graph(d, current="f3")
    assert lit(picture) == ["f3"]
    flow = {(wire.source, wire.step) for wire in wires(picture) if wire.colour == FORWARD}
    assert flow == {("f1", "f3"), ("f2", "f3"), ("w2", "f3")}
    assert "Current step: f₃." in picture.alternative


def test_a_gradient_is_lit_with_the_lines_it_comes_back_along() -> None:
    d = dlhand.load("002-net222")
    picture = graph(d, current="dE/dh1")
    assert lit(picture) == ["dE/dh1"]
    flow = {(wire.source, wire.step) for wire in wires(picture) if wire.colour == BACKWARD}
    assert flow == {("h1", "z_o1"), ("h1", "z_o2")}
    local = graph(d, current="dh1/dz_h1")
    assert lit(local) == ["dh1/dz_h1"]
    assert [w.step for w in wires(local) if w.colour == LOCAL] == ["h1"]


def test_moments_go_forward_and_back_and_show_no_number_too_early() -> None:
    d = dlhand.load("003-sigmoid-graph")
    steps = [e.name for e in d.steps]
    moments = graph(d).moments
    assert [moment.name for moment in moments] == steps
    assert [moment.line for moment in moments] == [d.text(name) for name in steps]
    assert moments[0].words == d["f1"].say
    pictures = [graph(d, current=name, so_far=True) for name in steps]
    assert len({view(picture) for picture in pictures}) == 1
    for k, picture in enumerate(pictures):
        written = {t.step for t in texts(picture) if t.colour in (FORWARD, BACKWARD, LOCAL)}
        assert written & set(steps) == set(steps[: k + 1])
    assert "f₇ is still to come." in pictures[0].alternative
    assert "gradient" not in pictures[6].alternative
    assert pictures[-1].alternative.count("gradient") == 12


def test_some_steps_alone_come_with_what_they_use() -> None:
    picture = graph(dlhand.load("002-net222"), ["z_h1", "h1"])
    found = {(wire.source, wire.step) for wire in wires(picture)}
    assert found == {(q, "z_h1") for q in ("w1", "x1", "w3", "x2", "b1")} | {("z_h1", "h1")}


def test_a_loss_can_be_chosen() -> None:
    d = dlhand.load("002-net222-paths")
    assert "E₂" in graph(d).alternative
    alone = graph(d, loss="E1")
    assert "E₂" not in alone.alternative
    assert f"gradient {d.text('dE1/dw1').split()[-1]}" in alone.alternative


def test_unknown_names_and_nothing_to_draw_are_refused() -> None:
    d = Derivation("Nothing")
    x = d.given("x", 1)
    with pytest.raises(FormulaError, match="no step"):
        graph(d)
    d.step("y", 2 * x)
    with pytest.raises(UnknownName, match="'z'"):
        graph(d, current="z")
    with pytest.raises(UnknownName, match="'z'"):
        graph(d, ["z"])
    with pytest.raises(UnknownName, match="'z'"):
        graph(d, loss="z")


@pytest.mark.parametrize("name", [*NAMED, "000-attn-backward", "000-attn-ffn"])
def test_boxes_keep_clear_of_each_other_and_of_lines(name: str) -> None:
    d = dlhand.load(name)
    picture = graph(d)
    drawn = [e.name for e in d.entries if e.kind in ("given", "step") and shown(picture, e.name)]
    nodes = [(step, boxes(picture, step)[0]) for step in drawn]
    for (_, a), (_, b) in combinations(nodes, 2):
        if a.x < b.x + b.wide and b.x < a.x + a.wide:
            assert abs(a.y + a.high / 2 - b.y - b.high / 2) >= 34 + BETWEEN
    for wire in wires(picture):
        for step, box in nodes:
            for x, y in wire.points:
                if step not in (wire.source, wire.step) and box.x < x < box.x + box.wide:
                    assert not box.y - 4 < y < box.y + box.high + 4


def test_a_deep_chain_is_laid_out() -> None:
    d = Derivation("A long chain")
    q = d.given("x", 1)
    for k in range(60):
        q = d.step(f"y{k}", q + 1)
    assert overlaps(graph(d)) == []


def test_things_in_a_column_keep_their_distance() -> None:
    edges = [(k, m) for m in range(8, 24) for k in range(m - 8, m - 1, 3)] + [(0, 23), (1, 22)]
    heights = [20.0 + 7 * (k % 4) for k in range(24)]
    placed = lay_out(tuple(heights), tuple(edges))
    columns: dict[int, list[tuple[float, float]]] = {}
    for k, column in enumerate(placed.columns):
        columns.setdefault(column, []).append((placed.heights[k], heights[k]))
    for edge in edges:
        start, end = (placed.columns[k] for k in edge)
        assert start < end
        lanes = placed.lanes.get(edge, ())
        assert len(lanes) == end - start - 1
        for column, lane in enumerate(lanes, start + 1):
            columns[column].append((lane, LANE))
    for things in columns.values():
        things.sort()
        for (y0, high0), (y1, high1) in pairwise(things):
            assert y1 - y0 >= (high0 + high1) / 2 + BETWEEN - 1e-6
