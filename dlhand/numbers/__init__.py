"""Exact numbers, enclosures and proven digits: the arithmetic under every step."""
