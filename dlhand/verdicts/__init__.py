"""Verdicts: how the numbers that documents print relate to the true values, and a table of them."""
