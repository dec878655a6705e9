r"""Texts of a stranger's calendar, read by the letter of RFC 5545 3.3.11.

`icalendar` takes ``%2C`` for a comma and an escaped backslash before an n for a line
break. So it is given the texts we read as hexadecimal digits, which it cannot misread,
and `text_of` reads them: the mirror of `writing`'s lines.
"""

from __future__ import annotations

import re
from typing import Any

_BREAKS = re.compile(r"(?:\r?\n)+")
_FOLD = re.compile(r"\n[ \t]")
_LINE = re.compile(
    r'^(?P<name>UID|SUMMARY|LOCATION)(?:;(?:[^":\n]|"[^"\n]*")*)?:(?P<text>.*)$',
    re.IGNORECASE | re.MULTILINE,
)
# All that the libraries and we read, of zones too; one property of two megabytes takes
# the library seconds.
_READ = (
    *("BEGIN", "END", "CALSCALE", "X-WR-TIMEZONE", "UID", "SUMMARY", "LOCATION"),
    *("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"),
    *("STATUS", "TRANSP", "CLASS", "SEQUENCE"),
    *("TZID", "TZNAME", "TZOFFSETFROM", "TZOFFSETTO"),
)
_UNREAD = re.compile(
    rf"^(?!(?:{'|'.join(_READ)})[;:])[\w.-]+[;:].*\n?", re.IGNORECASE | re.MULTILINE
)
_MOST_PARAMETERS = 1_000
_LONG = re.compile(
    rf'^(?!UID|SUMMARY|LOCATION)[\w.-]+;(?:[^":\n]|"[^"\n]*"){{{_MOST_PARAMETERS}}}',
    re.IGNORECASE | re.MULTILINE,
)
_ESCAPED = re.compile(r"\\(.)")


def unfolded(content: str) -> str:
    """Empty lines are gone first, as the library reads them: it would spend minutes
    on a file of nothing else."""
    return _FOLD.sub("", _BREAKS.sub("\n", content))


def concealed(lines: str) -> str:
    """Unfolded lines, their texts as digits and without parameters. What nobody reads
    is left out: of a million categories the library took a quarter of a minute.

    Raises: ValueError: no UTF-8, or parameters nobody writes.
    """
    read = _UNREAD.sub("", lines)
    if _LONG.search(read):
        raise ValueError("parameters")
    return _LINE.sub(lambda line: f"{line['name']}:{line['text'].encode().hex()}", read)


def text_of(event: Any, name: str) -> str:
    """Of a concealed file; the first, when it is there twice, empty without any."""
    value = event.get(name, "")
    digits = value[0] if isinstance(value, list) else value
    return _unescaped(bytes.fromhex(str(digits)).decode())


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], text)
