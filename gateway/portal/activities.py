"""The form of an activity as a value, and the ways out of a clash."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from multidict import MultiDict, MultiMapping

from gateway.portal import forms, labels, recurring, recurring_words, words
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
    "/organiser_unit_id": "penyelenggara",
    "/override": "alasan",
    "/recurrence": "berulang",
    "/place/online_url": "daring",
    "/place/region_code": "wilayah",
    "/travel_minutes_before": "sebelum",
    "/travel_minutes_after": "sesudah",
    "/dress_code": "pakaian",
    "/contact": "narahubung",
    "/visibility": "terlihat",
    "/scope": "lingkup",
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
    last: str = ""  # the day it ends; empty: the day it begins
    whole_days: bool = False
    online: str = ""
    region: str = ""
    before: str = ""  # minutes on the way
    after: str = ""
    dress: str = ""
    contact: str = ""
    organiser: str = ""
    activity_id: str = ""  # of one that is there already, and is changed
    version: str = ""
    scope: str = "this"
    series: bool = False

    @property
    def address(self) -> str:
        """Where the form is posted to."""
        if self.activity_id:
            return f"/kegiatan/{self.activity_id}/sunting"
        return "/kegiatan/baru"

    @property
    def close(self) -> str:
        """Where who does not save goes back to."""
        if self.activity_id:
            return f"/kegiatan/{self.activity_id}"
        return f"/jadwal?tanggal={self.day}"

    def starts_at(self) -> datetime:
        """Raises `ValueError`."""
        clock = "00:00" if self.whole_days else self.begins
        return forms.join_day_time(self.day, clock)

    def ends_at(self) -> datetime | None:
        """None = until finished; raises `ValueError`."""
        last = self.last or self.day
        if self.whole_days:
            return forms.join_day_time(last, "00:00") + timedelta(days=1)
        return forms.join_day_time(last, self.ends) if self.ends else None


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
        last=fields.get("tanggal-selesai", ""),
        whole_days="sepanjang-hari" in fields,
        online=fields.get("daring", ""),
        region=fields.get("wilayah", ""),
        before=fields.get("sebelum", ""),
        after=fields.get("sesudah", ""),
        dress=fields.get("pakaian", ""),
        contact=fields.get("narahubung", ""),
        organiser=fields.get("penyelenggara", ""),
        version=fields.get("versi", ""),
        scope=fields.get("lingkup", "this"),
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
    for name, text in (("sebelum", draft.before), ("sesudah", draft.after)):
        if text and forms.whole({name: text}, name) is None:
            add(name, "Isi menit perjalanan dengan angka.")
    if draft.scope not in recurring_words.SCOPES:
        add("lingkup", "Pilih tanggal mana yang diubah.")
    return problems + _problems_of_time(draft)


def _problems_of_time(draft: Draft) -> list[forms.Problem]:
    try:
        begins = draft.starts_at()
    except ValueError:
        return [{"field": "mulai", "message": "Isi tanggal dan jam mulai."}]
    if draft.last > draft.day and not draft.ends and not draft.whole_days:
        said = "Isi jam selesai pada hari terakhir, atau pilih sepanjang hari."
        return [{"field": "selesai", "message": said}]
    try:
        ends = draft.ends_at()
    except (ValueError, OverflowError):
        return [{"field": "selesai", "message": "Waktu selesai ini tidak ada."}]
    if ends and ends <= begins:
        said = "Selesai harus sesudah mulai. Lewat tengah malam: isi tanggal terakhir."
        return [{"field": "selesai", "message": said}]
    return draft.repeat.problems(draft.day)


def body_of(draft: Draft) -> dict[str, Any]:
    """Request of ``POST /activities``; the draft has no problems."""
    facts = facts_of(draft)
    facts["place"] = forms.without_empty(facts["place"]) or None
    for name in ("all_day", "travel_minutes_before", "travel_minutes_after"):
        facts[name] = facts[name] or None  # as it is by default
    body: dict[str, Any] = {
        **facts,
        "state": draft.state,
        "recurrence": draft.repeat.body(draft.day),
    }
    return forms.without_empty(body)


def facts_of(draft: Draft) -> dict[str, Any]:
    """Everything of the form that may be changed later too; absent facts are null."""
    ends = draft.ends_at()
    return {
        "title": draft.title,
        "kind": draft.kind,
        "starts_at": draft.starts_at().isoformat(),
        "ends_at": ends.isoformat() if ends else None,
        "all_day": draft.whole_days,
        "organiser_unit_id": draft.organiser,
        "visibility": draft.visibility,
        "participants": [
            {"position_id": position_id, "role": role}
            for position_id, role in draft.roles.items()
        ],
        "resource_ids": draft.resources,
        "place": {
            "name": draft.place or None,
            "online_url": draft.online or None,
            "region_code": draft.region or None,
        },
        "travel_minutes_before": int(draft.before or 0),
        "travel_minutes_after": int(draft.after or 0),
        "dress_code": draft.dress or None,
        "contact": draft.contact or None,
    }


def apply_way(draft: Draft, fields: MultiDict[str], body: dict[str, Any]) -> None:
    """Change `draft` and `body` by the way out that was chosen."""
    way = fields.get("jalan")
    if way == MOVE and fields.get("slot"):
        move(draft, fields["slot"])
        moved = body_of(draft)
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
        body["participants"] = body_of(draft)["participants"]
    # Another body needs another key, or the answer would be "key reused".
    draft.key = str(uuid.uuid4())


def move(draft: Draft, slot: str) -> None:
    """To a slot ``start/end`` of the alternatives; raises `ValueError`."""
    begins, _, ends = slot.partition("/")
    start, end = words.instant(begins), words.instant(ends)
    draft.day = start.date().isoformat()
    draft.begins = start.strftime("%H:%M")
    if draft.whole_days:
        draft.last = (end - timedelta(days=1)).date().isoformat()
    elif draft.ends:  # an open end stays open
        draft.ends = end.strftime("%H:%M")
        draft.last = "" if end.date() == start.date() else end.date().isoformat()


def send_others(draft: Draft, fields: MultiDict[str]) -> None:
    """Each busy office is replaced by the one chosen to represent it."""
    for name, value in fields.items():
        if name.startswith("wakil-") and value:
            role = draft.roles.pop(name.removeprefix("wakil-"), None)
            if role:
                draft.roles.setdefault(value, role)
