"""The disposition sheet as a value: what is chosen, and what the sentence says.

The form carries all of it, so the server renders the sheet again from what was
posted; nothing is kept between two posts.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from multidict import MultiDict

from gateway.portal import forms, labels, particulars, words
from gateway.portal.offices import Offices
from gateway.portal.particulars import Particulars

FREQUENT = ("tindaklanjuti", "koordinasikan", "laporkan", "pelajari", "saran")
DEFAULT_INSTRUCTION = "tindaklanjuti"
FOR_INFORMATION = "untuk_diketahui"
QUICK_CHIPS = 6
RARELY_GIVEN = ("aide", "registrar", "staff", "adviser")
KEEP, PICK = "tetap", "pilih"


@dataclass
class Recipient:
    """One office and its part."""

    position_id: str
    role: str
    own: Particulars = field(default_factory=Particulars)


@dataclass
class Draft:
    """The sheet as it stands."""

    recipients: list[Recipient] = field(default_factory=list)
    instructions: list[str] = field(default_factory=list)
    due: str = KEEP  # KEEP, PICK or an instant
    picked: str = ""  # of the date field, when PICK
    note: str = ""
    suggested: bool = False
    key: str = ""  # of the request, so that a second tap sends nothing twice

    @property
    def count(self) -> int:
        return len(self.recipients)

    def role_of(self, position_id: str) -> str | None:
        roles = {each.position_id: each.role for each in self.recipients}
        return roles.get(position_id)


def from_suggestion(suggestion: dict[str, Any], may_handle: bool) -> Draft:
    """Filled with what this office usually answers; empty rather than wrong."""
    order = list(labels.ROLES)
    lines = sorted(suggestion["recipients"], key=lambda line: order.index(line["role"]))
    draft = Draft(suggested=bool(lines), key=str(uuid.uuid4()))
    for line in lines:
        role = line["role"] if may_handle else "inform"
        draft.recipients.append(Recipient(line["position_id"], role))
        if role != "inform":
            draft.instructions += [
                code for code in line["instructions"] if code not in draft.instructions
            ]
    if not draft.instructions:
        first = DEFAULT_INSTRUCTION if may_handle else FOR_INFORMATION
        draft.instructions = [first]
    return draft


def from_form(fields: MultiDict[str], giver: str, known: Offices) -> Draft:
    """The draft as posted; unknown offices and roles are dropped."""
    draft = Draft(
        instructions=forms.chosen(fields, "instruksi"),
        due=fields.get("tenggat", KEEP),
        picked=fields.get("tanggal", ""),
        note=fields.get("catatan", ""),
        suggested=fields.get("usulan") == "ya",
        key=fields.get("kunci") or str(uuid.uuid4()),
    )
    removed = fields.get("hapus")
    for position_id in forms.chosen(fields, "penerima"):
        if known.get(position_id) and position_id != removed:
            role = fields.get(f"peran-{position_id}", "")
            role = (
                role if role in labels.ROLES else usual_role(giver, position_id, known)
            )
            own = particulars.from_form(fields, position_id)
            draft.recipients.append(Recipient(position_id, role, own))
    return draft


def usual_role(giver: str, recipient: str, known: Offices) -> str:
    """Those below handle; others can only be asked to coordinate."""
    return "handle" if known.may_order(giver, recipient) else "coordinate"


def allowed_roles(
    giver: str, recipient: str, task: dict[str, Any], known: Offices
) -> list[str]:
    """Roles the giver may ask of the recipient."""
    if task["role"] == "inform":
        return ["inform"]
    if known.may_order(giver, recipient):
        return list(labels.ROLES)
    return ["coordinate", "inform"]


def due_at(draft: Draft) -> datetime | None:
    """The chosen due time, None = as the letter says; raises `ValueError`."""
    if draft.due == KEEP:
        return None
    if draft.due == PICK:
        if not draft.picked:
            raise ValueError("no date")
        return forms.local_instant(draft.picked)
    return forms.local_instant(draft.due)


def due_choices(task: dict[str, Any], now: datetime) -> list[tuple[str, str]]:
    """Chips of the due time: the letter's own first."""
    own = task["due_at"]
    is_late = not own or words.instant(own) < now
    kept = "Menurut urgensi surat" if is_late else words.moment(own, now)
    tomorrow = words.instant(now).replace(hour=10, minute=0, second=0, microsecond=0)
    tomorrow += timedelta(days=1)
    later = tomorrow.replace(hour=16) + timedelta(days=2)
    return [
        (KEEP, words.first_upper(kept)),
        (tomorrow.isoformat(), "Besok 10.00"),
        (later.isoformat(), "3 hari"),
        (PICK, "Pilih tanggal"),
    ]


def body_of(draft: Draft, task: dict[str, Any], *, prepared: bool) -> dict[str, Any]:
    """Request of ``POST /letters/{id}/dispositions``; raises `ValueError`."""
    due = due_at(draft)
    lines = [
        {
            "position_id": each.position_id,
            "role": each.role,
            "instructions": _instructions(draft, each),
            **({"due_at": due.isoformat()} if due and each.role != "inform" else {}),
            **each.own.body(),
        }
        for each in draft.recipients
    ]
    return {
        "recipients": lines,
        "parent_task_id": task["task_id"],
        **({"note": draft.note} if draft.note else {}),
        **({"prepared": True} if prepared else {}),
    }


def _instructions(draft: Draft, recipient: Recipient) -> list[str]:
    """Who is only told is not asked to do what the others are asked to."""
    if recipient.role != "inform" or all(r.role == "inform" for r in draft.recipients):
        return draft.instructions
    return [FOR_INFORMATION]


def sentence(draft: Draft, known: Offices) -> str:
    """Who does what, for the foot of the sheet: nothing hidden is sent."""
    verbs = {
        "handle": "menangani",
        "coordinate": "berkoordinasi",
        "inform": "mengetahui",
        "represent": "mewakili",
    }
    parts = []
    for role, verb in verbs.items():
        names = [
            known.short(each.position_id)
            for each in draft.recipients
            if each.role == role
        ]
        if names:
            parts.append(f"{words.join(names)} {verb}")
    return ", ".join(parts)


def exceptions(draft: Draft, known: Offices, now: datetime) -> list[str]:
    """Who is asked something else than the others."""
    return [
        f"{known.short(each.position_id)} {each.own.said(now)}"
        for each in draft.recipients
        if each.own.said(now)
    ]


def cautions(draft: Draft, known: Offices, away: Mapping[str, str]) -> list[str]:
    """Who gets it instead of the usual holder; `away`: who will not be there then."""
    said = []
    for each in draft.recipients:
        if each.position_id in away:
            said.append(f"{known.short(each.position_id)} {away[each.position_id]}")
            continue
        holder = (known.get(each.position_id) or {}).get("holder")
        if holder is None:
            said.append(f"{known.short(each.position_id)} belum ada pejabatnya")
        elif holder["capacity"] in ("plt", "plh", "pj"):
            acting = labels.CAPACITIES[holder["capacity"]]
            said.append(f"{known.short(each.position_id)} diterima {acting}")
    return said


def absences(warnings: list[dict[str, Any]], now: datetime) -> dict[str, str]:
    """By position, whose due time lies in an absence, and who gets it then:
    ``tidak di tempat sampai Kam, 26 Nov, diterima Plh.``"""
    found = {}
    for each in warnings:
        if each["code"] == "recipient_absent":
            until = each.get("until")
            text = "tidak di tempat"
            if until:  # the instant when it is over: the day before, at midnight
                last = words.instant(until) - timedelta(seconds=1)
                text += f" sampai {words.day_word(last, now)}"
            capacity = labels.CAPACITIES.get((each.get("acting") or {})["capacity"])
            found[each["position_id"]] = f"{text}, diterima {capacity or 'Plh.'}"
    return found


def falls_due(draft: Draft, task: dict[str, Any], now: datetime) -> datetime | None:
    """When it would be due, as far as that can be told now."""
    try:
        chosen = due_at(draft)
    except ValueError:
        return None
    if chosen is None and task["due_at"] and words.instant(task["due_at"]) > now:
        return words.instant(task["due_at"])
    return chosen


def dues(
    draft: Draft, position_ids: list[str], task: dict[str, Any], now: datetime
) -> dict[datetime, list[str]]:
    """Of these offices by when it is due there; who has no due time is in none."""
    common = falls_due(draft, task, now)
    own = {each.position_id: each.own for each in draft.recipients}
    found: dict[datetime, list[str]] = {}
    for position_id in position_ids:
        part = own.get(position_id, Particulars())
        if due := particulars.falls_due(part, common):
            found.setdefault(due, []).append(position_id)
    return found


def until(draft: Draft, task: dict[str, Any], now: datetime) -> str:
    """``hari ini 16.40``, or nothing when no due time can be named."""
    due = falls_due(draft, task, now)
    return words.moment(due, now) if due else ""


def quick_chips(giver: str, draft: Draft, known: Offices) -> list[dict[str, Any]]:
    """Offices one tap away: direct subordinates that are not chosen yet."""
    chosen = {each.position_id for each in draft.recipients}
    rows = [
        row for row in known.subordinates(giver) if row["position_id"] not in chosen
    ]
    # Aides, clerks and advisers are rarely given a letter to handle.
    ranked = [row for row in rows if row["duty"] not in RARELY_GIVEN]
    return ranked[: max(0, QUICK_CHIPS - draft.count)]


def error_fields(draft: Draft) -> Mapping[str, str]:
    """Where on the sheet a field error of the API belongs."""
    fields = {"/note": "catatan", "/recipients": "penerima"}
    for index, each in enumerate(draft.recipients):
        fields[f"/recipients/{index}"] = f"penerima-{each.position_id}"
        part = particulars.DUE, particulars.NOTE
        due, note = (particulars.name_of(name, each.position_id) for name in part)
        fields[f"/recipients/{index}/due_at"] = due if each.own.due else "tanggal"
        fields[f"/recipients/{index}/note"] = note
    return fields
