"""The registrar's form to the body of ``POST /letters``, and back."""

from __future__ import annotations

from datetime import date
from typing import Any

from multidict import MultiDict

from gateway.portal import forms

ERROR_FIELDS = {
    "/sender": "pengirim",
    "/sender/address": "alamat",
    "/sender/unit_id": "unit-pengirim",
    "/external_ref": "id-rujukan",
    "/external_ref/system": "sistem",
    "/replies_to": "balasan",
    "/number": "nomor",
    "/dated_on": "tanggal",
    "/received_at": "diterima",
    "/subject": "perihal",
    "/summary": "ringkasan",
    "/kind": "jenis",
    "/classification_code": "klasifikasi",
    "/urgency": "urgensi",
    "/secrecy": "keamanan",
    "/addressees": "tujuan",
    "/copies": "tembusan",
    "/file_ids": "berkas",
    "/invitation/starts_at": "mulai",
    "/invitation/ends_at": "selesai",
    "/invitation/contact": "narahubung",
    "/invitation": "mulai",
}
REFERENCES = ("alamat", "unit-pengirim", "sistem", "id-rujukan", "balasan")
"""Fields of the fold that is seldom needed."""
USUAL_SYSTEM = "srikandi"


def body_of(fields: MultiDict[str]) -> tuple[dict[str, Any], list[forms.Problem]]:
    """The request, and what the form itself can tell is wrong with it."""
    problems: list[forms.Problem] = []
    body: dict[str, Any] = {
        "direction": "incoming",
        "kind": fields.get("jenis", ""),
        "number": forms.text_or_none(fields, "nomor"),
        "dated_on": _day(fields, "tanggal", problems),
        "received_at": _instant(fields, "diterima", problems, required=True),
        "sender": _sender(fields),
        "subject": fields.get("perihal", ""),
        "summary": forms.text_or_none(fields, "ringkasan"),
        "classification_code": classification_code(fields.get("klasifikasi", "")),
        "urgency": fields.get("urgensi", "biasa"),
        "secrecy": fields.get("keamanan", "biasa"),
        "addressees": forms.chosen(fields, "tujuan"),
        "copies": forms.chosen(fields, "tembusan"),
        "file_ids": forms.chosen(fields, "berkas"),
        "replies_to": forms.text_or_none(fields, "balasan"),
        "external_ref": external_ref(fields),
    }
    if body["kind"] == "undangan" and fields.get("mulai"):
        body["invitation"] = _invitation(fields, problems)
    _require(body, problems)
    # `number` must be there: null says that the letter has none.
    return {**forms.without_empty(body), "number": body["number"]}, problems


def _require(body: dict[str, Any], problems: list[forms.Problem]) -> None:
    if not body["sender"]["name"]:
        problems.append({"field": "pengirim", "message": "Isi nama pengirim."})
    if not body["subject"]:
        problems.append({"field": "perihal", "message": "Isi perihal surat."})
    if not body["addressees"]:
        problems.append(
            {"field": "tujuan", "message": "Pilih paling sedikit satu tujuan."}
        )


def _sender(fields: MultiDict[str]) -> dict[str, Any]:
    address, unit_id = fields.get("alamat"), fields.get("unit-pengirim")
    more = forms.without_empty({"address": address, "unit_id": unit_id})
    return {"name": fields.get("pengirim", ""), **more}


def external_ref(fields: MultiDict[str]) -> dict[str, str] | None:
    """Its identity in another application; none without an id there."""
    if not fields.get("id-rujukan"):
        return None
    return {"system": fields.get("sistem") or USUAL_SYSTEM, "id": fields["id-rujukan"]}


def references_open(fields: MultiDict[str], problems: list[forms.Problem]) -> bool:
    """Whether their fold holds something, or something wrong."""
    wrong = any(problem["field"] in REFERENCES for problem in problems)
    return wrong or any(fields.get(name) for name in (*REFERENCES, "cari-surat"))


def classification_code(text: str) -> str | None:
    """``600.1 Pekerjaan umum`` as the list of suggestions writes it."""
    return text.split(" ", 1)[0] or None


def _invitation(
    fields: MultiDict[str], problems: list[forms.Problem]
) -> dict[str, Any]:
    return forms.without_empty(
        {
            "starts_at": _instant(fields, "mulai", problems),
            "ends_at": _instant(fields, "selesai", problems),
            "place": forms.text_or_none(fields, "tempat"),
            "dress_code": forms.text_or_none(fields, "pakaian"),
            "contact": forms.text_or_none(fields, "narahubung"),
        }
    )


def _day(
    fields: MultiDict[str], name: str, problems: list[forms.Problem]
) -> str | None:
    text = fields.get(name)
    if not text:
        return None
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        problems.append(
            {"field": name, "message": "Tanggal ini tidak ada di kalender."}
        )
        return None


def _instant(
    fields: MultiDict[str],
    name: str,
    problems: list[forms.Problem],
    *,
    required: bool = False,
) -> str | None:
    text = fields.get(name)
    if not text:
        if required:
            problems.append({"field": name, "message": "Isi tanggal dan jam."})
        return None
    try:
        return forms.local_instant(text).isoformat()
    except ValueError:
        problems.append({"field": name, "message": "Tanggal atau jam ini tidak ada."})
        return None
