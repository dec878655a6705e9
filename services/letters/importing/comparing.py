"""What a letter that was taken over says here, beside what its old row says today.

Nothing of the row was kept apart: the letter and its imported lines are what was taken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from contracts import codec
from contracts.codec import ZONE
from contracts.letters import Action, Direction
from services.letters.importing.converting import LegacyLetter

Detail = dict[str, Any]
Difference = tuple[str, str]  # field, what it was and is

_FIELDS = {"agenda_number": "legacy_number", "sender_name": "sender"}
_LETTERS = (
    "SELECT * FROM letter WHERE legacy AND external_system = :system"
    " AND direction = :direction AND external_id = ANY(:ids) ORDER BY letter_id"
)
_TRAIL = sa.text(
    "SELECT letter_id, action, detail FROM trail WHERE letter_id = ANY(:letters)"
    " ORDER BY letter_id, seq"
)
_RECIPIENTS = sa.text(
    "SELECT letter_id, name FROM outgoing_recipient WHERE letter_id = ANY(:letters)"
    " ORDER BY letter_id, place"
)
_LONGEST = 80
MOST_RECIPIENTS = 200


@dataclass
class Stored:
    """`touched`: somebody did something with it here."""

    row: Mapping[Any, Any]
    details: list[Detail] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    touched: bool = False

    @property
    def letter_id(self) -> UUID:
        found: UUID = self.row["letter_id"]
        return found


def stored(
    session: Session,
    system: str,
    direction: Direction,
    ids: Sequence[str],
    *,
    lock: bool,
) -> dict[str, Stored]:
    """Those of these old letters that were taken over; `lock` them for a change."""
    values = {"system": system, "direction": direction.value, "ids": [*ids]}
    query = _LETTERS + (" FOR UPDATE" if lock else "")
    rows = session.execute(sa.text(query), values).mappings()
    found = {row["letter_id"]: Stored(row) for row in rows}
    letters = {"letters": [*found]}
    for letter_id, action, detail in session.execute(_TRAIL, letters):
        if action == Action.IMPORTED.value:
            found[letter_id].details.append(detail)
        else:
            found[letter_id].touched = True
    for letter_id, name in session.execute(_RECIPIENTS, letters):
        found[letter_id].recipients.append(name)
    return {one.row["external_id"]: one for one in found.values()}


def content_of(letter: LegacyLetter) -> dict[str, Any]:
    """The columns an old row fills."""
    return {
        "kind": letter.kind,
        "number": letter.number,
        "dated_on": letter.dated_on,
        "received_at": letter.received_at,
        "sender_name": letter.sender,
        "sender_address": letter.sender_address,
        "subject": letter.subject,
        "summary": letter.summary,
        "classification_code": letter.classification_code,
        "urgency": letter.urgency.value,
        "secrecy": letter.secrecy.value,
        "agenda_number": letter.agenda_number,
        "addressees": letter.addressees,
        "ended_at": letter.ended_at,
    }


def origin_of(letter: LegacyLetter, system: str) -> Detail:
    """The first imported line: what the old application knew of the letter itself."""
    told = {
        "system": system,
        "external_id": letter.external_id,
        "number": letter.agenda_number,
        "at": letter.received_at,
        "addressed_to": letter.addressed_to,
        "remark": letter.remark,
    }
    dumped: Detail = codec.dump({k: v for k, v in told.items() if v is not None})
    return dumped


def new_dispositions(letter: LegacyLetter, known: Stored) -> list[Detail]:
    told: list[Detail] = [codec.dump(one.detail()) for one in letter.dispositions]
    return [one for one in told if one not in known.details]


def differences(letter: LegacyLetter, known: Stored, system: str) -> list[Difference]:
    found = [
        (_FIELDS.get(name, name), _change(known.row[name], value))
        for name, value in content_of(letter).items()
        if known.row[name] != value
    ]
    origins = [one for one in known.details if "system" in one]
    last, now = origins[-1] if origins else {}, origin_of(letter, system)
    found += [
        (name, _change(last.get(name), now.get(name)))
        for name in ("addressed_to", "remark")
        if last.get(name) != now.get(name)
    ]
    if letter.recipients[:MOST_RECIPIENTS] != known.recipients:
        found.append(("recipients", _change(known.recipients, letter.recipients)))
    for one in new_dispositions(letter, known):
        found.append(("disposition", f"baru: {one.get('to', '-')}"[:_LONGEST]))
    return found


def _change(before: Any, after: Any) -> str:
    return f"{_shown(before)} → {_shown(after)}"


def _shown(value: Any) -> str:
    if isinstance(value, datetime):
        value = f"{value.astimezone(ZONE):%d-%m-%Y %H.%M}"
    elif isinstance(value, date):
        value = f"{value:%d-%m-%Y}"
    elif isinstance(value, list):
        value = f"{len(value)} nama" if value else None
    text = "-" if value is None else " ".join(str(value).split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
