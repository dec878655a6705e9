"""The columns of a retention list."""

from __future__ import annotations

from typing import Any

from contracts.reference import LETTER_STATES, RETENTION_FATES, RETENTION_STAGES
from gateway.exports.columns import HIDDEN, day

_STATES, _FATES, _STAGES = (
    {word.code: word.label_id for word in words}
    for words in (LETTER_STATES, RETENTION_FATES, RETENTION_STAGES)
)
COLUMNS = (
    ("Nomor agenda", "agenda_number"),
    ("Perihal", "subject"),
    ("Klasifikasi", "classification_code"),
    ("Keadaan", "state"),
    ("Selesai", "ended_at"),
    ("Aktif sampai", "active_until"),
    ("Inaktif sampai", "inactive_until"),
    ("Nasib akhir", "fate"),
    ("Tahap", "stage"),
)
_WORDS = {"state": _STATES, "fate": _FATES, "stage": _STAGES}
_DAYS = ("ended_at", "active_until", "inactive_until")


def cells(row: dict[str, Any]) -> list[str]:
    return [_cell(row, name) for _, name in COLUMNS]


def _cell(row: dict[str, Any], name: str) -> str:
    value = row[name]
    if name == "subject" and row["masked"]:
        return HIDDEN
    if name in _DAYS:
        return day(value)
    return str(_WORDS.get(name, {}).get(value, value or ""))
