"""What I gave to others: how far it is, and a word to those who are slow."""

from __future__ import annotations

from typing import Any, NamedTuple
from urllib.parse import urlencode

from aiohttp import web

from contracts.errors import TooMany
from gateway.portal import forms, rendering, tasks
from gateway.portal.access import page
from gateway.portal.asking import Section, act, ask, known_offices, section
from gateway.portal.flash import Flash
from gateway.portal.offices import Offices
from gateway.portal.views.session import safe_onward
from gateway.portal.visitor import Visitor

Row = dict[str, Any]


class Filter(NamedTuple):
    """A chip, what it asks, and what an empty list under it means."""

    text: str
    icon: str
    query: Row
    nothing: tuple[str, str, str]  # icon, title, text


FILTERS = {
    "": Filter(
        "Berjalan",
        "",
        {"state": "open"},
        (
            "branch",
            "Belum ada yang Anda berikan",
            "Disposisi yang Anda kirim muncul di sini sampai selesai.",
        ),
    ),
    "menunggu": Filter(
        "Menunggu saya",
        "st-reported",
        {"state": "open", "waiting": True},
        (
            "check",
            "Tidak ada laporan yang menunggu",
            "Laporan akhir yang perlu Anda setujui muncul di sini.",
        ),
    ),
    "terlambat": Filter(
        "Terlambat",
        "st-late",
        {"state": "open", "overdue": True},
        ("check", "Tidak ada yang terlambat", "Semua masih dalam tenggatnya."),
    ),
    "selesai": Filter(
        "Selesai",
        "st-done",
        {"state": "closed"},
        (
            "history",
            "Belum ada yang selesai",
            "Tugas yang sudah berakhir tersimpan di sini.",
        ),
    ),
}


@page
async def given(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /diberikan?saring=&jabatan=&lanjut=``"""
    asked = request.query.get("saring", "")
    chosen = asked if asked in FILTERS else ""
    known = await known_offices(request, visitor)
    office = known.get(request.query.get("jabatan"))
    query = {
        **FILTERS[chosen].query,
        "to_position_id": office["position_id"] if office else None,
        "cursor": request.query.get("lanjut"),
        "limit": 50,
    }
    sent = {name: value for name, value in query.items() if value is not None}
    found = await section(
        ask(request, visitor, "letters", "list_given_tasks", query=sent)
    )
    return rendering.render(
        request,
        visitor,
        "given.html",
        block="rows" if rendering.is_fragment(request) else None,
        found=found,
        chosen=chosen,
        filters=FILTERS,
        office=office,
        changeable=tasks.with_due(found.items),
        choices=_choices(known, visitor, office, found),
        link=_linker(chosen, office),
        back="/",
    )


def _choices(
    known: Offices, visitor: Visitor, office: Row | None, found: Section
) -> list[Row]:
    """Offices to filter by: direct subordinates, and whoever is on the page."""
    rows = [
        *known.subordinates(visitor.position_id),
        *(known.get(task["position_id"]) for task in found.items),
        office,
    ]
    unique = {row["position_id"]: row for row in rows if row}
    return sorted(unique.values(), key=lambda row: (row["level"], row["title"]))


def _linker(chosen: str, office: Row | None) -> Any:
    """Addresses of this list with some of its filters changed."""
    kept = {"saring": chosen, "jabatan": office["position_id"] if office else ""}

    def link(**changes: str) -> str:
        changed = {**kept, **changes}
        text = urlencode({name: value for name, value in changed.items() if value})
        return f"/diberikan?{text}" if text else "/diberikan"

    return link


@page
async def remind(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /tugas/{task_id}/ingatkan``: once a day."""
    fields = await forms.posted(request)
    onward = safe_onward(fields.get("kembali") or "/diberikan")
    task_id = request.match_info["task_id"]
    try:
        done = await act(
            request, visitor, "letters", "remind_task", task_id=task_id, body={}
        )
    except TooMany:
        text = "Sudah diingatkan hari ini. Besok dapat diingatkan lagi."
        return rendering.see_other(request, onward, Flash(text=text, tone="soon"))
    message = Flash(text=f"{done.body['title']} diingatkan.")
    return rendering.see_other(request, onward, message)
