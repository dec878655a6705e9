"""The form of an activity as a value, and the ways out of a clash."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from multidict import MultiDict, MultiMapping

from gateway.portal import forms, labels, recurring, words
from gateway.portal.offices import Offices
from gateway.portal.recurring import Repeat

ERROR_FIELDS = {
    "/title": "judul",
    "/kind": "jenis",
    "/starts_at": "mulai",
    "/ends_at": "selesai",
    "/place": "tempat",
    "/participants": "peserta",
    "/resource_ids": "ruang",
    "/organiser_unit_id": "judul",
    "/override": "alasan",
    "/recurrence": "berulang",
}
MOVE, REPRESENT, TENTATIVE, OVERRIDE = "pindah", "wakil", "tentatif", "tetap"
SKIP = "lewati"  # of a series: the dates that clash


@dataclass
class Draft:
    """What the form holds; carried from post to post in the form itself."""

    title: str = ""
    kind: str = "rapat"
    day: str = ""
    begins: str = "09:00"
    ends: str = ""
    place: str = ""
    state: str = "confirmed"
    visibility: str = "internal"
    roles: dict[str, str] = field(default_factory=dict)  # position id → role
    resources: list[str] = field(default_factory=list)
    needle: str = ""
    key: str = ""
    repeat: Repeat = field(default_factory=Repeat)

    def starts_at(self) -> datetime:
        """Raises `ValueError`."""
        return forms.join_day_time(self.day, self.begins)

    def ends_at(self) -> datetime | None:
        """None = until finished; raises `ValueError`."""
        return forms.join_day_time(self.day, self.ends) if self.ends else None


def from_form(fields: MultiDict[str], known: Offices) -> Draft:
    """The draft as posted; unknown offices are dropped."""
    draft = Draft(
        title=fields.get("judul", ""),
        kind=fields.get("jenis", "rapat"),
        day=fields.get("tanggal", ""),
        begins=fields.get("mulai", ""),
        ends=fields.get("selesai", ""),
        place=fields.get("tempat", ""),
        state=fields.get("keadaan", "confirmed"),
        visibility=fields.get("terlihat", "internal"),
        resources=forms.chosen(fields, "ruang"),
        needle=fields.get("cari", ""),
        key=fields.get("kunci") or str(uuid.uuid4()),
        repeat=recurring.from_form(fields),
    )
    for position_id in forms.chosen(fields, "peserta"):
        if known.get(position_id) and position_id != fields.get("hapus"):
            role = fields.get(f"peran-{position_id}", "required")
            known_role = role if role in labels.PARTICIPANT_ROLES else "required"
            draft.roles[position_id] = known_role
    return draft


def fill_in(
    draft: Draft, asked: MultiMapping[str], known: Offices, mine: str | None
) -> None:
    """What the address already says; without people the visitor is the host."""
    draft.begins = asked.get("mulai", draft.begins)
    draft.ends = asked.get("selesai", draft.ends)
    draft.resources = list(dict.fromkeys(asked.getall("ruang", [])))
    chosen = [key for key in asked.getall("peserta", []) if known.get(key)]
    for key in chosen or ([mine] if mine else []):
        draft.roles[key] = "host" if key == mine else "required"


def problems_in(draft: Draft) -> list[forms.Problem]:
    """What the form itself can tell is wrong."""
    problems: list[forms.Problem] = []

    def add(name: str, message: str) -> None:
        problems.append({"field": name, "message": message})

    if not draft.title:
        add("judul", "Isi nama kegiatan.")
    if not draft.roles and not draft.resources:
        add("peserta", "Pilih paling sedikit satu peserta atau ruang.")
    try:
        begins = draft.starts_at()
    except ValueError:
        add("mulai", "Isi tanggal dan jam mulai.")
        return problems
    try:
        ends = draft.ends_at()
    except ValueError:
        add("selesai", "Jam selesai ini tidak ada.")
        return problems
    if ends and ends <= begins:
        add("selesai", "Selesai harus sesudah mulai.")
    return problems + draft.repeat.problems(draft.day)


def body_of(draft: Draft, unit_id: str) -> dict[str, Any]:
    """Request of ``POST /activities``; the draft has no problems."""
    ends = draft.ends_at()
    body: dict[str, Any] = {
        "title": draft.title,
        "kind": draft.kind,
        "starts_at": draft.starts_at().isoformat(),
        "ends_at": ends.isoformat() if ends else None,
        "organiser_unit_id": unit_id,
        "state": draft.state,
        "visibility": draft.visibility,
        "participants": [
            {"position_id": position_id, "role": role}
            for position_id, role in draft.roles.items()
        ],
        "resource_ids": draft.resources,
        "place": {"name": draft.place} if draft.place else None,
        "recurrence": draft.repeat.body(draft.day),
    }
    return forms.without_empty(body)


def apply_way(draft: Draft, fields: MultiDict[str], body: dict[str, Any]) -> None:
    """Change `draft` and `body` by the way out that was chosen."""
    way = fields.get("jalan")
    if way == MOVE and fields.get("slot"):
        move(draft, fields["slot"])
        moved = body_of(draft, body["organiser_unit_id"])
        timed = ("starts_at", "ends_at", "recurrence")
        body |= {name: moved[name] for name in timed if name in moved}
    elif way == TENTATIVE:
        draft.state = body["state"] = "tentative"
    elif way == SKIP and draft.repeat:
        draft.repeat.on_clash = body["recurrence"]["on_clash"] = "skip"
    elif way == OVERRIDE:
        body["override"] = {"reason": fields.get("alasan", "")}
    elif way == REPRESENT:
        send_others(draft, fields)
        body["participants"] = body_of(draft, body["organiser_unit_id"])["participants"]
    # Another body needs another key, or the answer would be "key reused".
    draft.key = str(uuid.uuid4())


def move(draft: Draft, slot: str) -> None:
    """To a slot ``start/end`` of the alternatives; raises `ValueError`."""
    begins, _, ends = slot.partition("/")
    start, end = words.instant(begins), words.instant(ends)
    draft.day = start.date().isoformat()
    draft.begins = start.strftime("%H:%M")
    # An open end stays open.
    draft.ends = end.strftime("%H:%M") if draft.ends else ""


def send_others(draft: Draft, fields: MultiDict[str]) -> None:
    """Each busy office is replaced by the one chosen to represent it."""
    for name, value in fields.items():
        if name.startswith("wakil-") and value:
            role = draft.roles.pop(name.removeprefix("wakil-"), None)
            if role:
                draft.roles.setdefault(value, role)
