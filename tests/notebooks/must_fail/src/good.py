# %% [markdown]
r"""
# The untampered twin

Every kind of output that a notebook of the course stores. This notebook passes; each of the others
in this folder is this one with one thing falsified, and must be caught.
"""

# %%
from fractions import Fraction

import anywidget
from IPython.display import SVG, Markdown, Math
from ipywidgets import HTMLMath

# %%
Fraction(1, 3) + Fraction(1, 4)

# %%
print("z = 0.365")

# %%
Math("z = 0.1 \\cdot 0.15 + 0.35 = 0.365")

# %%
Markdown("The neuron answers with **0.59**.")

# %%
SVG('<svg xmlns="http://www.w3.org/2000/svg" width="60" height="20"><text y="15">0.59</text></svg>')

# %%
HTMLMath("$a = 0.59$")


# %%
class Player(anywidget.AnyWidget):
    _esm = "export default {render({el}) {el.textContent = 'z = 0.365'}}"

    def _repr_mimebundle_(self, **options):
        view, _ = super()._repr_mimebundle_(**options)
        return {**view, "text/plain": "Player", "text/html": "<p>z = 0.365</p>"}


# %%
Player()
