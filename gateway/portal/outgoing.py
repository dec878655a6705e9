"""The draft of an outgoing letter as a value: form to draft, draft to body.

The form carries all of it, so the server renders the form again from what was
posted; nothing is kept between two posts and nothing is lost on an error.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from multidict import MultiDict

from gateway.portal import forms, signers, words, writing
from gateway.portal.attaching import ATTACHED, FINISHED, File, files_in, without
from gateway.portal.offices import Offices
from gateway.portal.registering import classification_code

KINDS_DEFAULT = "surat_dinas"
INVITATION = {
    "mulai": "starts_at",
    "selesai": "ends_at",
    "tempat": "place",
    "pakaian": "dress_code",
    "narahubung": "contact",
}
_FILE = ("file_id", "filename")
OFFICE_FIELDS = ("penerima", "paraf", "koordinasi", "tembusan")


@dataclass
class Outside:
    """A recipient who is not in the house."""

    name: str = ""
    address: str = ""


@dataclass
class Draft:
    """The form as it stands; `offices` by the names of `OFFICE_FIELDS`, in order."""

    kind: str = KINDS_DEFAULT
    subject: str = ""
    classification: str = ""
    offices: dict[str, list[str]] = field(
        default_factory=lambda: {name: [] for name in OFFICE_FIELDS}
    )
    outside: list[Outside] = field(default_factory=list)
    signer: str = ""
    form: str = "self"
    proposed: bool = True  # the initials are those of the ladder, not chosen by hand
    urgency: str = "biasa"
    secrecy: str = "biasa"
    writes: bool = True  # the text here; False = a finished file
    text: str = ""
    files: list[File] = field(default_factory=list)  # the letter as a finished file
    attached: list[File] = field(default_factory=list)  # beside the text
    replies_to: str | None = None
    invitation: dict[str, str] = field(default_factory=dict)  # by `INVITATION`
    key: str = field(default_factory=lambda: str(uuid.uuid4()))
    version: int | None = None  # of the letter that is edited

    @property
    def html(self) -> str:
        """The text as the editor shows it; our own tags only."""
        return writing.to_html(self.text)


def fresh(drafter: str | None, known: Offices) -> Draft:
    """A new draft: signed by the head of the drafter's unit, initials up the ladder."""
    draft = Draft(signer=signers.usual_signer(drafter, known))
    draft.form = signers.usual_form(draft.signer, known)
    draft.offices["paraf"] = signers.ladder(drafter, draft.signer, known)
    return draft


def answering(draft: Draft, letter: dict[str, Any], known: Offices) -> Draft:
    """The reply to an incoming letter goes back to its sender."""
    draft.replies_to = letter["letter_id"]
    draft.subject = f"Jawaban atas {letter['subject']}"[:500]
    draft.classification = letter["classification_code"] or ""
    draft.secrecy = letter["secrecy"]
    unit = letter["sender"].get("unit_id")
    head = signers.head_of(unit, known) if unit else None
    if head:
        draft.offices["penerima"] = [head]
    else:
        sender = letter["sender"]
        draft.outside = [Outside(sender["name"], sender.get("address") or "")]
    return draft


def from_letter(letter: dict[str, Any]) -> Draft:
    """A draft that is edited."""
    facts = letter["outgoing"]
    draft = Draft(
        kind=letter["kind"],
        subject=letter["subject"],
        classification=letter["classification_code"] or "",
        signer=facts["signer_position_id"],
        form=facts["signing_form"],
        proposed=False,
        urgency=letter["urgency"],
        secrecy=letter["secrecy"],
        writes=facts["body_html"] is not None,
        text=writing.to_text(facts["body_html"] or ""),
        replies_to=letter["replies_to"],
        invitation=_invitation_fields(letter["invitation"] or {}),
        version=letter["version"],
    )
    files = [{name: file[name] for name in _FILE} for file in letter["files"]]
    draft.files, draft.attached = ([], files) if draft.writes else (files, [])
    to = [row for row in facts["recipients"] if not row["copy"]]
    draft.outside = [
        Outside(row["name"], row["address"] or "")
        for row in to
        if not row["position_id"]
    ]
    draft.offices = {
        "penerima": [row["position_id"] for row in to if row["position_id"]],
        "paraf": _initials(facts, "hierarchy"),
        "koordinasi": _initials(facts, "coordination"),
        "tembusan": list(letter["copies"]),
    }
    return draft


def _invitation_fields(facts: dict[str, Any]) -> dict[str, str]:
    """Instants as their inputs write them, in the zone of the regency."""
    found = {name: facts.get(key) or "" for name, key in INVITATION.items()}
    for name in ("mulai", "selesai"):
        if found[name]:
            found[name] = words.instant(found[name]).strftime("%Y-%m-%dT%H:%M")
    return found


def _initials(facts: dict[str, Any], kind: str) -> list[str]:
    rows = [row for row in facts["initials"] if row["kind"] == kind]
    return [row["position_id"] for row in sorted(rows, key=lambda row: row["order"])]


# ---- from the form ---------------------------------------------------------------


def from_form(fields: MultiDict[str], drafter: str | None, known: Offices) -> Draft:
    """The draft as posted, after the button that was pressed; never raises."""
    draft = Draft(
        kind=fields.get("jenis", KINDS_DEFAULT),
        subject=fields.get("perihal", ""),
        classification=fields.get("klasifikasi", ""),
        offices={
            name: [each for each in forms.chosen(fields, name) if known.get(each)]
            for name in OFFICE_FIELDS
        },
        outside=_outside(fields),
        signer=fields.get("penanda", ""),
        form=fields.get("bentuk", "self"),
        proposed=_still_proposed(fields),
        urgency=fields.get("urgensi", "biasa"),
        secrecy=fields.get("keamanan", "biasa"),
        writes=fields.get("cara", "tulis") == "tulis",
        text=_text(fields),
        files=files_in(fields, FINISHED),
        attached=files_in(fields, ATTACHED),
        replies_to=fields.get("balas") or None,
        invitation={name: fields.get(name, "") for name in INVITATION},
        version=forms.whole(fields, "versi"),
    )
    draft.key = fields.get("kunci") or draft.key
    _press(draft, fields.get("aksi", ""))
    if draft.proposed:
        draft.offices["paraf"] = signers.ladder(drafter, draft.signer, known)
    return draft


def _still_proposed(fields: MultiDict[str]) -> bool:
    """The initials posted are those proposed with the form: no hand was on them."""
    proposed = fields.get("paraf-usul")
    return proposed is not None and proposed.split() == forms.chosen(fields, "paraf")


def _outside(fields: MultiDict[str]) -> list[Outside]:
    names, addresses = fields.getall("luar", []), fields.getall("luar-alamat", [])
    addresses += [""] * (len(names) - len(addresses))
    return [Outside(*pair) for pair in zip(names, addresses, strict=False)]


def _text(fields: MultiDict[str]) -> str:
    """What the editor wrote wins over the field below it, which scripts hide."""
    html = fields.get("isi-html")
    return fields.get("isi", "") if html is None else writing.to_text(html)


def _press(draft: Draft, button: str) -> None:
    """``naik:paraf:<id>``, ``hapus:tembusan:<id>``, ``luar``, ``hapus-luar:0`` …"""
    act, _, rest = button.partition(":")
    name, _, chosen = rest.partition(":")
    if act == "luar":
        draft.outside.append(Outside())
    elif act == "hapus-luar":
        draft.outside = [o for i, o in enumerate(draft.outside) if str(i) != rest]
    elif act == "lepas":
        draft.files = without(draft.files, rest)
        draft.attached = without(draft.attached, rest)
    elif act == "usul":
        draft.proposed = True
    elif act == "penanda":
        draft.signer = chosen
    elif act in ("naik", "turun", "hapus") and chosen in draft.offices.get(name, ()):
        _move(draft.offices[name], chosen, act)
    if name == "paraf":
        draft.proposed = False  # a hand was on them


def _move(row: list[str], chosen: str, act: str) -> None:
    place = row.index(chosen)
    row.remove(chosen)
    if act != "hapus":
        row.insert(max(0, place + (-1 if act == "naik" else 1)), chosen)


# ---- to the API ------------------------------------------------------------------


def problems_in(draft: Draft) -> list[forms.Problem]:
    """What the form itself can tell is missing."""
    found: list[forms.Problem] = []

    def need(there: object, name: str, message: str) -> None:
        if not there:
            found.append({"field": name, "message": message})

    need(draft.subject, "perihal", "Isi perihal surat.")
    need(draft.offices["penerima"] or _named(draft), "penerima", "Pilih penerimanya.")
    need(draft.classification, "klasifikasi", "Pilih klasifikasi surat.")
    need(draft.signer, "penanda", "Pilih penanda tangan.")
    if draft.writes:
        need(draft.text, "naskah", "Tulis isi surat.")
    else:
        need(draft.files, "berkas", "Unggah berkas suratnya.")
    found += _invitation_problems(draft)
    for index, each in enumerate(draft.outside):
        if each.address and not each.name:
            need(False, f"luar-{index}", "Isi nama penerima di alamat ini.")
    return found


def _invitation_problems(draft: Draft) -> list[forms.Problem]:
    try:
        _invitation(draft)
    except ValueError:
        return [{"field": "mulai", "message": "Tanggal atau jam ini tidak ada."}]
    return []


def _invitation(draft: Draft) -> dict[str, Any] | None:
    """Of an invitation with a time; raises `ValueError`."""
    given = draft.invitation
    if draft.kind != "undangan" or not given.get("mulai"):
        return None
    facts: dict[str, Any] = {INVITATION[name]: text for name, text in given.items()}
    for key in ("starts_at", "ends_at"):
        if facts[key]:
            facts[key] = forms.local_instant(facts[key]).isoformat()
    return forms.without_empty(facts)


def _named(draft: Draft) -> list[Outside]:
    return [each for each in draft.outside if each.name]


def body_of(draft: Draft) -> dict[str, Any]:
    """Fields of ``POST /letters`` and ``PATCH /letters/{id}`` alike."""
    to = [{"position_id": each} for each in draft.offices["penerima"]]
    to += [
        forms.without_empty({"name": each.name, "address": each.address})
        for each in _named(draft)
    ]
    return {
        "kind": draft.kind,
        "subject": draft.subject,
        "body_html": draft.html if draft.writes else None,
        "file_ids": _file_ids(draft),
        "invitation": _invitation(draft),
        "signer_position_id": draft.signer,
        "signing_form": draft.form,
        "initials": draft.offices["paraf"],
        "coordinators": draft.offices["koordinasi"],
        "recipients": to,
        "copies": draft.offices["tembusan"],
        "classification_code": classification_code(draft.classification),
        "urgency": draft.urgency,
        "secrecy": draft.secrecy,
    }


def _file_ids(draft: Draft) -> list[str]:
    """A finished file is left behind when the text is written here instead."""
    files = draft.attached if draft.writes else draft.files
    return [file["file_id"] for file in files]


def creation_of(draft: Draft) -> dict[str, Any]:
    """Request of ``POST /letters``."""
    body = {**body_of(draft), "replies_to": draft.replies_to}
    return {"direction": "outgoing", **forms.without_empty(body)}


def changes_of(draft: Draft) -> dict[str, Any]:
    """Request of ``PATCH /letters/{id}``: all of the form; null removes."""
    body = body_of(draft)
    if body["invitation"]:
        body["invitation"] = dict.fromkeys(INVITATION.values()) | body["invitation"]
    return body


def error_fields(draft: Draft) -> Mapping[str, str]:
    """Where on the form a field error of the API belongs."""
    sent = [index for index, each in enumerate(draft.outside) if each.name]
    outside = {
        f"/recipients/{place}": f"luar-{index}"
        for place, index in enumerate(sent, len(draft.offices["penerima"]))
    }
    return {
        "/kind": "jenis",
        "/subject": "perihal",
        "/body_html": "naskah",
        "/file_ids": ATTACHED if draft.writes else FINISHED,
        "/signer_position_id": "penanda",
        "/signing_form": "penanda",
        "/initials": "paraf",
        "/coordinators": "koordinasi",
        "/recipients": "penerima",
        "/copies": "tembusan",
        "/classification_code": "klasifikasi",
        "/urgency": "urgensi",
        "/secrecy": "keamanan",
        **{f"/invitation/{key}": name for name, key in INVITATION.items()},
        "/invitation": "mulai",
        **outside,
    }
