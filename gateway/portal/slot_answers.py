"""The answers to a request for a slot as values: what is sent, what may be wrong."""

from __future__ import annotations

from datetime import datetime

from multidict import MultiDict

from gateway.portal import forms
from gateway.portal.slot_requests import Row

ACCEPT, MOVE, REFUSE = "terima", "pindah", "tolak"
METHODS = {
    ACCEPT: "accept_slot_request",
    MOVE: "move_slot_request",
    REFUSE: "refuse_slot_request",
}
_SAID = {
    ACCEPT: "Diterima. Kegiatan ditetapkan.",
    MOVE: "Waktu lain ditawarkan. Pemohon diberi tahu.",
    REFUSE: "Permintaan ditolak. Pemohon diberi tahu.",
}
ERROR_FIELDS = {
    "/starts_at": "mulai",
    "/ends_at": "selesai",
    "/note": "catatan",
    "/reason": "alasan",
}


def body_of(
    way: str, fields: MultiDict[str], activity: Row
) -> tuple[Row, list[forms.Problem]]:
    """What is sent, or what is wrong with what was typed."""
    if way == ACCEPT:
        note = forms.text_or_none(fields, "catatan")
        return forms.without_empty({"note": note}), _moved_since(fields, activity)
    if way == MOVE:
        note = forms.text_or_none(fields, "catatan")
        times, problems = _times_of(fields, activity)
        return forms.without_empty({**(times or {}), "note": note}), problems
    if not fields.get("alasan"):
        return {}, [_problem("alasan", "Tulis alasannya; pemohon membacanya.")]
    return {"reason": fields["alasan"]}, []


def _moved_since(fields: MultiDict[str], activity: Row) -> list[forms.Problem]:
    """Nobody agrees to a time that his page did not show."""
    if fields.get("waktu", activity["starts_at"]) == activity["starts_at"]:
        return []
    message = "Waktunya berubah sejak halaman tadi dibuka. Periksa, lalu jawab lagi."
    return [_problem("", message)]


def _times_of(
    fields: MultiDict[str], activity: Row
) -> tuple[Row | None, list[forms.Problem]]:
    """Another time of the form or of a one-tap slot, or what is wrong with it."""
    if fields.get("slot"):
        begins, _, ends = fields["slot"].partition("/")
        # An open end stays open.
        return {
            "starts_at": begins,
            "ends_at": ends if activity["ends_at"] else None,
        }, []
    begun = _instant(fields.get("tanggal", ""), fields.get("mulai", ""))
    if begun is None:
        return None, [_problem("mulai", "Isi tanggal dan jam mulai.")]
    if not fields.get("selesai"):
        return {"starts_at": begun.isoformat(), "ends_at": None}, []
    last = fields.get("sampai") or fields["tanggal"]
    ended = _instant(last, fields["selesai"])
    if ended is None or ended <= begun:
        return None, [_problem("selesai", "Selesai harus sesudah mulai.")]
    return {"starts_at": begun.isoformat(), "ends_at": ended.isoformat()}, []


def _instant(day: str, clock: str) -> datetime | None:
    try:
        return forms.join_day_time(day, clock)
    except ValueError:
        return None


def _problem(field: str, message: str) -> forms.Problem:
    return {"field": field, "message": message}


def said_of(way: str, answered: Row) -> str:
    """What the next page tells."""
    if way == ACCEPT and answered["state"] != "accepted":
        return "Jawaban tersimpan. Yang lain belum menjawab."
    return _SAID[way]
