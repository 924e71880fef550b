"""Embeddings: words as vectors that can be looked up, compared and added (document 002)."""

from __future__ import annotations

from dlhand import Derivation, is_largest, sqrt, stack, total
from dlhand.calculators.encoding import one_hot
from dlhand.examples import example
from dlhand.operations.quantity import Quantity

WORDS = {"king": [5, 2], "man": [1, 2], "woman": [1, 3], "queen": [3, 3]}
OTHERS = {"apple": [1, 5], "child": [1, 4]}


def _cosine(d: Derivation, name: str, a: Quantity, b: Quantity, say: str) -> Quantity:
    return d.step(name, a @ b / (sqrt(a @ a) * sqrt(b @ b)), say=say)


@example("002-embedding", "10_embeddings")
def lookup() -> Derivation:
    """An embedding layer: looking up a word is a product with a one-hot vector."""
    d = Derivation(
        "Looking up a word",
        about="A word is a row of a table. How does picking that row become a product, and which "
        "rows does a gradient change? The vocabulary is king, man, woman, queen; the numbers are "
        "ours.",
    )
    d.section("Given")
    table = d.given("W", list(WORDS.values()), say="the table: a row for each of the four words")
    word = d.given("o", one_hot(2, 4), say="the third word, woman, as a one-hot vector")
    t = d.given("t", [3, 2], say="what the rest of the network would like to get")
    d.section("Look up")
    v = d.step("v", word @ table, say="all rows times 0, but one times 1: the third row")
    error = d.step("E", total((v - t) ** 2) / 2, say="half the squared distance from the target")
    d.section("Backward")
    gradient = d.backward(error, [table])
    d.section("Update")
    eta = d.given("eta", "0.5", say="the learning rate")
    d.step("W'", table - eta * gradient[table], say="only the row that was looked up changes")
    return d


@example("002-embedding-similarity", "10_embeddings")
def similarity() -> Derivation:
    """Cosine similarity of words."""
    d = Derivation(
        "Which words are alike?",
        about="Words that mean nearly the same should point in nearly the same direction. The "
        "cosine of the angle between two vectors measures that: 1 is the same direction, 0 a "
        "right angle. The vectors are ours.",
    )
    d.section("Given")
    vectors = {name: d.given(name, v) for name, v in (WORDS | OTHERS).items()}
    d.section("Cosines")
    pairs = [("king", "queen"), ("king", "man"), ("man", "woman"), ("king", "apple")]
    for a, b in pairs:
        _cosine(d, f"c_{a}_{b}", vectors[a], vectors[b], f"the cosine between {a} and {b}")
    d.section("The same words as one-hot vectors")
    one, other = d.givens(one=one_hot(0, 4), other=one_hot(3, 4))
    _cosine(d, "c_one_other", one, other, "0 for any two different words")
    return d


@example("002-embedding-analogy", "10_embeddings")
def analogy() -> Derivation:
    """King − man + woman, and the nearest word."""
    d = Derivation(
        "King − man + woman",
        about="Man is to king as woman is to whom? We take the step from man to king, start it "
        "from woman, and look for the nearest word. The vectors are ours.",
    )
    d.section("Given")
    v = {name: d.given(name, vector) for name, vector in (WORDS | OTHERS).items()}
    d.section("The step from man to king, taken from woman")
    step = d.step("step", v["king"] - v["man"], say="what makes a king of a man")
    goal = d.step("x", v["woman"] + step, say="the same added to woman")
    d.section("The nearest of the other words")
    say = "the cosine between x and"
    words = ("queen", "apple", "child")
    others = [_cosine(d, f"c_{w}", goal, v[w], f"{say} {w}") for w in words]
    d.step("m", is_largest(stack(*others)), say="1 at the nearest of queen, apple and child")
    d.section("Why the three given words are left out")
    for name in ("king", "woman", "man"):
        _cosine(d, f"c_{name}", goal, v[name], f"{say} {name}")
    d.step(
        "m_k", is_largest(stack(others[0], d["c_king"])), say="1 at the nearer of queen and king"
    )
    return d
