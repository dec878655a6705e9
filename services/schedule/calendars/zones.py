"""Zones of strangers, refused where their rules are none that a real zone has."""

from __future__ import annotations

import re

from contracts.errors import invalid

_RULE = re.compile(r"^(?:RRULE|EXRULE)[^:\n]*:(.*)$", re.MULTILINE | re.IGNORECASE)
_ZONE = re.compile(
    r"^BEGIN:VTIMEZONE\s*$.*?^END:VTIMEZONE\s*$",
    re.MULTILINE | re.DOTALL | re.IGNORECASE,
)
_VEILED = re.compile(r"^(?:BEGIN|END)\s*;", re.MULTILINE | re.IGNORECASE)
_ZONE_BEGIN = re.compile(r"^BEGIN:VTIMEZONE", re.MULTILINE | re.IGNORECASE)
# A day every year has, so that finding it ends.
_ZONE_PART = re.compile(
    r"FREQ=YEARLY|INTERVAL=1|BYMONTH=\d\d?|BYDAY=[-+]?[1-4][A-Z]{2}|WKST=[A-Z]{2}"
    r"|UNTIL=\d{8}(T\d{6}Z?)?"
)
_MOST_ZONES = 50


def require_plain_zones(unfolded: str) -> None:
    """Before parsing, as a parser expands the rules of zones already.

    Raises: Invalid.
    """
    if _VEILED.search(unfolded):
        raise invalid("", "Berkas kalender tidak dapat dibaca")
    # Counted first: looking for the ends of thousands that have none takes minutes.
    if len(_ZONE_BEGIN.findall(unfolded)) > _MOST_ZONES:
        raise invalid("/vtimezone", f"Paling banyak {_MOST_ZONES} zona waktu")
    for rule in _RULE.findall("\n".join(_ZONE.findall(unfolded))):
        if not all(map(_ZONE_PART.fullmatch, rule.strip().upper().split(";"))):
            raise invalid("/vtimezone", "Aturan zona waktu ini tidak dikenal")
