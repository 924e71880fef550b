"""The packages that widgets are made of, for the modules of this room."""

from dlhand.extras import needed

with needed():
    import anywidget
    import ipywidgets
    import traitlets

__all__ = ["anywidget", "ipywidgets", "traitlets"]
