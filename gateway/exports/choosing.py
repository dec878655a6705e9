"""Which form of a list a caller wants: of its address, or of ``Accept``."""

from __future__ import annotations

from aiohttp import web

_TYPES = {
    "text/csv": "csv",
    "application/pdf": "pdf",
    "application/json": "json",
    "*/*": "json",
}


def format_of(wanted: str | None, request: web.Request) -> str:
    """What the address says, else the type the caller likes best of ours."""
    if wanted is not None:
        return wanted
    best, kind = 0.0, "json"
    for part in request.headers.get("Accept", "").split(","):
        media_type, _, rest = part.strip().partition(";")
        quality = _quality(rest)
        known = _TYPES.get(media_type.strip().lower())
        if known is not None and quality > best:
            best, kind = quality, known
    return kind


def _quality(text: str) -> float:
    name, _, value = text.replace(" ", "").partition("=")
    try:
        return float(value) if name == "q" else 1.0
    except ValueError:
        return 0.0
