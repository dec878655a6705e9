"""The one error an operator sees: a single line saying what is wrong and what to do."""

from __future__ import annotations


class StackError(Exception):
    """Ends the command with `rakat: <message>` and exit status 1."""
