"""The figures of the widgets: what a tick of a slider costs in a real kernel.

A tick is the message of a front end that a slider has moved, handled as the kernel handles it,
until the values that follow from it have been sent. Every tick brings values that were not there
before: the sliders of a derivation move in turn, each to a place of its own.
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


def slider() -> Iterator[Figure]:
    """A tick of what-if, against a bare slider that sets one HTMLMath of equal size."""
    for line in _in_a_kernel("from benchmarks import widgets; widgets.measure()").splitlines():
        name, ours, bare, size = json.loads(line)
        detail = f"{ours * 1e3:.2f} ms; bare {bare * 1e3:.2f} ms; {size / 1024:.1f} KiB are sent"
        if name == "slider":
            yield Figure(name, "a bare slider that sets one HTMLMath", ours / bare, 10, detail)
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
    """A function that moves the next slider, what is then sent, and how many sliders there are."""
    import dlhand

    what_if = dlhand.load(example).explore()
    sliders = [c.slider for c in what_if.controls.values() if c.slider is not None]
    places = [_places(slider) for slider in sliders]
    turns = cycle(zip(sliders, places, strict=True))

    def tick() -> None:
        slider, values = next(turns)
        before = what_if.player.numbers
        _move(slider, next(values))
        assert what_if.player.numbers is not before

    tick()
    return tick, json.dumps(what_if.player.numbers, ensure_ascii=False), len(sliders)


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
    """Handle a front end's message that a slider has moved, as the kernel does."""
    from IPython import get_ipython

    data = {"method": "update", "state": {"value": value}, "buffer_paths": []}
    content = {"comm_id": slider.comm.comm_id, "data": data}
    message = {"content": content, "buffers": [], "header": {}, "metadata": {}}
    get_ipython().kernel.comm_manager.comm_msg(None, None, message)
    assert abs(slider.value - value) < 1e-9
