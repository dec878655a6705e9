"""Values of what stands in old tables: text, days, instants; nothing is guessed twice."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from contracts.codec import ZONE
from contracts.fields import EARLIEST_YEAR

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_TAG = re.compile(
    r"</?(?:p|br|b|i|u|strong|em|span|div|ul|ol|li|font|table|tr|td|h[1-6])\b[^>]*>",
    re.IGNORECASE,
)
_MOJIBAKE = re.compile("[\u00c2\u00c3\u00e2][\u0080-\u00bf\u0152-\u0178\u2013-\u2122]")
_ZERO = re.compile(r"0{2,4}[-/.]0{1,2}[-/.]0{1,4}")
_TIMES = ("", " %H:%M:%S", " %H:%M", "T%H:%M:%S")


class BadDate(ValueError):
    """What stands there is no date in any of the known forms."""


def text(value: Any, encoding: str = "utf-8") -> str | None:
    """Readable text: entities and tags of web forms resolved, bytes that were decoded
    wrongly put right, control characters gone. None for what is empty."""
    if value is None:
        return None
    if isinstance(value, (bytes, memoryview)):
        value = bytes(value).decode(encoding, "replace")
    found = _unbroken(str(value))
    for _ in range(3):  # some were escaped on each save
        plain = html.unescape(found)
        if plain == found:
            break
        found = plain
    found = _CONTROL.sub("", _TAG.sub(" ", found).replace("\xa0", " "))
    lines = (" ".join(line.split()) for line in found.splitlines())
    return "\n".join(line for line in lines if line) or None


def line(value: Any, encoding: str = "utf-8") -> str | None:
    """The same on one line."""
    found = text(value, encoding)
    return " ".join(found.split()) if found else None


def _unbroken(given: str) -> str:
    """UTF-8 that was once read as Windows-1252 (``Ã©`` for ``é``)."""
    if not _MOJIBAKE.search(given):
        return given
    try:
        return b"".join(map(_byte, given)).decode("utf-8")
    except UnicodeError:
        return given


def _byte(character: str) -> bytes:
    try:
        return character.encode("cp1252")
    except UnicodeEncodeError:
        return character.encode("latin-1")


def moment(value: Any, forms: Sequence[str]) -> datetime | None:
    """An instant; a day alone is its noon in the regency, so that no zone moves it.

    None for what is empty or MySQL's zero date. Raises: BadDate.
    """
    if isinstance(value, datetime):
        return _sane(value if value.tzinfo else value.replace(tzinfo=ZONE))
    if isinstance(value, date):
        return _sane(datetime.combine(value, time(12), ZONE))
    found = line(value)
    if found is None or found in ("-", "0") or _ZERO.match(found):
        return None
    for form in forms:
        for clock in _TIMES:
            try:
                read = datetime.strptime(found[:19], form + clock)  # noqa: DTZ007
            except ValueError:
                continue
            read = read if clock else read.replace(hour=12)
            return _sane(read.replace(tzinfo=ZONE))
    raise BadDate(f"bukan tanggal: {found[:40]}")


def day(value: Any, forms: Sequence[str]) -> date | None:
    found = moment(value, forms)
    return found.astimezone(ZONE).date() if found else None


def _sane(found: datetime) -> datetime:
    if found.year < EARLIEST_YEAR:
        raise BadDate(f"tahun tidak masuk akal: {found.year}")
    return found.astimezone(UTC)
