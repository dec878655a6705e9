"""A participant answers: comes, does not come, or sends somebody."""

from __future__ import annotations

from aiohttp import web

from chassis.clock import now as clock_now
from contracts.errors import Conflict, RakatError
from gateway.portal import forms, rendering, words
from gateway.portal.access import page
from gateway.portal.asking import act
from gateway.portal.flash import Flash
from gateway.portal.views.session import safe_onward
from gateway.portal.visitor import Visitor


@page
async def answer(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /kegiatan/{activity_id}/jawab``"""
    fields = await forms.posted(request)
    activity_id = request.match_info["activity_id"]
    response = fields.get("jawaban", "")
    represented = fields.get("wakil") if response == "represented" else None
    body = {"response": response, "represented_by": represented}
    onward = safe_onward(fields.get("kembali") or f"/kegiatan/{activity_id}")
    if response == "represented" and not represented:
        message = Flash(text="Belum tersimpan. Pilih siapa yang mewakili.", tone="soon")
        return rendering.see_other(request, onward, message)
    try:
        await act(
            request,
            visitor,
            "schedule",
            "respond_to_activity",
            activity_id=activity_id,
            position_id=fields.get("jabatan", ""),
            body=forms.without_empty(body),
        )
    except Conflict as error:
        message = Flash(text=clash_text(error), tone="soon")
        return rendering.see_other(request, onward, message)
    return rendering.see_other(request, onward, Flash(text="Jawaban tersimpan."))


def clash_text(error: RakatError) -> str:
    """The first of what is in the way, and how much it is in all."""
    conflicts = error.facts.get("conflicts") or ()
    if not conflicts:
        return "Belum tersimpan. Keadaan kegiatan ini sudah berubah."
    clash = conflicts[0]
    when = words.span_day(clash["starts_at"], clash["ends_at"], clock_now())
    total = int(error.facts.get("total") or 1)
    more = f" Dan {words.number(total - 1)} bentrokan lagi." if total > 1 else ""
    said = f"{clash['name']}: {clash['activity_title']}, {when}."
    return f"Waktu ini bentrok. {said}{more}"
