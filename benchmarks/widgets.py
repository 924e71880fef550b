"""The figures of the widgets: what a tick of a slider costs in a real kernel.

A tick is the message of a front end that a slider has moved, handled as the kernel handles it,
until all that follows has been sent: the result that is watched, the picture and the curve. One
slider moves on to new places, as under a hand; every so often it is the next one's turn, and then
the curve is another.
"""

import json
import random
import sys
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

from benchmarks.measure import Figure, alternate

ROOT = Path(__file__).resolve().parent.parent
SLIDERS, MOVES = 3, 5
"""Of so many sliders each moves so many times, before the next one does."""


def slider() -> Iterator[Figure]:
    """A tick of what-if, against a bare slider that sets one HTMLMath of equal size.

    Most of it is the drawing of the picture, anew and with proven digits; `benchmarks.page` bounds
    the whole, to the paint.
    """
    for line in _in_a_kernel("from benchmarks import widgets; widgets.measure()").splitlines():
        name, ours, bare, size = json.loads(line)
        detail = f"{ours * 1e3:.2f} ms; bare {bare * 1e3:.2f} ms; {size / 1024:.1f} KiB are sent"
        if name == "slider":
            yield Figure(name, "a bare slider that sets one HTMLMath", ours / bare, 20, detail)
        else:
            yield Figure(name, "nothing (ms)", ours * 1e3, 20, detail)


FIGURES = (slider,)


def _in_a_kernel(code: str) -> str:
    """What code prints when it is run as a cell of a kernel."""
    from jupyter_client.manager import run_kernel

    printed: list[str] = []

    def take(message: Any) -> None:
        if message["msg_type"] == "stream":
            printed.append(message["content"]["text"])

    with run_kernel(cwd=ROOT) as client:
        paths = f"import sys; sys.path[:] = {sys.path!r}\n"
        reply = client.execute_interactive(paths + code, output_hook=take)["content"]
    if reply["status"] != "ok":
        raise SystemExit("\n".join(reply["traceback"]))
    return "".join(printed)


# ---- In the kernel


def measure() -> None:
    """Print, for each derivation, the seconds of a tick, of a bare one, and the size sent."""
    for name, example in (("slider", "002-net222"), ("slider-lstm", "002-lstm")):
        tick, sent, calls = ticks(example)
        ours, bare = alternate(tick, bare_ticks(sent), calls=calls, rounds=31)
        print(json.dumps([name, ours, bare, len(sent)]), flush=True)


def ticks(example: str) -> tuple[Callable[[], None], str, int]:
    """A function that moves a slider, what is then sent, and how many moves make a round."""
    import dlhand

    what_if = dlhand.load(example).explore(picture="graph")
    sliders = {name: c.slide for name, c in what_if.controls.items() if c.slide is not None}
    turns = cycle([name for name in list(sliders)[:SLIDERS] for _ in range(MOVES)])
    places = {name: _notches(slide) for name, slide in sliders.items()}

    def tick() -> None:
        name = next(turns)
        before = what_if.givens
        _ask(what_if, {"type": "slide", "id": 1, "name": name, "notch": next(places[name])})
        assert what_if.givens is not before

    tick()
    sent = [what_if.givens, what_if.result, what_if.drawn, what_if.curve]
    return tick, json.dumps(sent, ensure_ascii=False), SLIDERS * MOVES


def _notches(slide: Any) -> Iterator[int]:
    """The notches of a slider in a mixed order, so that each is new."""
    notches = range(slide.low, slide.high + 1)
    return cycle(random.Random(1).sample(notches, len(notches)))


def bare_ticks(markup: str) -> Callable[[], None]:
    """A function that moves a slider whose observer sets one HTMLMath to such markup."""
    from ipywidgets import FloatSlider, HTMLMath

    slider, shown = FloatSlider(min=0, max=1, step=1e-6), HTMLMath()
    rest = markup[10:]
    slider.observe(lambda change: setattr(shown, "value", f"{change.new:.8f}{rest}"), "value")
    values = _places(slider)
    return lambda: _move(slider, next(values))


def _places(slider: Any) -> Iterator[float]:
    """The places of a slider in a mixed order, so that each is new."""
    count = round((slider.max - slider.min) / slider.step)
    order = random.Random(1).sample(range(count + 1), count + 1)
    return cycle([slider.min + place * slider.step for place in order])


def _move(slider: Any, value: float) -> None:
    """Handle a front end's message that a slider has moved."""
    _handle(slider, {"method": "update", "state": {"value": value}, "buffer_paths": []})
    assert abs(slider.value - value) < 1e-9


def _ask(widget: Any, content: dict[str, Any]) -> None:
    """Handle a message of a front end's own."""
    _handle(widget, {"method": "custom", "content": content})


def _handle(widget: Any, data: dict[str, Any]) -> None:
    """Handle a front end's message as the kernel does."""
    from IPython import get_ipython

    content = {"comm_id": widget.comm.comm_id, "data": data}
    message = {"content": content, "buffers": [], "header": {}, "metadata": {}}
    get_ipython().kernel.comm_manager.comm_msg(None, None, message)
