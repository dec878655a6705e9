"""How personal numbers are shown."""

from __future__ import annotations

_SHOWN = 4


def masked(nip: str | None) -> str | None:
    """The last four digits of a civil servant's number; the rest is nobody's."""
    if nip is None:
        return None
    hidden = max(0, len(nip) - _SHOWN)
    return "•" * hidden + nip[hidden:]
