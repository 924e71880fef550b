"""One block of an encoder, normalised after each sum, in PyTorch."""

from __future__ import annotations

import random
from typing import Any

EPSILON = 0.001


def cases() -> dict[str, Any]:
    import torch

    torch.set_default_dtype(torch.float64)
    found = {}
    for name, tokens, width, hidden in (("two tokens", 2, 2, 3), ("three tokens", 3, 4, 2)):
        rng = random.Random(name)
        shapes = {
            "x": (tokens, width), "w_q": (width, width), "w_k": (width, width),
            "w_v": (width, width),
            "w_1": (width, hidden), "b_1": (hidden,), "w_2": (hidden, width), "b_2": (width,),
            "gain": (width,), "shift": (width,), "target": (tokens, width),
        }  # fmt: skip
        numbers = {key: _random(rng, shape) for key, shape in shapes.items()}
        t = {key: torch.tensor(value, requires_grad=True) for key, value in numbers.items()}
        norm = torch.nn.functional.layer_norm
        queries, keys, values = (t["x"] @ t[key] for key in ("w_q", "w_k", "w_v"))
        attended = torch.nn.functional.scaled_dot_product_attention(queries, keys, values)
        n = norm(t["x"] + attended, (width,), t["gain"], t["shift"], EPSILON)
        f = torch.relu(n @ t["w_1"] + t["b_1"]) @ t["w_2"] + t["b_2"]
        y = norm(n + f, (width,), eps=EPSILON)
        loss = ((y - t["target"]) ** 2).sum() / 2
        loss.backward()
        slopes = {key: t[key].grad.tolist() for key in shapes if key != "target"}
        found[name] = {
            "inputs": numbers | {"epsilon": EPSILON},
            "call": "layer_norm, scaled_dot_product_attention, relu of torch.nn.functional",
            "y": y.tolist(), "loss": loss.item(), "gradients": slopes,
        }  # fmt: skip
    return found


def _random(rng: random.Random, shape: tuple[int, ...]) -> Any:
    if not shape:
        return rng.randint(-20, 20) / 10
    return [_random(rng, shape[1:]) for _ in range(shape[0])]
