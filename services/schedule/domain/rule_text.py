"""The text of a recurrence rule: only rules of whole days are read."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from functools import partial

from dateutil.rrule import rrulestr

from contracts.codec import ZONE
from contracts.errors import invalid

_ALWAYS = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"})
_MONTHLY = _ALWAYS | {"BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS"}
_PARTS = {
    "DAILY": _ALWAYS | {"BYDAY", "BYMONTH"},
    "WEEKLY": _ALWAYS | {"BYDAY"},
    "MONTHLY": _MONTHLY,
    "YEARLY": _MONTHLY | {"BYYEARDAY", "BYWEEKNO"},
}
_PLAIN_DAYS = re.compile(r"(MO|TU|WE|TH|FR|SA|SU)(,(MO|TU|WE|TH|FR|SA|SU))*")

wrong = partial(invalid, "/recurrence/rrule")


def parts_of(text: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for part in text.upper().removeprefix("RRULE:").split(";"):
        name, _, value = part.partition("=")
        if not value or name in parts:
            raise wrong("Aturan pengulangan tidak terbaca")
        parts[name] = value
    _require_known(parts)
    return parts


def _require_known(parts: dict[str, str]) -> None:
    known = _PARTS.get(parts.get("FREQ", ""))
    if known is None:
        raise wrong("Pengulangan harus harian, mingguan, bulanan, atau tahunan")
    if foreign := sorted(parts.keys() - known):
        raise wrong(f"{foreign[0]} tidak berlaku untuk {parts['FREQ']}")
    if "COUNT" in parts and "UNTIL" in parts:
        raise wrong("Pilih COUNT atau UNTIL, tidak keduanya")
    days = parts.get("BYDAY", "MO")
    if parts["FREQ"] in ("DAILY", "WEEKLY") and not _PLAIN_DAYS.fullmatch(days):
        raise wrong("BYDAY tidak terbaca")


def pattern_of(parts: dict[str, str]) -> str:
    """The rule without its end, once the library reads it."""
    if "INTERVAL" in parts:
        number_of(parts, "INTERVAL", 1000)
    kept = ((key, parts[key]) for key in parts if key not in ("COUNT", "UNTIL"))
    pattern = ";".join(f"{key}={value}" for key, value in kept)
    try:
        rrulestr(pattern, dtstart=datetime.combine(date(9600, 1, 1), time.min))
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise wrong("Aturan pengulangan tidak terbaca") from error
    return pattern


def number_of(parts: dict[str, str], name: str, most: int) -> int:
    text = parts[name]
    if not re.fullmatch(r"[0-9]{1,6}", text) or not 1 <= int(text) <= most:
        raise wrong(f"{name} harus antara 1 dan {most}")
    return int(text)


def until_of(text: str) -> datetime:
    """A date means all of the local day; without ``Z`` a time is local."""
    shape = "%Y%m%d" if len(text) == len("20261126") else "%Y%m%dT%H%M%S"
    try:
        zone = UTC if text.endswith("Z") else ZONE
        at = datetime.strptime(text.removesuffix("Z"), shape).replace(tzinfo=zone)
    except ValueError as error:
        raise wrong("UNTIL tidak terbaca") from error
    return datetime.combine(at, time.max, zone) if shape == "%Y%m%d" else at
