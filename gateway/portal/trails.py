"""A letter's trail ready to be read, and the document that is carried away."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contracts import codec
from gateway.portal import labels, words

FORMAT = "rakat-trail-v1"
FACTS: dict[str, str] = {
    **labels.CHANGED,
    "number": "nomor",
    "dated_on": "tanggal surat",
    "received_at": "waktu terima",
    "sender": "pengirim",
    "summary": "ringkasan",
    "external_ref": "rujukan luar",
    "invitation": "undangan",
}
_CODES = {"urgency": {code: text for code, (text, _) in labels.URGENCIES.items()}}
_CODES["secrecy"] = dict(labels.SECRECIES)

Row = dict[str, Any]


@dataclass(frozen=True)
class Correction:
    """One fact of a correction, in words; None stands for nothing."""

    name: str
    before: str | None
    after: str | None


def corrections(entry: Row) -> list[Correction]:
    """What a line changed, of corrections and of raised secrecy."""
    detail = entry["detail"]
    if entry["action"] == "secrecy_raised":
        return [_correction({"field": "secrecy", **detail})]
    return [_correction(one) for one in detail.get("changes") or ()]


def _correction(change: Row) -> Correction:
    field = str(change["field"])
    return Correction(
        name=FACTS.get(field, field),
        before=_text(field, change["before"]),
        after=_text(field, change["after"]),
    )


def _text(field: str, value: Any) -> str | None:
    if value in (None, [], ""):
        return None
    if field == "file_ids":
        return f"{len(value)} berkas"
    if isinstance(value, dict):
        shown = (_text("", each) for each in value.values())
        return ", ".join(text for text in shown if text)
    text = str(value)
    if field == "received_at" or (field == "" and _is_instant(text)):
        return words.moment_full(text)
    return _CODES.get(field, {}).get(text, text)


def _is_instant(text: str) -> bool:
    return re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d.*", text) is not None


def short_seal(seal: str) -> str:
    """``9f2c 41ab … 38e9``: enough to compare by eye."""
    return f"{seal[:4]} {seal[4:8]} … {seal[-4:]}"


def document(pages: list[Row], now: datetime) -> Row:
    """All lines under the head as the last page saw it."""
    last = pages[-1]
    return {
        "format": FORMAT,
        "exported_at": codec.dump(now),
        **{name: last[name] for name in last if name != "next_cursor"},
        "items": [line for page in pages for line in page["items"]],
    }


def filename(trail: Row) -> str:
    name = trail["agenda_number"] or trail["letter_id"]
    return f"jejak-{re.sub(r'[^A-Za-z0-9]+', '-', name)}.json"
