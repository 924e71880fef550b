"""Autoencoders: a linear one forward and backward, a deep one counted, a denoising one (003)."""

from __future__ import annotations

from functools import reduce
from operator import add

from dlhand import Derivation, sqrt, total
from dlhand.calculators.counting import Dense, count, image
from dlhand.derivation.entries import Step
from dlhand.examples import erratum, example
from dlhand.operations.quantity import Quantity


@example("003-autoencoder", "13_autoencoders")
def autoencoder() -> Derivation:
    """A linear autoencoder from two numbers to one and back."""
    d = Derivation(
        "An autoencoder with one hidden number",
        about="Two numbers are squeezed into one and unfolded again. How far is the result from "
        "what went in, and how do the weights learn to bring it nearer?",
    )
    d.section("Given")
    x = d.given("x", [2, 0], say="what goes in")
    w_e = d.given("W_e", [["0.5", -1]], say="the weights of the encoder")
    w_d = d.given("W_d", [[1], ["0.5"]], say="the weights of the decoder")
    d.section("Forward")
    h = d.step("h", w_e @ x, say="the encoder: two numbers become one, the code")
    x_hat = d.step("x_hat", w_d @ h, say="the decoder: the code becomes two numbers again")
    e = d.step("e", x_hat - x, say="how far each number is off")
    squares = d.step("q", e**2, say="squared")
    s = d.step("S", total(squares), say="the squared distance")
    d.step("d", sqrt(s), say="the distance itself, which the loss does not need")
    loss = d.step("L", s / 2, say="the loss: half the squared distance")
    d.section("Backward")
    d.backward(loss, [w_d, w_e])
    return d


@example("003-autoencoder-step", "13_autoencoders")
def one_step() -> Derivation:
    """One step of gradient descent for the linear autoencoder."""
    d = Derivation(
        "The autoencoder learns",
        about="Does one step against the gradient bring the result nearer? The learning rate is "
        "ours.",
    )
    d.section("Given")
    x = d.given("x", [2, 0], say="what goes in")
    w_e = d.given("W_e", [["0.5", -1]], say="the weights of the encoder")
    w_d = d.given("W_d", [[1], ["0.5"]], say="the weights of the decoder")
    eta = d.given("eta", "0.1", say="the learning rate")
    loss = _squeeze(d, x, x, w_e, w_d)
    d.section("Backward")
    g = d.backward(loss, [w_d, w_e])
    d.section("Update")
    new_e = d.step("W_e'", w_e - eta * g[w_e], say="the encoder, one step against its gradient")
    new_d = d.step("W_d'", w_d - eta * g[w_d], say="the decoder likewise")
    again = _squeeze(d, x, x, new_e, new_d, "'")
    d.section("Gain")
    d.step("G", loss - again, say="how much smaller the loss is")
    return d


def _squeeze(
    d: Derivation, x: Quantity, clean: Quantity, w_e: Quantity, w_d: Quantity, mark: str = ""
) -> Quantity:
    """Code, result and loss against ``clean``; ``mark`` is added to every name."""
    d.section("Forward" + (" again" if mark else ""))
    h = d.step("h" + mark, w_e @ x, say="the code")
    x_hat = d.step("x_hat" + mark, w_d @ h, say="what comes out")
    loss = total((x_hat - clean) ** 2) / 2
    return d.step("L" + mark, loss, say="half the squared distance")


@example("003-deep-denoising", "13_autoencoders")
def denoising() -> Derivation:
    """A denoising autoencoder: noise goes in, the clean input is the target."""
    d = Derivation(
        "A denoising autoencoder",
        about="We add noise to the input but compare the result with the clean one, so that the "
        "network has to learn what is noise. One hidden number, one draw of the noise, one step; "
        "all numbers are ours.",
    )
    d.section("Given")
    x = d.given("x", [2, 1], say="the clean input")
    n = d.given("n", ["0.5", "-0.5"], say="one draw of Gaussian noise")
    w_e = d.given("W_e", [["0.5", "0.5"]], say="the weights of the encoder")
    w_d = d.given("W_d", [[1], ["0.5"]], say="the weights of the decoder")
    d.section("Noise")
    noisy = d.step("x_tilde", x + n, say="what the network gets")
    loss = _squeeze(d, noisy, x, w_e, w_d)
    d.section("Not the target")
    d.step("L_n", total((d["x_hat"] - noisy) ** 2) / 2, say="the distance from the noisy input")
    d.section("Backward")
    g = d.backward(loss, [w_d, w_e])
    d.section("Update")
    new_e = d.step("W_e'", w_e - "0.1" * g[w_e], say="the encoder, one step against its gradient")
    new_d = d.step("W_d'", w_d - "0.1" * g[w_d], say="the decoder likewise")
    _squeeze(d, noisy, x, new_e, new_d, "'")
    return d


@example("003-deep-denoising-stack", "13_autoencoders")
def deep_stack() -> Derivation:
    """The layers of a deep autoencoder: narrowing, then widening."""
    d = Derivation(
        "A deep autoencoder",
        about="The encoder narrows layer by layer down to the code, and the decoder widens again "
        "in the same steps. How many weights does each layer learn? The sizes are ours: images "
        "of 8 by 8 pixels.",
    )
    d.section("Input")
    widths = {"encode1": 32, "encode2": 16, "code": 4, "decode1": 16, "decode2": 32, "out": 64}
    layers = [Dense(name, units) for name, units in widths.items()]
    volumes = count(d, image(d, 8, 1), layers)
    d.section("All layers")
    parameters = [volume.parameters for volume in volumes]
    d.step("P", reduce(add, parameters), say="the parameters of all layers")
    d.step("r", volumes[2].activations / d["A"], say="the code, as a share of the input")
    return d


@erratum("003-autoencoder-root", example="003-autoencoder", line=622)
def root_in_loss() -> tuple[Derivation, Step, Step]:
    """The loss halves the distance itself: the square of the norm has become a root."""
    d = Derivation("The loss of an autoencoder, as printed and right")
    x, x_hat = d.givens(x=[2, 0], x_hat=[1, "0.5"])
    s = d.step("S", total((x_hat - x) ** 2), say="the squared distance")
    wrong = d.step("L_printed", sqrt(s) / 2, say="as printed")
    right = d.step("L_right", s / 2, say="half the squared distance")
    return d, wrong, right


@erratum("003-autoencoder-plus", example="003-autoencoder", line=620)
def plus_for_times() -> tuple[Derivation, Step, Step]:
    """The decoder adds the code to its weights where it has to multiply."""
    d = Derivation("The decoder, as printed and right")
    w_d, h = d.givens(W_d=[1, "0.5"], h=1)
    wrong = d.step("x_printed", w_d + h, say="as printed")
    right = d.step("x_right", w_d * h, say="each weight times the code")
    return d, wrong, right
