"""``Range`` of RFC 9110: one range of bytes, or the whole."""

from __future__ import annotations

import re

_ONE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


class Unsatisfiable(Exception):
    """The range lies outside of the file: 416."""


def wanted(header: str | None, size: int) -> tuple[int, int] | None:
    """Half-open (start, end); None = the whole. Several ranges get the whole."""
    match = _ONE.fullmatch(header.replace(" ", "")) if header else None
    if match is None or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if not first:
        start, end = max(size - int(last), 0), size
        if int(last) == 0:
            raise Unsatisfiable
    else:
        start = int(first)
        end = min(int(last) + 1, size) if last else size
        if last and int(last) < start:
            return None  # nonsense is ignored, says the RFC
    if start >= size:
        raise Unsatisfiable
    return start, end
