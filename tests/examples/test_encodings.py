"""Positions, layer normalisation, fruit codes, chunks, embeddings: against NumPy."""

import numpy as np
import pytest

import dlhand
from dlhand.examples import errata


def array(d, name):
    return np.array(d.value(name), dtype=float)


def close(found, wanted, atol=1e-6):
    np.testing.assert_allclose(found, wanted, atol=atol, rtol=0)


def encoding(length, width):
    wanted = np.zeros((length, width))
    for pos in range(length):
        for i in range(width // 2):
            angle = pos / 10000 ** (2 * i / width)
            wanted[pos, 2 * i : 2 * i + 2] = np.sin(angle), np.cos(angle)
    return wanted


KNOWN = [
    [0, 1, 0, 1],
    [0.841471, 0.5403023, 0.0099998, 0.99995],
    [0.9092974, -0.4161468, 0.0199987, 0.9998],
    [0.14112, -0.9899925, 0.0299955, 0.99955],
]


def test_all_sixteen_entries_of_the_positional_encoding():
    found = array(dlhand.load("003-posenc"), "P")
    close(found, encoding(4, 4), 1e-12)
    close(found, KNOWN)


def test_the_cells_are_the_first_two_rows():
    d = dlhand.load("003-posenc-cells")
    close([[float(d.value(f"P_{pos}{k}")) for k in range(4)] for pos in (0, 1)], KNOWN[:2])


@pytest.mark.parametrize(("name", "columns"), [("fast", slice(0, 2)), ("slow", slice(2, 4))])
def test_two_words_further_on_is_a_turn(name, columns):
    d = dlhand.load("003-posenc-rotation")
    close(array(d, f"t_{name}"), encoding(4, 4)[3, columns], 1e-12)
    close(array(d, f"q_{name}"), encoding(4, 4)[3, columns], 1e-12)
    turn = array(d, f"R_{name}")
    close(turn @ turn.T, np.eye(2), 1e-12)


def test_layer_normalisation_of_the_three_boxes():
    d = dlhand.load("003-layernorm")
    close([float(d.value(n)) for n in ("mu", "var", "sigma")], [1 / 3, 8 / 9, 0.942809])
    close(array(d, "x_hat"), [0.5**0.5, 0.5**0.5, -(2**0.5)], 1e-12)


def test_layer_normalisation_with_all_its_parts():
    d = dlhand.load("003-layernorm-learnt")
    x, gain, shift = np.array([1, 1, -1.0]), np.array([1, 2, 3.0]), np.array([0, 0, 1.0])

    def output(x, gain, shift):
        return gain * (x - x.mean()) / np.sqrt(x.var() + 1 / 9) + shift

    def loss(*arrays):
        return np.sum(output(*arrays) ** 2) / 2

    close(array(d, "y"), output(x, gain, shift), 1e-12)
    arrays = [x, gain, shift]
    for k, name in enumerate(("x", "gain", "shift")):
        wanted = []
        for e in 1e-6 * np.eye(3):
            up, down = (
                loss(*[a + s * e * (j == k) for j, a in enumerate(arrays)]) for s in (1, -1)
            )
            wanted.append((up - down) / 2e-6)
        close(array(d, f"dE/d{name}"), wanted, 1e-7)


def test_rows_against_columns():
    d = dlhand.load("003-layernorm-batch")
    x = np.array([[1, 1, -1], [3, 5, 1.0]])
    close(array(d, "x_hat_row"), (x - x.mean(1, keepdims=True)) / x.std(1, keepdims=True), 1e-12)
    close(array(d, "x_hat"), (x - x.mean(0)) / x.std(0), 1e-12)


def test_the_fruit_codes_are_all_numbers_of_three_digits():
    d = dlhand.load("000-fruit")
    codes = array(d, "C").astype(int)
    assert sorted(int("".join(map(str, code)), 2) for code in codes) == list(range(8))
    assert sorted(array(d, "n").tolist()) == list(range(8))


def test_the_output_means_the_fifth_fruit():
    d = dlhand.load("000-fruit")
    known = [0.9802, 1.9802, 0.0002, 1.0002, 1.9602, 2.9602, 0.9802, 1.9802]  # by the code's number
    close(array(d, "D"), [known[int(n)] for n in array(d, "n")], 1e-12)
    assert array(d, "r").tolist() == array(d, "w").tolist() == [0, 1, 0]
    assert array(d, "m").argmax() == 4 and array(d, "D").argmin() == 4


def test_halfway_four_codes_are_equally_near():
    distances = array(dlhand.load("000-fruit-tie"), "D")
    assert (distances == distances.min()).sum() == 4


def test_softmax_shares_a_whole_and_sigmoids_do_not():
    d = dlhand.load("000-fruit-one-hot")
    z = np.array([-6, 6, 6.0])
    close(array(d, "s"), 1 / (1 + np.exp(-z)), 1e-12)
    close(array(d, "p"), np.exp(z) / np.exp(z).sum(), 1e-12)
    assert float(d.value("n_p")) == pytest.approx(1) and float(d.value("n_s")) > 1.9
    assert array(d, "p_8").argmax() == 1 and array(d, "p_8").sum() == pytest.approx(1)


def test_chunks_of_a_long_input():
    d = dlhand.load("002-long-inputs")
    found = [
        tuple(int(d.value(f"{end}_{k}").exact) for end in ("first", "last")) for k in (1, 2, 3)
    ]
    assert found == [(1, 4), (4, 7), (7, 10)] and d.value("n").exact == 3


# Embeddings

WORDS = {"king": [5, 2], "man": [1, 2], "woman": [1, 3], "queen": [3, 3], "apple": [1, 5],
         "child": [1, 4]}  # fmt: skip


def cosine(a, b):
    a, b = np.array(a), np.array(b)
    return a @ b / (np.linalg.norm(a) * np.linalg.norm(b))


def test_looking_up_is_picking_a_row_and_only_that_row_learns():
    d = dlhand.load("002-embedding")
    table = np.array(list(WORDS.values())[:4], float)
    close(array(d, "v"), table[2], 0)
    gradient = np.zeros((4, 2))
    gradient[2] = table[2] - [3, 2]
    close(array(d, "dE/dW"), gradient, 0)
    close(array(d, "W'"), table - 0.5 * gradient, 0)


def test_cosines_of_words():
    d = dlhand.load("002-embedding-similarity")
    for a, b in (("king", "queen"), ("king", "man"), ("man", "woman"), ("king", "apple")):
        assert float(d.value(f"c_{a}_{b}")) == pytest.approx(cosine(WORDS[a], WORDS[b]), rel=1e-12)
    assert d.value("c_one_other").exact == 0


def test_king_minus_man_plus_woman():
    d = dlhand.load("002-embedding-analogy")
    goal = np.array(WORDS["king"]) - WORDS["man"] + WORDS["woman"]
    close(array(d, "x"), goal, 0)
    cosines = {name: cosine(goal, vector) for name, vector in WORDS.items()}
    for name, wanted in cosines.items():
        assert float(d.value(f"c_{name}")) == pytest.approx(wanted, rel=1e-12)
    left = {name: c for name, c in cosines.items() if name not in ("king", "man", "woman")}
    assert max(left, key=left.get) == "queen" and array(d, "m").tolist() == [1, 0, 0]
    assert max(cosines, key=cosines.get) == "king" and array(d, "m_k").tolist() == [0, 1]


ERRATA = {
    "003-posenc-sine": (np.sin(2 / 100), np.sin(1 / 100)),
    "003-posenc-cosine": (np.cos(1 / 10), np.cos(1)),
    "003-posenc-parity": (np.cos(1), np.sin(1)),
    "003-posenc-column-1": (np.cos(1 / 10), np.cos(1)),
    "003-posenc-column-3": (np.cos(1 / 1000), np.cos(1 / 100)),
}


@pytest.mark.parametrize("name", ERRATA)
def test_a_wrong_formula_differs_from_the_right_one(name):
    (erratum,) = [e for e in errata() if e.name == name]
    d, printed, right = erratum.build()
    found = float(d.value(printed)), float(d.value(right))
    assert found == pytest.approx(ERRATA[name], rel=1e-12)
    assert abs(found[0] - found[1]) > 1e-5
