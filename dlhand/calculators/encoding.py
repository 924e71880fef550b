"""Words, positions, images and labels as numbers that a transformer can take in."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from dlhand import (
    Derivation,
    ShapeError,
    at_least,
    cos,
    floor,
    is_largest,
    log,
    minimum,
    reshape,
    sin,
    softmax,
    stack,
    total,
)
from dlhand.calculators.composing import as_quantity, free_mark
from dlhand.calculators.wanted import each, not_below, want_count, want_shape, whole_number
from dlhand.operations.quantity import Quantity


def one_hot(index: int, size: int) -> list[int]:
    """A vector of zeros with a 1 at ``index``, counted from 0.

    Raises `GivenError` for an index outside it.

    >>> one_hot(1, 3)
    [0, 1, 0]
    """
    want_count("size", size)
    want_count("index", index, 0, size - 1)
    return [int(k == index) for k in range(size)]


def positional_encoding(length: int, width: int, base: Any = 10000) -> Derivation:
    """Sines and cosines that tell the positions of a sequence apart: row pos is PE(pos).

    Columns come in pairs: column 2i is sin(pos / base^(2i/width)) and column 2i+1 the cosine of
    the *same* angle, so that a shift of the position turns each pair like a clock hand. Any
    ``length`` and ``width`` from 1 on; with an odd width the last column is a sine alone. Raises
    `GivenError` for other sizes or a base that is not above 0.

    Source: Vaswani et al., Attention Is All You Need (2017), section 3.5.

    >>> d = positional_encoding(2, 8)
    >>> d.value("D"), d.value("P")[0]
    ([1, 1, 10, 10, 100, 100, 1000, 1000], [0, 1, 0, 1, 0, 1, 0, 1])
    """
    want_count("length", length)
    want_count("width", width)
    d = Derivation(
        "Positional encoding",
        about="Attention does not know where a word stands. Which numbers can be added to it that "
        "say so?",
    )
    d.section("Given")
    b = d.given("b", base, say="the base, which sets the slowest pair of columns")
    want_shape("base", b, ())
    d.require(b, each("base", lambda x: x > 0, "a number above 0"))
    pos = d.given("pos", [[k] for k in range(length)], say="the positions, one below the other")
    even = d.given("even", [1 - k % 2 for k in range(width)], say="1 in the even columns")
    odd = d.given("odd", [k % 2 for k in range(width)], say="1 in the odd columns")
    d.section("How far one step of the position turns each pair")
    slow = [
        d.step(f"D_{2 * i}", b ** Fraction(2 * i, width), say="the divisor of a pair of columns")
        for i in range((width + 1) // 2)
    ]
    divisors = d.step("D", stack(*[slow[k // 2] for k in range(width)]),
                      say="a divisor for each column; both of a pair have the same")  # fmt: skip
    angles = d.step("Theta", pos / divisors, say="an angle for each position and column")
    d.section("Sines and cosines")
    d.step("P", even * sin(angles) + odd * cos(angles),
           say="the sine in even columns, the cosine in odd ones")  # fmt: skip
    return d


def label_smoothing(
    label: int, classes: int, epsilon: Any = "0.1", *, logits: Sequence[Any] | None = None
) -> Derivation:
    """A label that leaves a little for the other classes: (1 - ε) one-hot + ε / classes.

    With ``logits`` (one for each class) the cross-entropy with the smoothed label follows, and
    its gradient. Raises `GivenError` for a label that is no class or an ε outside 0 to 1,
    `ShapeError` for another number of logits.

    Source: Szegedy et al., Rethinking the Inception Architecture (2016), section 7.

    >>> label_smoothing(0, 4, "0.2").value("y_s")
    [0.85, 0.05, 0.05, 0.05]
    """
    want_count("classes", classes)
    want_count("label", label, 0, classes - 1)
    d = Derivation(
        "Label smoothing",
        about="A label of all or nothing asks for infinite logits. What if we ask for a little "
        "less?",
    )
    d.section("Given")
    y = d.given("y", one_hot(label, classes), say="the label: 1 at the right class")
    eps = d.given("epsilon", epsilon, say="the part that is shared out among all classes")
    want_shape("epsilon", eps, ())
    d.require(eps, each("epsilon", lambda x: 0 <= x <= 1, "a number from 0 to 1"))
    z = None if logits is None else d.given("z", logits, say="what the network puts out")
    if z is not None:
        want_shape("logits", z, (classes,))
    d.section("Smooth")
    smooth = d.step("y_s", (1 - eps) * y + eps / classes,
                    say="a part is taken off the label and shared out equally")  # fmt: skip
    if z is None:
        return d
    d.section("Loss")
    p = d.step("p", softmax(z), say="the network's probabilities")
    loss = d.step("L", -total(smooth * log(p)), say="the cross-entropy with the smoothed label")
    d.section("Backward")
    d.backward(loss, [z])
    return d


def patches(d: Derivation, image: Any, size: int, *, name: str = "X_p") -> Quantity:
    """Append the square patches of an image as rows, from left to right and top to bottom.

    ``image`` is (height, width) or (channels, height, width); a patch of ``size`` by ``size``
    becomes a row of size² · channels numbers, channel after channel. The image is a quantity, or
    becomes the given I. Raises `ShapeError` where
    the patches do not fill the image.

    Source: Dosovitskiy et al., An Image is Worth 16x16 Words (2021), section 3.1.

    >>> d = Derivation("Two patches")
    >>> (image,) = d.givens(I=[[1, 2, 3, 4], [5, 6, 7, 8]])
    >>> d.value(patches(d, image, 2))
    [[1, 2, 5, 6], [3, 4, 7, 8]]
    """
    want_count("size", size)
    image = as_quantity(d, "I", image)
    rank = len(image.shape)
    if rank not in (2, 3) or image.shape[-2] % size or image.shape[-1] % size:
        raise ShapeError(
            f"image has shape {image.shape}; wanted (height, width) or (channels, height, width) "
            f"with both lengths a multiple of {size}"
        )
    every = (slice(None),) * (rank - 2)
    cut = [
        image[(*every, slice(top, top + size), slice(left, left + size))]
        for top in range(0, image.shape[-2], size)
        for left in range(0, image.shape[-1], size)
    ]
    channels = image.shape[0] if rank == 3 else 1
    rows = [reshape(patch, (channels * size * size,)) for patch in cut]
    name += free_mark(d, [name])
    return d.step(name, stack(*rows), say="each patch, its rows one after the other, is a token")


def decode(
    codes: Any, output: Any, *, title: str = "Reading a code",
    about: str = "Which code is the output of a network nearest to?",
) -> Derivation:  # fmt: skip
    """Which of the ``codes`` (a row each) a network's output means: rounded, and by distance.

    ``output`` has as many numbers as a code. At a tie the first of the nearest codes is marked.
    Raises `ShapeError` for sizes that do not fit.

    >>> d = decode([[0, 0], [0, 1], [1, 1]], ["0.2", "0.9"])
    >>> d.value("r"), d.value("D"), d.value("w")
    ([0, 1], [0.85, 0.05, 0.65], [0, 1])
    """
    d = Derivation(title, about=about)
    d.section("Given")
    c = d.given("C", codes, say="the codes, a row each")
    y = d.given("y", output, say="what the network puts out")
    if len(c.shape) != 2 or y.shape != c.shape[1:]:
        raise ShapeError(
            f"codes and output have shapes {c.shape} and {y.shape}; wanted a row for each code, "
            "and an output as long as a row"
        )
    d.section("Rounded")
    d.step("r", at_least(y, "0.5"), say="1 from a half on, else 0")
    d.section("By distance")
    distance = d.step("D", total((c - y) ** 2, axis=1), say="the squared distance to each code")
    near = d.step("m", is_largest(-distance), say="1 at the nearest, the first one at a tie")
    d.step("w", near @ c, say="its code")
    return d


def chunks(length: int, window: int, stride: int) -> Derivation:
    """Where the chunks begin and end into which a long input is cut; tokens count from 1.

    The last chunk ends with the input, be it full or not. Raises `GivenError` for sizes that are
    no whole numbers from 1 on, a window longer than the input or a stride that leaves tokens out;
    in a what-if also for sizes with which there are fewer chunks than are listed.

    >>> d = chunks(11, 4, 3)
    >>> d.value("n"), d.value("first_4"), d.value("last_4")
    (4, 10, 11)
    """
    for name, value in (("length", length), ("window", window), ("stride", stride)):
        want_count(name, value)
    d = Derivation(
        "A long input in chunks",
        about="A network takes in only so many tokens at once. How do we cut up a longer input?",
    )
    d.section("Given")
    whole, w, s = d.givens(length=length, window=window, stride=stride)
    d.section("Chunks")
    for name, q in (("length", whole), ("window", w), ("stride", s)):
        d.require(q, whole_number(name))
    d.require(whole - w, not_below("window is longer than the input; wanted one that fits"))
    d.require(w - s, not_below("stride is longer than the window; wanted no token left out"))
    count = -(-(length - window) // stride) + 1
    say = f"how many chunks, one begun counted whole; the first {count} of them follow"
    n = d.step("n", floor((whole - w + s - 1) / s) + 1, say=say)
    d.require(n, each("number of chunks", lambda x: x >= count, f"the {count} that are listed"))
    d.step("o", w - s, say="how many tokens each shares with the one before it")
    for k in range(count):
        first = d.step(f"first_{k + 1}", 1 + s * k, say=f"where chunk {k + 1} begins")
        last = first + w - 1
        if k == count - 1:
            last = minimum(last, whole)
        d.step(f"last_{k + 1}", last, say="and where it ends")
    return d
