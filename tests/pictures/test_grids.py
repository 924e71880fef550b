"""Products, convolutions, heat maps and bars."""

import pytest

import dlhand
from dlhand import (
    Derivation,
    FormulaError,
    ShapeError,
    UnknownName,
    average_pool,
    correlate,
    max_pool,
    outer,
    relu,
)
from dlhand.pictures.bars import bars
from dlhand.pictures.canvas import INK, LIT, PAPER, SHADE
from dlhand.pictures.convolution import convolution
from dlhand.pictures.heatmap import heatmap
from dlhand.pictures.product import matrix_product
from dlhand.render.picture import Picture
from tests.pictures.gallery import channels
from tests.pictures.sheet import Box, boxes, outside, overlaps, shown, texts, view


def cells(picture: Picture, fill: str) -> list[str]:
    """The numbers in the cells of a colour, row by row."""
    found = sorted((box for box in boxes(picture) if box.fill == fill), key=lambda b: (b.y, b.x))
    return [_inside(picture, box) for box in found]


def words(picture: Picture) -> list[str]:
    return [t.words for t in texts(picture)]


def _inside(picture: Picture, box: Box) -> str:
    for t in texts(picture):
        x, y = (t.left + t.right) / 2, (t.top + t.bottom) / 2
        if box.x <= x <= box.x + box.wide and box.y <= y <= box.y + box.high:
            return t.words
    return ""


def small() -> Derivation:
    d = Derivation("Products")
    a, b, x, y = d.givens(A=[[1, 2], [3, 4], [5, 6]], B=[[7, 8], [-9, 10]], x=[11, -12], y=[1, 2])
    d.step("AB", a @ b)
    d.step("Ax", a @ x)
    d.step("xB", x @ b)
    d.step("xy", x @ y)
    d.step("O", outer(x, y))
    d.step("T", b.T @ b)
    d.step("R", relu(a @ x + 1))
    d.step("N", (a + a) @ b)
    d.step("S", (a @ b).T)
    return d


@pytest.mark.parametrize(
    ("step", "row", "column", "lit", "line"),
    [
        ("AB", 1, 0, ["7", "-9", "3", "4", "-15"], "3 · 7 + 4 · (−9) = −15"),
        ("Ax", 2, 0, ["11", "-12", "5", "6", "-17"], "5 · 11 + 6 · (−12) = −17"),
        ("xB", 0, 1, ["8", "10", "11", "-12", "-32"], "11 · 8 + (−12) · 10 = −32"),
        ("xy", 0, 0, ["1", "2", "11", "-12", "-13"], "11 · 1 + (−12) · 2 = −13"),
        ("O", 1, 1, ["2", "-12", "-24"], "−12 · 2 = −24"),
        ("T", 0, 1, ["8", "10", "7", "-9", "-34"], "7 · 8 + (−9) · 10 = −34"),
        ("R", 0, 0, ["11", "-12", "1", "2", "0"], "A x: 1 · 11 + 2 · (−12)"),
    ],
)
def test_row_column_and_entry_are_lit_and_written_out(
    step: str, row: int, column: int, lit: list[str], line: str
) -> None:
    d = small()
    picture = matrix_product(d, step, row, column)
    assert sorted(cells(picture, LIT)) == sorted(n.replace("-", "−") for n in lit)
    assert line in words(picture)
    assert f"Row {row + 1}, column {column + 1}: {line}." in picture.alternative
    assert d.text(step) in picture.alternative
    assert overlaps(picture) == []


def test_an_entry_stands_where_its_row_and_its_column_meet() -> None:
    picture = matrix_product(small(), "AB", 1, 0)
    lit = [box for box in boxes(picture) if box.fill == LIT]
    [result] = [box for box in lit if _inside(picture, box) == "−15"]
    row = [box for box in lit if _inside(picture, box) in ("3", "4")]
    column = [box for box in lit if _inside(picture, box) in ("7", "−9")]
    assert len(row) == len(column) == 2
    assert all(box.y == result.y and box.x < result.x for box in row)
    assert all(box.x == result.x and box.y < result.y for box in column)


def test_a_row_alone_lights_all_that_comes_of_it() -> None:
    picture = matrix_product(small(), "AB", 2)
    assert sorted(cells(picture, LIT)) == sorted(["5", "6", "7", "8", "−9", "10", "−19", "100"])
    assert picture.alternative.endswith("Row 3 is lit.")
    picture = matrix_product(small(), "AB", None, 1)
    assert sorted(cells(picture, LIT)) == sorted([*"123456", "8", "10", "28", "64", "100"])
    assert cells(matrix_product(small(), "AB"), LIT) == []


def test_a_result_that_the_numbers_shown_do_not_give_is_remarked_on() -> None:
    d = dlhand.load("000-attn")
    assert "3.2399 (from more digits than shown)" in matrix_product(d, "Z", 1, 2).alternative
    d = dlhand.load("003-playing-matrix")
    line = words(matrix_product(d, "dE/dK", 1, 2))[-1]
    assert line == "−0.0017352 · 0.63 + 0.024162 · 0.86 ≈ 0.019686"
    fewer = words(matrix_product(d, "dE/dK", 1, 2, digits=2))[-1]
    assert fewer == "−0.0017 · 0.63 + 0.024 · 0.86 ≈ 0.020"


def test_the_result_is_filled_row_by_row() -> None:
    places = [(i, j) for i in range(3) for j in range(2)]
    for k, place in enumerate(places):
        picture = matrix_product(small(), "AB", *place, so_far=True)
        assert cells(picture, PAPER).count("") == 5 - k
    moments = matrix_product(small(), "AB").moments
    assert [moment.name for moment in moments] == [f"AB[{i},{j}]" for i, j in places]
    assert moments[2][1:] == ("Row 2, column 1", "3 · 7 + 4 · (−9) = −15")


def test_what_is_no_product_of_named_matrices_is_refused() -> None:
    d = small()
    with pytest.raises(FormulaError, match="calculated in the same formula"):
        matrix_product(d, "N")
    with pytest.raises(FormulaError, match="not those of one of: matmul"):
        matrix_product(d, "S")
    with pytest.raises(FormulaError, match="A is a given"):
        matrix_product(d, "A")
    with pytest.raises(UnknownName):
        matrix_product(d, "Q")
    with pytest.raises(ShapeError, match="row is 3; wanted a whole number from 0 to 2"):
        matrix_product(d, "AB", 3)
    with pytest.raises(ShapeError, match="column is -1"):
        matrix_product(d, "AB", 0, -1)
    big = d.given("big", [[1] * 17] * 2)
    d.step("G", big @ big.T)
    with pytest.raises(ShapeError, match="2 rows of 17"):
        matrix_product(d, "G")


def test_a_window_is_lit_with_what_comes_of_it() -> None:
    d = dlhand.load("003-conv-filters")
    picture = convolution(d, "Y_h", 1, 2)
    window = ["8", "9", "3", "2", "5", "1", "3", "1", "7"]
    assert sorted(cells(picture, LIT)) == sorted([*window, "9"])
    line = "8 · 1 + 9 · 1 + 3 · 1 + 2 · 0 + 5 · 0 + 1 · 0 + 3 · (−1) + 1 · (−1) + 7 · (−1) = 9"
    assert f"Row 2, column 3: {line}." in picture.alternative
    assert " ".join(words(picture)[-2:]) == line
    assert cells(convolution(d, "Y_h"), LIT) == []


def test_stride_padding_channels_and_filters_are_seen() -> None:
    d = channels()
    picture = convolution(d, "Y", 0, 1, filter=2)
    assert sorted(cells(picture, LIT)) == sorted(["0"] * 6 + ["2", "3", "4"] * 4 + ["−6"])
    frame = cells(convolution(d, "Y"), SHADE)
    assert frame == ["0"] * (2 * (7 * 7 - 5 * 5))
    assert {"Y3", "X, channel 1", "X, channel 2", "K, channel 1"} <= set(words(picture))
    assert [moment.name for moment in picture.moments][:2] == ["Y[2,0,0]", "Y[2,0,1]"]
    with pytest.raises(ShapeError, match="filter is 3; wanted a whole number from 0 to 2"):
        convolution(d, "Y", filter=3)


def test_pooling_is_written_out() -> None:
    d = dlhand.load("003-conv-maxpool")
    picture = convolution(d, "M", 1, 0)
    assert sorted(cells(picture, LIT)) == ["0", "1", "3", "6", "6"]
    assert words(picture)[-1] == "max(0, 1, 6, 3) = 6"
    assert picture.alternative.startswith("Pooling: ")
    d = Derivation("Means")
    x = d.given("X", [[[1, 2], [3, -4]], [["0.1", 0], [0, 0]]])
    d.step("P", average_pool(x))
    d.step("Q", max_pool(x))
    assert words(convolution(d, "P", 0, 0))[-1] == "(1 + 2 + 3 + (−4)) / 4 = 0.5"
    assert words(convolution(d, "Q", 0, 0, filter=1))[-1] == "max(0.1, 0, 0, 0) = 0.1"


def test_a_convolution_with_a_bias_is_not_said_to_be_the_sum() -> None:
    picture = convolution(dlhand.load("003-conv-backward"), "Y", 1, 1)
    assert words(picture)[-1] == "X ⋆ K: 1 · 1 + 0 · (−1) + 2 · 0 + 1 · 2"
    assert "→" in words(picture)


def test_the_window_moves_row_by_row() -> None:
    d = dlhand.load("003-conv-filters")
    moments = convolution(d, "Y_h").moments
    places = [(i, j) for i in range(4) for j in range(4)]
    assert [moment.name for moment in moments] == [f"Y_h[{i},{j}]" for i, j in places]
    image = d.value("A")
    for k, (i, j) in enumerate(places):
        picture = convolution(d, "Y_h", i, j, so_far=True)
        window = [str(n) for row in image[i : i + 3] for n in row[j : j + 3]]
        result = str(d.value("Y_h")[i][j]).replace("-", "−")
        assert sorted(cells(picture, LIT)) == sorted([*window, result])
        assert cells(picture, PAPER).count("") == 15 - k
        assert moments[k].line.endswith(f" = {result}")


def test_every_window_of_every_convolution_is_right() -> None:
    count = 0
    for name in dlhand.names():
        d = dlhand.load(name)
        for step in d.steps:
            assert step.formula is not None
            if step.formula.form.op.name != "correlate" or len(step.shape) != 2:
                continue
            for i in range(step.shape[0]):
                for j in range(step.shape[1]):
                    alternative = convolution(d, step.name, i, j).alternative
                    line = alternative.split(f"Row {i + 1}, column {j + 1}: ")[1]
                    terms, result = line.rstrip(".").split(" = ")
                    factors = [t.strip("()").split(" · ") for t in terms.split(" + ")]
                    by_hand = sum(float(_number(a)) * float(_number(b)) for a, b in factors)
                    assert by_hand == pytest.approx(float(_number(result)))
                    count += 1
    assert count > 50


def _number(text: str) -> str:
    return text.strip("()").replace("−", "-")


def test_a_heat_map_is_darker_where_numbers_are_larger() -> None:
    d = Derivation("Weights")
    d.given("A", [[0, "0.25", "0.5", 1], ["-0.5", -1, "0.75", "0.1"]])
    picture = heatmap(d, "A")
    fills = {_inside(picture, box): box.fill for box in boxes(picture)}
    assert (fills["0"], fills["1"], fills["−1"]) == ("#ffffff", "#1f5fa8", "#a8440c")
    blues = [int(fills[n][1:3], 16) for n in ("0", "0.1", "0.25", "0.5", "0.75", "1")]
    assert blues == sorted(blues, reverse=True) and len(set(blues)) == 6
    assert int(fills["−0.5"][1:3], 16) > int(fills["−0.5"][5:7], 16)


def test_a_heat_map_has_words_and_a_frame() -> None:
    d = dlhand.load("003-playing-matrix")
    tokens = ["Playing", "outside"]
    picture = heatmap(d, "A", 1, rows=tokens, columns=tokens)
    assert words(picture).count("Playing") == 2
    [frame] = [box for box in boxes(picture) if box.stroke == INK]
    assert (frame.y, frame.high) == (34, 34)
    assert picture.alternative.endswith("Framed: row 2 (outside).")
    assert d.text("A") in picture.alternative
    assert [moment[1:] for moment in picture.moments] == [
        ("Row 1 (Playing)", "Playing 0.51369, outside 0.48631"),
        ("Row 2 (outside)", "Playing 0.52057, outside 0.47943"),
    ]
    vector = heatmap(dlhand.load("003-attention-additive"), "alpha", None, 1)
    assert vector.alternative.endswith("Framed: column 2.")


def test_what_is_no_matrix_has_no_heat_map() -> None:
    d = channels()
    with pytest.raises(ShapeError, match="wanted a matrix or a vector"):
        heatmap(d, "Y")
    d.given("A", [[1, 2]])
    with pytest.raises(ShapeError, match="wanted a list of 1 words"):
        heatmap(d, "A", rows=["a", "b"])
    with pytest.raises(ShapeError, match="wanted a list of 2 words"):
        heatmap(d, "A", columns="ab")
    with pytest.raises(ShapeError, match="row is 1"):
        heatmap(d, "A", 1)


def test_bars_are_as_long_as_their_numbers() -> None:
    d = dlhand.load("002-cnn")
    names = ["P_conv1", "P_pool1", "P_conv2", "P_fc3", "P_fc4"]
    picture = bars(d, names)
    lengths = {name: boxes(picture, name)[0].wide for name in names}
    scale = lengths["P_fc3"] / float(d.value("P_fc3"))
    for name in names:
        if name != "P_pool1":
            assert lengths[name] == pytest.approx(float(d.value(name)) * scale, abs=0.06)
        assert shown(picture, name)[-1] == str(d.value(name))
        assert d.text(name) in picture.alternative
    assert lengths["P_pool1"] < 1


def test_a_negative_bar_goes_to_the_left() -> None:
    d = Derivation("Signs")
    d.givens(a="-2.5", b=1, c="1/3", e=0)
    picture = bars(d, ["a", "b", "c", "e"])
    left, right = boxes(picture)[:2]
    assert left.x + left.wide == pytest.approx(right.x) == pytest.approx(0)
    assert left.fill != right.fill
    assert {"1/3", "c"} <= set(words(picture))
    assert overlaps(picture) == [] and outside(picture) == []


def test_bars_come_one_by_one() -> None:
    d = dlhand.load("002-cnn")
    names = ["P_fc3", "P_conv1", "P_fc4"]
    moments = [moment.name for moment in bars(d, names).moments]
    assert moments == ["P_conv1", "P_fc3", "P_fc4"]
    pictures = [bars(d, names, current=name, so_far=True) for name in moments]
    assert len({view(picture) for picture in pictures}) == 1
    assert [str(d.value("P_fc3")) in words(p) for p in pictures] == [False, True, True]
    assert "P_fc4 is still to come." in pictures[1].alternative


def test_what_has_no_bar_is_refused() -> None:
    d = small()
    with pytest.raises(ShapeError, match="names is empty"):
        bars(d, [])
    with pytest.raises(ShapeError, match="wanted a single number"):
        bars(d, ["A"])
    with pytest.raises(ShapeError, match="wanted a list of 1 words"):
        bars(d, ["xy"], words=["a", "b"])


def test_correlation_inside_a_formula_that_mixes_places_is_refused() -> None:
    d = Derivation("Mixed")
    x, k = d.givens(X=[[1, 2], [3, 4]], K=[[1]])
    d.step("Y", correlate(x, k).T)
    with pytest.raises(FormulaError, match="not those of one of: correlate"):
        convolution(d, "Y")
