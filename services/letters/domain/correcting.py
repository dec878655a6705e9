"""A merge patch laid over a letter's facts, and what really changed by it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET

from contracts import codec
from contracts.errors import FieldError, Invalid
from contracts.letters import (
    Action,
    CorrectLetter,
    Direction,
    LetterState,
    RegisterLetter,
    Role,
    SaveDraft,
    Secrecy,
)
from services.letters.domain.due import due_by_urgency
from services.letters.domain.letter import Letter

_OUTGOING_ONLY = frozenset(
    {"body_html", "signer_position_id", "signing_form", "initials", "coordinators"}
    | {"recipients", "copies"}
)
_INCOMING_ONLY = frozenset(
    {"number", "dated_on", "received_at", "sender", "external_ref"}
)
_WORDS = {
    Direction.INCOMING: "Isian ini hanya untuk surat keluar",
    Direction.OUTGOING: "Isian ini hanya untuk surat masuk",
}
_REASON = "Koreksi surat"


@dataclass(frozen=True)
class Change:
    field: str
    before: Any
    after: Any

    def dumped(self) -> dict[str, Any]:
        return {
            "field": self.field,
            "before": codec.dump(self.before),
            "after": codec.dump(self.after),
        }


def given_in(patch: CorrectLetter | SaveDraft) -> dict[str, Any]:
    """The members the patch names, nested ones included."""
    return {
        name: value
        for name in patch.__struct_fields__
        if (value := getattr(patch, name)) is not UNSET
    }


def require_members_of(direction: Direction, names: Mapping[str, Any]) -> None:
    """Raises: Invalid naming every member that such a letter does not have."""
    foreign = _OUTGOING_ONLY if direction is Direction.INCOMING else _INCOMING_ONLY
    errors: list[FieldError] = [
        {"field": f"/{name}", "message": _WORDS[direction]}
        for name in sorted(foreign.intersection(names))
    ]
    if errors:
        raise Invalid(errors=errors)


def merged(current: RegisterLetter, given: Mapping[str, Any]) -> RegisterLetter:
    """The letter as it would be registered now (RFC 7396).

    Raises: Invalid, also for an object that lacks what it must have.
    """
    facts: dict[str, Any] = msgspec.to_builtins(current)
    for name, value in given.items():
        patch = msgspec.to_builtins(value)
        if isinstance(patch, dict) and isinstance(facts[name], dict):
            facts[name] |= patch
        else:
            facts[name] = patch
    return codec.load(RegisterLetter, facts)


def changes(before: RegisterLetter, after: RegisterLetter) -> list[Change]:
    return [
        Change(name, old, new)
        for name in before.__struct_fields__
        if (old := getattr(before, name)) != (new := getattr(after, name))
    ]


def is_disposed(letter: Letter, *, reported: bool) -> bool:
    """Whether somebody rests on the facts already: passed it on, reported, ended."""
    return (
        reported
        or letter.state not in (LetterState.REGISTERED, LetterState.UNDER_DISPOSITION)
        or any(task.disposition_id for task in letter.tasks.values())
    )


def is_raised(before: Secrecy, after: Secrecy) -> bool:
    return after.rank > before.rank


def record(letter: Letter, found: list[Change]) -> None:
    """Into the trail: raised secrecy is an act of its own, the rest one correction."""
    ordinary: list[Change] = []
    raised: list[Change] = []
    for change in found:
        up = change.field == "secrecy" and is_raised(change.before, change.after)
        (raised if up else ordinary).append(change)
    if ordinary:
        letter.record(Action.CORRECTED, changes=[one.dumped() for one in ordinary])
    for one in raised:
        record_raised(letter, one.before, one.after)


def record_raised(letter: Letter, before: Secrecy, after: Secrecy) -> None:
    """Nothing when it was not: who listens forgets what he was told."""
    if is_raised(before, after):
        letter.record(Action.SECRECY_RAISED, before=before.value, after=after.value)


def move_due_times(letter: Letter) -> datetime:
    """Root tasks are due by receipt and urgency: they follow the correction."""
    due_at = due_by_urgency(letter.received_at, letter.urgency)
    for task in letter.tasks.values():
        follows = task.is_open and task.parent_task_id is None
        if follows and task.role is not Role.INFORM and task.due_at != due_at:
            before = task.due_at.isoformat() if task.due_at else None
            task.due_at, task.overdue_at, task.due_soon_at = due_at, None, None
            letter.record(
                Action.DUE_CHANGED,
                task,
                **{"from": before, "to": due_at.isoformat(), "reason": _REASON},
            )
    return due_at


def registration_of(row: Mapping[str, Any], file_ids: list[UUID]) -> RegisterLetter:
    """The letter's row in the shape of a registration."""
    same = (
        "kind number received_at subject urgency secrecy addressees copies dated_on"
        " summary classification_code replies_to invitation"
    )
    sender = {
        "name": row["sender_name"],
        "unit_id": row["sender_unit_id"],
        "address": row["sender_address"],
    }
    external = row["external_system"] and {
        "system": row["external_system"],
        "id": row["external_id"],
    }
    values = {
        **{name: row[name] for name in same.split()},
        "direction": "incoming",
        "sender": sender,
        "external_ref": external,
        "file_ids": file_ids,
    }
    return msgspec.convert(values, RegisterLetter)
