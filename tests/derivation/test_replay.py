"""Replays: the steps as one function of the givens."""

import pytest

from dlhand import Derivation, UnknownName
from dlhand.derivation.replay import replay


def test_a_given_declared_after_the_last_step_changes_nothing():
    d = Derivation("Later")
    (x,) = d.givens(x=2)
    y = d.step("y", x * 3)
    (rate,) = d.givens(rate="0.5")
    d.step("z", y * rate)
    until_y = replay(d, "y")
    assert until_y(x=5, rate=7)["y"] == 15
    assert until_y.sweep("rate", [0, 1, 2]) == [6, 6, 6]
    with pytest.raises(UnknownName, match="no given is called 'w'"):
        until_y(w=1)
