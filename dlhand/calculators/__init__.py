"""Calculators: what the worked examples are made of, for any sizes and a learner's own numbers."""
