"""Positional encoding, labels, patches, codes and chunks at random sizes, against NumPy."""

import numpy as np
import pytest

from dlhand import Derivation, GivenError, ShapeError, load
from dlhand.calculators.encoding import (
    chunks,
    decode,
    label_smoothing,
    one_hot,
    patches,
    positional_encoding,
)


def array(d, name):
    return np.array(d.value(name), dtype=float)


@pytest.mark.parametrize(
    ("length", "width", "base"),
    [(1, 1, 10000), (4, 4, 10000), (5, 7, 10000), (9, 8, 100), (3, 2, "0.5"), (20, 16, 10000)],
)
def test_positional_encoding_is_the_textbook_formula(length, width, base):
    found = array(positional_encoding(length, width, base), "P")
    wanted = np.zeros((length, width))
    for pos in range(length):
        for column in range(width):
            angle = pos / float(base) ** (2 * (column // 2) / width)
            wanted[pos, column] = np.cos(angle) if column % 2 else np.sin(angle)
    np.testing.assert_allclose(found, wanted, atol=1e-12)


@pytest.mark.parametrize("k", [1, 2, 5])
def test_a_shift_of_the_position_is_one_rotation_for_all_positions(k):
    p = array(positional_encoding(9, 6), "P")
    for pair in range(3):
        columns = slice(2 * pair, 2 * pair + 2)
        before, after = p[:-k, columns], p[k:, columns]
        angle = k / 10000 ** (2 * pair / 6)
        turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        np.testing.assert_allclose(before @ turn.T, after, atol=1e-12)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0, 4), "length is 0; wanted a whole number from 1 on"),
        ((4, 2.5), "width is 2.5; wanted a whole number from 1 on"),
        ((4, 4, 0), "base is 0; wanted a number above 0"),
        ((4, 4, [10]), r"base has shape \(1,\); wanted \(\)"),
    ],
)
def test_bad_sizes_of_positional_encoding_get_one_clear_error(arguments, message):
    with pytest.raises((GivenError, ShapeError), match=message):
        positional_encoding(*arguments)


@pytest.mark.parametrize(("label", "classes", "epsilon"), [(0, 2, "0.1"), (3, 5, "0.3"), (1, 3, 1)])
def test_label_smoothing_with_its_loss_and_gradient(label, classes, epsilon):
    logits = np.round(np.random.default_rng(classes).uniform(-2, 2, classes), 2)
    d = label_smoothing(label, classes, epsilon, logits=logits)
    target = np.full(classes, float(epsilon) / classes)
    target[label] += 1 - float(epsilon)
    np.testing.assert_allclose(array(d, "y_s"), target, atol=1e-15)

    def loss(z):
        return -np.sum(target * (z - np.log(np.exp(z).sum())))

    assert float(d.value("L")) == pytest.approx(loss(logits), rel=1e-12)
    h = 1e-6 * np.eye(classes)
    wanted = [(loss(logits + e) - loss(logits - e)) / 2e-6 for e in h]
    np.testing.assert_allclose(array(d, "dL/dz"), wanted, atol=1e-8)


@pytest.mark.parametrize(
    ("arguments", "options", "error", "message"),
    [
        ((3, 3), {}, GivenError, "label is 3; wanted a whole number from 0 to 2"),
        ((0, 0), {}, GivenError, "classes is 0; wanted a whole number from 1 on"),
        ((0, 2, "1.5"), {}, GivenError, "epsilon is 1.5; wanted a number from 0 to 1"),
        ((0, 2), {"logits": [1]}, ShapeError, r"logits has shape \(1,\); wanted \(2,\)"),
    ],
)
def test_bad_labels_get_one_clear_error(arguments, options, error, message):
    with pytest.raises(error, match=message):
        label_smoothing(*arguments, **options)


@pytest.mark.parametrize(
    ("shape", "size"), [((4, 6), 2), ((3, 4, 4), 2), ((2, 3, 6), 3), ((2, 2), 1)]
)
def test_patches_are_cut_from_left_to_right_and_top_to_bottom(shape, size):
    image = np.random.default_rng(size).integers(0, 9, shape)
    d = Derivation("")
    patches(d, d.given("I", image.tolist()), size)
    *_, height, width = shape
    blocks = image.reshape(-1, height // size, size, width // size, size)
    wanted = blocks.transpose(1, 3, 0, 2, 4).reshape(height * width // size**2, -1)
    np.testing.assert_array_equal(array(d, "X_p"), wanted)


def test_patches_must_fill_the_image():
    d = Derivation("")
    image, row = d.givens(image=[[1, 2, 3], [4, 5, 6]], row=[1, 2])
    with pytest.raises(ShapeError, match=r"image has shape \(2, 3\); .* a multiple of 2"):
        patches(d, image, 2)
    with pytest.raises(ShapeError, match=r"image has shape \(2,\)"):
        patches(d, row, 1)
    with pytest.raises(GivenError, match="size is 0"):
        patches(d, image, 0)


def test_decoding_finds_the_nearest_code():
    rng = np.random.default_rng(3)
    codes, output = rng.integers(0, 2, (5, 4)), np.round(rng.uniform(0, 1, 4), 2)
    d = decode(codes.tolist(), output)
    distances = ((codes - output) ** 2).sum(axis=1)
    np.testing.assert_allclose(array(d, "D"), distances, atol=1e-12)
    np.testing.assert_array_equal(array(d, "w"), codes[distances.argmin()])
    np.testing.assert_array_equal(array(d, "r"), output >= 0.5)
    with pytest.raises(ShapeError, match=r"codes and output have shapes \(5, 4\) and \(2,\)"):
        decode(codes.tolist(), [1, 2])


def test_one_hot_is_a_row_of_the_identity():
    assert [one_hot(k, 4) for k in range(4)] == np.eye(4).tolist()
    for bad in (-1, 4, 1.5):
        with pytest.raises(GivenError, match="wanted a whole number from 0 to 3"):
            one_hot(bad, 4)


@pytest.mark.parametrize(
    ("length", "window", "stride"), [(10, 4, 3), (9, 3, 3), (5, 5, 2), (7, 1, 1)]
)
def test_chunks_cover_the_input(length, window, stride):
    d = chunks(length, window, stride)
    count = int(d.value("n").exact)
    found = [
        range(int(d.value(f"first_{k}").exact), int(d.value(f"last_{k}").exact) + 1)
        for k in range(1, count + 1)
    ]
    assert found == [range(s, s + window) for s in range(1, length - window + 2, stride)]
    assert found[-1][-1] == length and f"first_{count + 1}" not in d


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        ((10, 11, 1), "window is longer than the input"),
        ((10, 4, 5), "stride is longer than the window; wanted no token left out"),
        ((10, 4, 0), "stride is 0; wanted a whole number from 1 on"),
        (("10", 4, 3), "length is '10'; wanted a whole number from 1 on"),
    ],
)
def test_bad_chunks_get_one_clear_error(sizes, message):
    with pytest.raises(GivenError, match=message):
        chunks(*sizes)


@pytest.mark.parametrize(("length", "chunks"), [(10, 3), (11, 4), (12, 4), (13, 4), (14, 5)])
def test_a_chunk_that_is_begun_counts(length, chunks):
    """Four tokens at a time, three further on each time, until none is left."""
    begun = len(range(0, length - 4 + 3, 3))
    changed = load("002-long-inputs").what_if(length=length)
    assert changed.value("n").exact == begun == chunks
    assert changed.value("last_3").exact == min(10, length)


@pytest.mark.parametrize("sizes", [(10, 4, 3), (11, 4, 3), (12, 5, 2), (7, 7, 1), (9, 4, 4)])
def test_every_token_is_in_a_chunk_and_the_last_is_the_end(sizes):
    length, window, stride = sizes
    d = chunks(*sizes)
    count = int(d.value("n").exact)
    found = [
        range(int(d.value(f"first_{k}").exact), int(d.value(f"last_{k}").exact) + 1)
        for k in range(1, count + 1)
    ]
    starts = [start for start in range(1, length + 1, stride) if start == 1 or start + window
              - stride <= length]  # fmt: skip
    assert [one.start for one in found] == starts
    assert {token for one in found for token in one} == set(range(1, length + 1))
    assert all(len(one) == window for one in found[:-1]) and f"first_{count + 1}" not in d


def test_fewer_chunks_than_are_listed_are_refused():
    with pytest.raises(GivenError, match="number of chunks is 2; wanted the 3 that are listed"):
        load("002-long-inputs").what_if(length=7)
