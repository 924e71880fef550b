"""Listings: code in a framework that computes what an example works out by hand.

A listing is the file ``listings/EXAMPLE.FRAMEWORK.txt``. It finds the givens of the example under
their names, as NumPy arrays or floats, and leaves a dictionary ``found``: by the name of a step,
the framework's value of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple

from dlhand.errors import UnknownName, nearest
from dlhand.frameworks.needs import packages, quiet

if TYPE_CHECKING:
    from dlhand.worked import Derivation

__all__ = ["FRAMEWORKS", "Listing", "listing"]

FRAMEWORKS = {"keras": "Keras", "pytorch": "PyTorch"}
"""By the ending of a listing's name, what the framework is called."""
_END = ".txt"


class Listing(NamedTuple):
    """A program text of an example; a notebook shows it with its colours."""

    name: str
    text: str

    def run(self, givens: Mapping[str, Any]) -> dict[str, Any]:
        """Run it on the givens; what it leaves in ``found``, as NumPy arrays."""
        names = {**packages(), **givens}
        with quiet():
            exec(compile(self.text, self.name, "exec"), names)
        return {step: _array(value) for step, value in names["found"].items()}

    def __repr__(self) -> str:
        return self.text.rstrip()

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, str]:
        return {
            "text/markdown": f"```python\n{self.text.rstrip()}\n```",
            "text/plain": repr(self),
        }


def listing(example: str, framework: str) -> Listing:
    """The listing of an example in a framework, "keras" or "pytorch".

    Raises `UnknownName` where there is none.

    >>> print(str(listing("004-gd", "pytorch")).splitlines()[0])
    weights = torch.tensor(weights_0, requires_grad=True)
    """
    folder = files(__package__) / "listings"
    name = f"{example}.{framework}"
    known = sorted(p.name.removesuffix(_END) for p in folder.iterdir() if p.name.endswith(_END))
    if name not in known:
        raise UnknownName(f"no listing is called {name!r}{nearest(name, known)}")
    return Listing(name, (folder / f"{name}{_END}").read_text(encoding="utf-8"))


def givens_of(d: Derivation) -> dict[str, Any]:
    """The givens of a derivation by name, for a listing: floats, and arrays of 64 bits."""
    np = packages()["np"]
    found = {}
    for entry in d.entries:
        if entry.rule is None:
            numbers = [float(real) for real in d.evaluation.reals(entry.index)]
            found[entry.name] = (
                np.array(numbers).reshape(entry.shape) if entry.shape else numbers[0]
            )
    return found


def _array(value: Any) -> Any:
    """An array of what a framework computed: a tensor of either, or plain numbers."""
    modules = packages()
    if isinstance(value, modules["torch"].Tensor):
        value = value.detach()
    elif isinstance(value, modules["keras"].Variable):
        value = value.value.detach()
    return modules["np"].asarray(value, dtype=float)
