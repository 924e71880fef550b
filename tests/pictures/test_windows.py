"""The picture of a convolution that is declared window by window."""

import numpy as np
import pytest

import dlhand
from dlhand import Derivation, FormulaError, UnknownName, correlate
from dlhand.pictures.canvas import LIT
from dlhand.pictures.windows import windows
from dlhand.render.picture import Picture
from tests.pictures.sheet import boxes, outside, overlaps, texts, view


def lit(picture: Picture) -> list[str]:
    """The numbers in lit cells, sorted; "" for a cell that is empty."""
    return sorted(
        next(
            (
                t.words.replace("−", "-")
                for t in texts(picture)
                if box.x < (t.left + t.right) / 2 < box.x + box.wide
                and box.y < (t.top + t.bottom) / 2 < box.y + box.high
            ),
            "",
        )
        for box in boxes(picture)
        if box.fill == LIT
    )


def words(*arrays: object) -> list[str]:
    return sorted(str(n) for array in arrays for n in np.ravel(array))  # type: ignore[arg-type]


def test_an_output_lights_its_window_the_filter_and_its_place() -> None:
    d = dlhand.load("003-conv")
    window, kernel = [[8, 9, 3], [2, 5, 1], [3, 1, 7]], [[1, 0, -1]] * 3
    assert lit(windows(d, "Y", current="W_23")) == words(window)
    assert lit(windows(d, "Y", current="y_23")) == words(window, kernel, 2)


def test_all_channels_of_a_window_are_lit() -> None:
    d = dlhand.load("002-conv-numbers")
    assert lit(windows(d, "Y", current="W_21")) == words([0, 1, 2, 1], [2, 0, 1, 3])


@pytest.mark.parametrize(
    ("step", "wanted"),
    [
        ("dL/dy_21", [3]),
        ("dL/dW_21", [[1, -1, 0, 2], [3], [3, -2, 0, 6]]),  # filter, error, where it is handed to
        ("dL/dK", [[1, 0, 2, 3, 1, 0, 0, 2, 1], [1, -1, 3, -1], [9, 1, 0, 6], "∂L/∂K"]),
    ],
)
def test_a_gradient_lights_what_it_comes_from_and_where_it_goes(
    step: str, wanted: list[object]
) -> None:
    picture = windows(dlhand.load("003-conv-backward-windows"), "Y", current=step)
    assert lit(picture) == sorted(word for array in wanted for word in words(array))


def test_numbers_that_are_to_come_are_left_out_and_keep_their_room() -> None:
    d = dlhand.load("003-conv-backward-windows")
    early, late = windows(d, "Y", current="y_12", so_far=True), windows(d, "Y")
    count = len(texts(late)) - len(texts(early))
    assert count == 2 + 4 + 4 + 9  # outputs, and three gradients
    assert view(early) == view(late)


@pytest.mark.parametrize("name", ["003-conv", "002-conv-numbers", "003-conv-backward-windows"])
def test_nothing_overlaps_and_every_step_has_its_moment(name: str) -> None:
    d = dlhand.load(name)
    picture = windows(d, "Y")
    assert overlaps(picture) == outside(picture) == []
    about_nothing_here = {"dL/db"}
    wanted = [step.name for step in d.steps if step.name not in about_nothing_here]
    names = [moment.name for moment in picture.moments]
    assert [n for n in names if n not in about_nothing_here] == wanted


def test_a_padded_image_is_one_too() -> None:
    d = Derivation("Padding")
    x, k = d.givens(X=[[5]], K=[[1, 2], [3, 4]])
    dlhand.windows(d, x, k, padding=1)
    assert lit(windows(d, "Y", current="W_22")) == ["0", "0", "0", "5"]
    assert "W_pad" in [moment.name for moment in windows(d, "Y").moments]


def test_each_of_several_filters_has_a_picture() -> None:
    d = Derivation("Two filters")
    x, k = d.givens(X=[[[5, 6]]], K=[[[[1]]], [[[2]]]])
    dlhand.windows(d, x, k)
    assert lit(windows(d, "Y2", current="y2_12")) == words(6, 2, 12)


def test_what_is_no_such_convolution_is_refused() -> None:
    d = Derivation("Others")
    x, k = d.givens(X=[[1, 2]], K=[[1]])
    d.step("Y", correlate(x, k))
    d.step("Z", dlhand.stack(dlhand.stack(d.step("z", dlhand.total(x)))))
    with pytest.raises(FormulaError, match="Y is not made of single numbers"):
        windows(d, "Y")
    with pytest.raises(FormulaError, match="z is not a window times a filter"):
        windows(d, "Z")
    with pytest.raises(UnknownName):
        windows(d, "y")
