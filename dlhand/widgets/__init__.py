"""What a learner touches in a notebook: the step player and the what-if controls.

The only room that imports ipywidgets and anywidget, and thin: it knows no formula.
"""
