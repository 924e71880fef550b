"""The code of document 004 in Keras 3 and PyTorch, beside the derivations by hand.

The frameworks are an extra (requirements-frameworks.txt): this room is the only one that imports
them, and only when code runs. What a learner reads is what runs: a listing is a text, shown and
executed as it stands.
"""

from __future__ import annotations

from dlhand.frameworks.beside import beside
from dlhand.frameworks.listing import FRAMEWORKS, listing
from dlhand.frameworks.needs import needs
from dlhand.frameworks.trials import trials

__all__ = ["FRAMEWORKS", "beside", "listing", "needs", "trials"]
