"""Names, numbers and lines of text in pictures."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlhand.numbers.digits import Shown
from dlhand.pictures.canvas import Canvas, clean, shortened, width, wrapped
from dlhand.pictures.spelling import END, LOW, entry_symbol, plain, symbol, value
from dlhand.render import names
from tests.pictures.sheet import advance


@pytest.mark.parametrize(
    ("name", "low", "in_words"),
    [
        ("w1", "w<1>", "w₁"),
        ("z_o1", "z<o1>", "z_o1"),
        ("h_t+1", "h<t+1>", "h_(t+1)"),
        ("state_-1", "state<−1>", "state₋₁"),
        ("w1'", "w<1>′", "w₁′"),
        ("dE/dw_o1'", "∂E/∂w<o1>′", "∂E/∂w_o1′"),
        ("y1_00", "y<1,00>", "y_1,00"),
        ("alpha", "α", "α"),
    ],
)
def test_subscripts_are_marked(name: str, low: str, in_words: str) -> None:
    assert symbol(name).replace(LOW, "<").replace(END, ">") == low
    assert plain(symbol(name)) == in_words
    if name != "y1_00":  # in plain text y₁_00
        assert names.text(name) == in_words


def test_what_follows_a_subscript_stands_on_the_line_again() -> None:
    canvas = Canvas()
    canvas.text(0, 0, f"a{LOW}1{END}{LOW}2{END} + b{LOW}3{END}", size=20)
    drops = [float(drop) for drop in re.findall('dy="([^"]*)"', canvas.picture("", []).svg)]
    assert drops == [5, -5, 5]


def test_entries_are_counted_from_one() -> None:
    assert plain(entry_symbol("x", 0)) == "x₁"
    assert plain(entry_symbol("W", 1, 2)) == "W₂₃"
    assert plain(entry_symbol("W", 1, 11)) == "W_2,12"
    assert plain(entry_symbol("W1", 0, 1)) == "W_1,12"
    assert plain(entry_symbol("b_h'", 2)) == "b_h,3′"


def test_long_arrays_are_told_by_their_shape() -> None:
    one = Shown("-1", True)
    assert value(one, ()) == "−1"
    assert value((one,) * 3, (3,)) == "[−1, −1, −1]"
    assert value((one,) * 4, (4,)) == "4 numbers"
    assert value((one,) * 6, (2, 3)) == "2 × 3"


@given(st.text(max_size=40))
def test_cleaned_words_have_only_what_can_be_seen(words: str) -> None:
    cleaned = clean(words)
    assert cleaned == cleaned.strip() and "  " not in cleaned
    assert all(c.isprintable() for c in cleaned)
    cleaned.encode()


PRINTED = "".join(map(chr, range(32, 127))) + "−·×∂σαβγδΔθ⊙√⋆′²ᵀŷ≈"


@given(st.text(PRINTED, max_size=30), st.floats(6, 20))
def test_text_is_never_wider_than_it_is_measured(text: str, size: float) -> None:
    assert width(text, size) >= sum(advance(c) for c in text) * size - 0.02 * len(text)


@given(st.text(PRINTED + LOW + END, max_size=30), st.floats(20, 200))
def test_what_is_shortened_fits(text: str, most: float) -> None:
    kept = shortened(text, most)
    assert width(kept) <= most
    assert kept == text or kept.endswith("…")


@given(st.lists(st.text("ab+ ", min_size=1, max_size=6), max_size=12), st.floats(66, 200))
def test_wrapped_lines_fit_and_lose_nothing(pieces: list[str], most: float) -> None:
    lines = wrapped(pieces, most)
    assert all(width(line) <= most for line in lines)
    assert "".join(lines).replace(" ", "") == "".join(pieces).replace(" ", "")
