"""The exit statuses of what did not go well."""

from __future__ import annotations

CHANGED, REFUSED, UNWRITTEN = 1, 2, 3
"""A verdict has changed; something cannot be used; something cannot be written."""
