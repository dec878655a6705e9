"""The desk's form over a letter that exists: filled from it, and back to a merge patch
that names only what was changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

from multidict import MultiDict

from gateway.portal import forms, labels, words
from gateway.portal.offices import Offices
from gateway.portal.registering import classification_code, external_ref
from gateway.portal.visitor import Visitor

Row = dict[str, Any]
_MINUTE = "%Y-%m-%dT%H:%M"
_DISPOSED = frozenset({"disposed", "reported"})
ON_PAPER = "sangat_rahasia"  # no file of such a letter is kept
_OPEN = ("registered", "under_disposition")


class _Field(NamedTuple):
    """An input, the member it is of, and what its text means there."""

    member: str
    said: str  # label, for a conflict
    read: Callable[[str], Any]


def _text(value: str) -> str | None:
    return value or None


def _day(value: str) -> str | None:
    return date.fromisoformat(value).isoformat() if value else None


def _instant(value: str) -> str | None:
    return forms.local_instant(value).isoformat() if value else None


FIELDS = {
    "pengirim": _Field("sender.name", "Pengirim", str),
    "nomor": _Field("number", "Nomor surat", _text),
    "tanggal": _Field("dated_on", "Tanggal surat", _day),
    "perihal": _Field("subject", "Perihal", str),
    "ringkasan": _Field("summary", "Ringkasan", _text),
    "diterima": _Field("received_at", "Diterima", _instant),
    "jenis": _Field("kind", "Jenis", str),
    "klasifikasi": _Field("classification_code", "Klasifikasi", classification_code),
    "urgensi": _Field("urgency", "Urgensi", str),
    "keamanan": _Field("secrecy", "Keamanan", str),
    "mulai": _Field("invitation.starts_at", "Mulai", _instant),
    "selesai": _Field("invitation.ends_at", "Selesai", _instant),
    "tempat": _Field("invitation.place", "Tempat", _text),
    "pakaian": _Field("invitation.dress_code", "Pakaian", _text),
    "narahubung": _Field("invitation.contact", "Narahubung", _text),
    "alamat": _Field("sender.address", "Alamat pengirim", _text),
    "unit-pengirim": _Field("sender.unit_id", "Perangkat daerah pengirim", _text),
    "sistem": _Field("external_ref.system", "Aplikasi asal", _text),
    "id-rujukan": _Field("external_ref.id", "Id di aplikasi itu", _text),
    "balasan": _Field("replies_to", "Menjawab surat keluar", _text),
}
REQUIRED = {
    "pengirim": "Isi nama pengirim.",
    "perihal": "Isi perihal surat.",
    "diterima": "Isi tanggal dan jam.",
}


def filled(letter: Row) -> MultiDict[str]:
    """The form as the letter fills it."""
    invitation = letter["invitation"] or {}
    reference = letter.get("external_ref") or {}
    values = {
        "pengirim": letter["sender"]["name"],
        "nomor": letter["number"],
        "tanggal": letter["dated_on"],
        "perihal": letter["subject"],
        "ringkasan": letter["summary"],
        "diterima": _local(letter["received_at"]),
        "jenis": letter["kind"],
        "klasifikasi": letter["classification_code"],
        "urgensi": letter["urgency"],
        "keamanan": letter["secrecy"],
        "mulai": _local(invitation.get("starts_at")),
        "selesai": _local(invitation.get("ends_at")),
        "tempat": invitation.get("place"),
        "pakaian": invitation.get("dress_code"),
        "narahubung": invitation.get("contact"),
        "alamat": letter["sender"].get("address"),
        "unit-pengirim": letter["sender"].get("unit_id"),
        "sistem": reference.get("system"),
        "id-rujukan": reference.get("id"),
        "balasan": letter.get("replies_to"),
    }
    return MultiDict({name: value or "" for name, value in values.items()})


def _local(instant: str | None) -> str:
    return words.instant(instant).strftime(_MINUTE) if instant else ""


def patch_of(
    fields: MultiDict[str], letter: Row
) -> tuple[dict[str, Any], list[forms.Problem]]:
    """Body of ``PATCH /letters/{id}``; empty when nothing is different."""
    before = filled(letter)
    patch: dict[str, Any] = {}
    problems: list[forms.Problem] = []
    for name, field in FIELDS.items():
        text = fields.get(name, before[name])
        if text == before[name] or (name == "klasifikasi" and _same_code(text, before)):
            continue
        if name in REQUIRED and not text:
            problems.append({"field": name, "message": REQUIRED[name]})
            continue
        try:
            _put(patch, field.member, field.read(text))
        except ValueError:
            message = "Tanggal atau jam ini tidak ada di kalender."
            problems.append({"field": name, "message": message})
    if patch.get("secrecy") == ON_PAPER and letter["file_ids"]:
        patch["file_ids"] = []
    _mend_reference(patch, fields, letter)
    return _with_invitation(patch, fields, letter), problems


def _same_code(text: str, before: MultiDict[str]) -> bool:
    return (classification_code(text) or "") == before["klasifikasi"]


def _put(patch: dict[str, Any], member: str, value: Any) -> None:
    outer, _, inner = member.partition(".")
    if inner:
        patch.setdefault(outer, {})[inner] = value
    else:
        patch[outer] = value


def _mend_reference(patch: dict[str, Any], fields: MultiDict[str], letter: Row) -> None:
    """An id belongs to a system: both are sent, or the reference goes."""
    if "external_ref" in patch:
        patch["external_ref"] = external_ref(_whole(fields, letter))
        if patch["external_ref"] == letter.get("external_ref"):
            del patch["external_ref"]


def _whole(fields: MultiDict[str], letter: Row) -> MultiDict[str]:
    """Fields that were not sent are as the letter has them."""
    return MultiDict({**filled(letter), **fields})


def _with_invitation(
    patch: dict[str, Any], fields: MultiDict[str], letter: Row
) -> dict[str, Any]:
    """No letter keeps half an invitation: it has a beginning, or it is none."""
    is_invitation = fields.get("jenis", letter["kind"]) == "undangan"
    begins = fields.get("mulai", filled(letter)["mulai"])
    if is_invitation and begins:
        return patch
    kept = {name: value for name, value in patch.items() if name != "invitation"}
    return {**kept, "invitation": None} if letter["invitation"] else kept


class Difference(NamedTuple):
    """What is saved now, where the form says something else."""

    said: str
    saved: str


def differences(fields: MultiDict[str], letter: Row) -> list[Difference]:
    """For a form that was overtaken: what the letter says now, field by field."""
    now = filled(letter)
    return [
        Difference(field.said, _shown(name, now[name]))
        for name, field in FIELDS.items()
        if fields.get(name, now[name]) != now[name]
    ]


def _shown(name: str, value: str) -> str:
    if not value:
        return "kosong"
    if name == "urgensi":
        return labels.URGENCIES[value][0]
    if name == "keamanan":
        return labels.SECRECIES[value]
    if name in ("diterima", "mulai", "selesai"):
        return words.moment_full(forms.local_instant(value))
    if name in ("unit-pengirim", "balasan"):
        return "pilihan lain"  # an id tells nobody anything
    return words.day_short(value) if name == "tanggal" else value


# ---- who may ------------------------------------------------------------------------


def may_correct(letter: Row, tracking: Row, visitor: Visitor, known: Offices) -> bool:
    """A registrar of its register, while nobody passed it on or reported."""
    rested_on = any(line["action"] in _DISPOSED for line in tracking["timeline"])
    return (
        letter["direction"] == "incoming"
        and letter["state"] in _OPEN
        and not rested_on
        and registers_here(letter, visitor, known)
    )


def may_raise(letter: Row, visitor: Visitor, known: Offices) -> bool:
    """A registrar of its register, or one it is addressed to; at any time."""
    return (
        letter["direction"] == "incoming"
        and letter["state"] != "void"
        and bool(higher(letter["secrecy"]))
        and (
            registers_here(letter, visitor, known)
            or any("act" in visitor.rights(each) for each in letter["addressees"])
        )
    )


def registers_here(letter: Row, visitor: Visitor, known: Offices) -> bool:
    """Whether one of the visitor's offices keeps the register of this letter."""
    return any(
        held.get("duty") == "registrar"
        and known.units.get(held["unit_id"], {}).get("register_unit_id")
        == letter["register_unit_id"]
        for held in visitor.positions
    )


def higher(secrecy: str) -> list[str]:
    """What is more secret than this."""
    order = list(labels.SECRECIES)
    return order[order.index(secrecy) + 1 :]


def raising(letter: Row, secrecy: str) -> dict[str, Any]:
    """The patch that raises it; what is only on paper leaves its files behind."""
    body: dict[str, Any] = {"secrecy": secrecy}
    if secrecy == ON_PAPER and letter["file_ids"]:
        body["file_ids"] = []
    return body
