"""Pictures drawn with matplotlib, as SVG that is the same to the byte on every run.

matplotlib is imported when a picture is drawn. Every picture has a text alternative. What is drawn
is computed by the engine from the same formulas as everywhere; no function is written out again.
"""

from dlhand.plots.boundaries import Panel, boundaries, unit_line
from dlhand.plots.curves import activation_curves, loss_curves
from dlhand.plots.descent import loss_over_steps, optimiser_paths

__all__ = [
    "Panel",
    "activation_curves",
    "boundaries",
    "loss_curves",
    "loss_over_steps",
    "optimiser_paths",
    "unit_line",
]
