"""The course as a folder of one's own: a copy of the chapters, opened in JupyterLab.

The chapters come with the package. Who works in a copy changes it, and what a learner has changed
is never written over (`copy`). JupyterLab is an extra, and is there only when it starts (`start`),
with a connection to kernels that holds nothing back (`connection`).
"""
