"""What a disposition asks of one recipient alone: instructions, due time, note."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from multidict import MultiDict

from gateway.portal import forms, words

ASKED, DUE, NOTE = "instruksi", "tenggat", "catatan"


def name_of(part: str, position_id: str) -> str:
    """The field of one part for one recipient, which is also its id."""
    return f"{part}-{position_id}"


@dataclass
class Particulars:
    """Empty: as the others."""

    instructions: list[str] = field(default_factory=list)
    due: str = ""
    note: str = ""

    def __bool__(self) -> bool:
        return bool(self.instructions or self.due or self.note)

    @property
    def due_at(self) -> datetime | None:
        """Raises `ValueError` for what is no date."""
        return forms.local_instant(self.due) if self.due else None

    def body(self) -> dict[str, Any]:
        """Members of the recipient that stand in place of the common ones."""
        due = self.due_at
        return forms.without_empty(
            {
                "instructions": self.instructions,
                "due_at": due.isoformat() if due else None,
                "note": self.note,
            }
        )

    def said(self, now: datetime) -> str:
        """``sampai Kam, 26 Nov 10.00, instruksi dan catatan sendiri``"""
        parts = []
        if self.due and (due := _readable(self)):
            parts.append(f"sampai {words.moment(due, now)}")
        own = ["instruksi"] * bool(self.instructions) + ["catatan"] * bool(self.note)
        if own:
            parts.append(f"{words.join(own)} sendiri")
        return ", ".join(parts)


def _readable(own: Particulars) -> datetime | None:
    try:
        return own.due_at
    except ValueError:
        return None


def from_form(fields: MultiDict[str], position_id: str) -> Particulars:
    return Particulars(
        instructions=forms.chosen(fields, name_of(ASKED, position_id)),
        due=fields.get(name_of(DUE, position_id), ""),
        note=fields.get(name_of(NOTE, position_id), ""),
    )


def fields_of(own: Particulars, position_id: str) -> Iterator[tuple[str, str]]:
    """As hidden fields, while recipients are chosen on another sheet."""
    for code in own.instructions:
        yield name_of(ASKED, position_id), code
    if own.due:
        yield name_of(DUE, position_id), own.due
    if own.note:
        yield name_of(NOTE, position_id), own.note


def problems_in(own: Particulars, position_id: str) -> list[forms.Problem]:
    if own.due and _readable(own) is None:
        message = "Isi tanggal dan jam tenggat."
        return [{"field": name_of(DUE, position_id), "message": message}]
    return []


def falls_due(own: Particulars, common: datetime | None) -> datetime | None:
    """When it is due for this recipient, as far as that can be told."""
    return _readable(own) or common
