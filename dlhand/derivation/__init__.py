"""Derivations: givens and steps in order, their evaluation, and the backward pass."""
