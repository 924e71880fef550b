"""A recurrent cell unrolled over time."""

import pytest

import dlhand
from dlhand import FormulaError
from dlhand.calculators.recurrent import gru
from dlhand.calculators.unrolling import Plan, unroll
from dlhand.examples.lstm import apart
from dlhand.examples.rnn import APART
from dlhand.pictures.canvas import BACKWARD, FORWARD
from dlhand.pictures.unrolled import unrolled
from tests.pictures.sheet import lit, outside, overlaps, shown, texts, view


def recurrent() -> list[str]:
    return [n for n in dlhand.names() if any("@ t=" in s for s, _ in dlhand.load(n).sections())]


@pytest.mark.parametrize("name", recurrent())
def test_every_recurrent_example_is_drawn_with_no_overlap(name: str) -> None:
    picture = unrolled(dlhand.load(name))
    assert overlaps(picture) == []
    assert outside(picture) == []


def test_each_step_of_the_forward_pass_is_there_once() -> None:
    for d in (
        dlhand.load("002-lstm"),
        unroll(
            APART, [1, 2], {"W_xh": 1, "W_hh": "0.5", "W_hy": 2}, how=Plan([0, 1]), title="An RNN"
        ),
        gru([1, 2, 3], {f"{kind}_{k}": "0.5" for kind in "WU" for k in "rzh"}, targets=[1, 1, 1]),
        unroll(
            apart(), [1], {f"{kind}_{k}": "0.5" for kind in "WU" for k in "aifo"}, title="An LSTM"
        ),
    ):
        steps = [e for e in d.entries if e.section.startswith("Forward")]
        assert len(steps) > 4
        for e in steps:
            assert shown(unrolled(d), e.name)[-1] in d.text(e.name)
            assert unrolled(d).alternative.count(f" {d.text(e.name)}") == 1


def test_states_stand_between_the_cells_and_gradients_below_them() -> None:
    d = dlhand.load("002-lstm")
    found = {(t.step, t.colour): t for t in texts(unrolled(d)) if t.step}
    state, gradient = found["state_0", FORWARD], found["δstate_0", BACKWARD]
    assert (state.words, gradient.words) == ("0.78573", "−0.053484")
    assert state.bottom < gradient.top
    inside, later = found["o_0", FORWARD], found["z_a_1", FORWARD]
    assert inside.right < state.left and state.right < later.left
    assert found["out_-1", FORWARD].right < inside.left
    assert found["E_0", FORWARD].bottom < inside.top
    assert found["x_0", FORWARD].top > inside.bottom


def test_the_weights_stand_once_with_their_gradients() -> None:
    picture = unrolled(dlhand.load("003-rnn-bptt"))
    assert shown(picture, "W_xh") == ["Wxh =", "3 × 2"]
    assert shown(picture, "dE/dW_hh") == ["3 × 3"]
    assert "Shared by the time steps: W_xh = [[" in picture.alternative


def test_a_second_pass_has_the_new_weights_and_no_gradients() -> None:
    d = dlhand.load("002-lstm-again")
    picture = unrolled(d, again=True)
    assert shown(picture, "out_1'")[-1] in d.text("out_1'")
    assert shown(picture, "W_a'") and not shown(picture, "W_a")
    assert "gradient" not in picture.alternative
    assert overlaps(picture) == []


def test_the_current_step_is_lit() -> None:
    d = dlhand.load("002-lstm")
    assert lit(unrolled(d, current="f_1")) == ["f_1"]
    picture = unrolled(d, current="δf_1")
    assert lit(picture) == ["δf_1"]
    assert "Current step: δf₁." in picture.alternative


def test_moments_go_through_time_and_back() -> None:
    d = dlhand.load("002-lstm")
    named = [moment.name for moment in unrolled(d).moments]
    assert named[:2] == ["z_a_0", "a_0"]
    assert named.index("out_1") < named.index("δout_1") < named.index("δout_0")
    assert named.index("δout_0") < named.index("δW_a")
    pictures = [unrolled(d, current=name, so_far=True) for name in named]
    assert len({view(picture) for picture in pictures}) == 1
    assert shown(pictures[0], "a_0") == ["a0"]
    assert shown(pictures[1], "a_0") == ["a0", "0.81775"]
    assert "out₁ is still to come" in pictures[0].alternative


def test_a_derivation_without_time_is_refused() -> None:
    with pytest.raises(FormulaError, match="no time steps; wanted"):
        unrolled(dlhand.load("002-net222"))
    with pytest.raises(FormulaError, match="no time steps with the new weights"):
        unrolled(dlhand.load("002-lstm"), again=True)
