"""The shape rules: what fits gives the shape that NumPy would give; what does not is named."""

from typing import Any

import pytest

from dlhand import (
    Derivation,
    FormulaError,
    GivenError,
    ShapeError,
    average_pool,
    concatenate,
    correlate,
    dot,
    is_largest,
    largest,
    log_sum_exp,
    masked_softmax,
    max_pool,
    maximum,
    mean,
    outer,
    pad,
    reshape,
    softmax,
    stack,
    total,
    transpose,
    variance,
)


def zeros(*shape: int) -> Any:
    value: Any = "1"
    for length in reversed(shape):
        value = [value] * length
    return value


def array(*shape: int) -> Any:
    return Derivation("Shapes").given("a", zeros(*shape))


FITS = [
    (lambda: array(2, 3) @ array(3), (2,)),
    (lambda: array(3) @ array(3, 2), (2,)),
    (lambda: array(2, 3) @ array(3, 4), (2, 4)),
    (lambda: array(3) @ array(3), ()),
    (lambda: array(2, 3).T, (3, 2)),
    (lambda: transpose(array(1, 4)), (4, 1)),
    (lambda: outer(array(2), array(3)), (2, 3)),
    (lambda: dot(array(2), array(2)), ()),
    (lambda: array(2, 1) + array(3), (2, 3)),
    (lambda: array(4, 2, 3) * array(2, 1), (4, 2, 3)),
    (lambda: total(array(2, 3)), ()),
    (lambda: total(array(2, 3), axis=0), (3,)),
    (lambda: mean(array(2, 3, 4), axis=-2), (2, 4)),
    (lambda: variance(array(5)), ()),
    (lambda: largest(array(2, 3), axis=1), (2,)),
    (lambda: softmax(array(2, 3)), (2, 3)),
    (lambda: is_largest(array(2, 3)), (2, 3)),
    (lambda: log_sum_exp(array(2, 3), axis=0), (3,)),
    (lambda: masked_softmax(array(2, 3), array(2, 3)), (2, 3)),
    (lambda: array(2, 3)[0], (3,)),
    (lambda: array(2, 3)[:, 1], (2,)),
    (lambda: array(2, 3)[-1, -1], ()),
    (lambda: array(2, 3)[0:1], (1, 3)),
    (lambda: array(2, 3, 4)[1, :, ::2], (3, 2)),
    (lambda: concatenate(array(2), array(3)), (5,)),
    (lambda: concatenate(array(2, 3), array(2, 1), axis=1), (2, 4)),
    (lambda: concatenate(array(2, 3), array(2, 1), axis=-1), (2, 4)),
    (lambda: concatenate(array(2)), (2,)),
    (lambda: stack(array(), array()), (2,)),
    (lambda: stack(array(3), array(3)), (2, 3)),
    (lambda: reshape(array(6), (2, 3)), (2, 3)),
    (lambda: reshape(array(), (1, 1)), (1, 1)),
    (lambda: reshape(array(1), ()), ()),
    (lambda: pad(array(2, 3), 2), (6, 7)),
    (lambda: pad(array(4, 2, 3), 1), (4, 4, 5)),
    (lambda: correlate(array(5, 5), array(3, 3)), (3, 3)),
    (lambda: correlate(array(5, 5), array(3, 3), padding=1), (5, 5)),
    (lambda: correlate(array(5, 5), array(3, 3), stride=2), (2, 2)),
    (lambda: correlate(array(7, 6), array(3, 2), stride=3, padding=1), (3, 3)),
    (lambda: correlate(array(3, 5, 5), array(3, 3, 3)), (3, 3)),
    (lambda: correlate(array(3, 5, 5), array(4, 3, 3, 3)), (4, 3, 3)),
    (lambda: max_pool(array(4, 4)), (2, 2)),
    (lambda: max_pool(array(5, 4)), (2, 2)),
    (lambda: max_pool(array(2, 4, 4), 3, 1), (2, 2, 2)),
    (lambda: average_pool(array(4, 6), 2, 2), (2, 3)),
]


@pytest.mark.parametrize(("build", "shape"), FITS)
def test_the_shape_of_a_result(build: Any, shape: tuple[int, ...]) -> None:
    assert build().shape == shape


REFUSED = [
    (lambda: array(2) + array(3), r"add got shapes \(2,\) and \(3,\); wanted shapes that match"),
    (lambda: maximum(array(2, 3), array(2)), r"maximum got shapes \(2, 3\) and \(2,\)"),
    (
        lambda: array(2, 3) @ array(2),
        r"matrix @ vector got shapes \(2, 3\) and \(2,\); wanted the last .*, 3, .* the second, 2",
    ),
    (lambda: array(2) @ array(3, 2), r"vector @ matrix got shapes \(2,\) and \(3, 2\)"),
    (lambda: array(2, 3) @ array(2, 3), r"matrix @ matrix got shapes"),
    (lambda: array(2) @ array(3), r"dot got shapes \(2,\) and \(3,\)"),
    (lambda: array() @ array(3), r"@ got shapes \(\) and \(3,\); wanted vectors or matrices"),
    (lambda: array(3) @ 2, r"@ got shapes \(3,\) and \(\); wanted vectors or matrices"),
    (lambda: array(2, 2, 2) @ array(2), r"@ got shapes"),
    (lambda: array(3).T, r"transpose got an array of shape \(3,\); wanted a matrix"),
    (lambda: dot(array(2, 2), array(2)), r"dot got an array of shape \(2, 2\); wanted a vector"),
    (lambda: dot(array(2), array(2, 2)), r"dot got an array of shape \(2, 2\); wanted a vector"),
    (lambda: outer(array(2), array()), r"outer got an array of shape \(\); wanted a vector"),
    (lambda: outer(array(), array(2)), r"outer got an array of shape \(\); wanted a vector"),
    (lambda: total(array()), r"total got a single number; wanted an array"),
    (lambda: softmax(array()), r"softmax got a single number; wanted an array"),
    (lambda: mean(array(2, 3), axis=2), r"axis is 2; wanted one from -2 to 1"),
    (lambda: variance(array(2), axis=-2), r"axis is -2; wanted one from -1 to 0"),
    (lambda: masked_softmax(array(2, 3), array(3)), r"mask has shape \(3,\); wanted \(2, 3\)"),
    (lambda: array(2)[2], r"index 2 does not fit shape \(2,\); wanted whole numbers from 0 to 1"),
    (lambda: array(2)[-3], r"index -3 does not fit shape \(2,\)"),
    (
        lambda: array(2, 3)[0, 3],
        r"index \(0, 3\) does not fit shape \(2, 3\); .* from 0 to 2, or slices, at axis 1",
    ),
    (lambda: array(2)[0, 0], r"index \(0, 0\) has 2 parts; the array has shape \(2,\)"),
    (lambda: array()[0], r"index 0 has 1 parts; the array has shape \(\)"),
    (lambda: array(2)[2:], r"picks nothing from an array of shape \(2,\)"),
    (lambda: array(2)["a"], r"index 'a' does not fit"),
    (lambda: array(2)[0.0], r"index 0.0 does not fit"),
    (
        lambda: concatenate(array(2), array(2, 2)),
        r"concatenate got shapes .*; wanted equal ones but at axis 0",
    ),
    (lambda: concatenate(array(2, 3), array(3, 2), axis=1), r"concatenate got shapes"),
    (lambda: concatenate(array(), array()), r"concatenate got axis 0 and an array of shape \(\)"),
    (
        lambda: concatenate(array(2), array(2), axis=1),
        r"concatenate got axis 1 and an array of shape \(2,\)",
    ),
    (lambda: concatenate(array(2), array(2), axis=-2), r"concatenate got axis -2"),
    (lambda: concatenate(), r"concatenate got no array; wanted at least one"),
    (lambda: stack(array(2), array(3)), r"stack got shapes .*; wanted equal ones"),
    (lambda: pad(array(3), 1), r"pad got shape \(3,\) and padding 1; wanted a matrix"),
    (lambda: pad(array(3, 3), -1), r"pad got shape \(3, 3\) and padding -1; wanted"),
    (lambda: stack(), r"stack got nothing; wanted at least one"),
    (lambda: reshape(array(6), (4,)), r"shape is \(4,\); wanted one of 6 entries, as \(6,\)"),
    (lambda: reshape(array(6), (-2, -3)), r"shape is \(-2, -3\); wanted one of 6 entries"),
    (
        lambda: correlate(array(2, 2), array(3, 3)),
        r"a filter \(3, 3\) larger than the padded image \(2, 2\)",
    ),
    (
        lambda: correlate(array(3, 5, 5), array(2, 3, 3)),
        r"correlate got an image of shape \(3, 5, 5\) and a filter of shape \(2, 3, 3\)",
    ),
    (lambda: correlate(array(5), array(3)), r"correlate got an image of shape \(5,\)"),
    (lambda: correlate(array(5, 5), array(1, 3, 3)), r"correlate got an image of shape"),
    (
        lambda: correlate(array(5, 5), array(3, 3), stride=0),
        r"stride is 0; wanted a whole number of at least 1",
    ),
    (
        lambda: correlate(array(5, 5), array(3, 3), padding=-1),
        r"padding is -1; wanted a whole number of at least 0",
    ),
    (lambda: correlate(array(5, 5), array(3, 3), stride=1.5), r"stride is 1.5; wanted"),
    (lambda: max_pool(array(2, 2), 3), r"pooling got an image of shape \(2, 2\) and a window of 3"),
    (lambda: max_pool(array(4), 2), r"pooling got an image of shape \(4,\)"),
    (lambda: max_pool(array(4, 4), 0), r"size is 0; wanted a whole number of at least 1"),
    (lambda: average_pool(array(4, 4), 2, 0), r"stride is 0; wanted"),
    (lambda: average_pool(array(4, 4), True), r"size is True; wanted"),
]


@pytest.mark.parametrize(("build", "message"), REFUSED)
def test_what_does_not_fit_is_refused_and_named(build: Any, message: str) -> None:
    with pytest.raises((ShapeError, GivenError), match=message):
        build()


def test_a_shape_error_is_a_value_error_of_dlhand() -> None:
    from dlhand import DlhandError

    assert issubclass(ShapeError, ValueError)
    assert issubclass(ShapeError, DlhandError)
    assert not issubclass(ShapeError, FormulaError)
