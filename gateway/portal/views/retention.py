"""What is due by the retention schedule; a list to act on, never an act."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from gateway.portal import labels, rendering
from gateway.portal.access import page
from gateway.portal.asking import ask, section
from gateway.portal.visitor import Visitor

STAGES = {
    "jatuh-tempo": "due",
    "inaktif": "inactive",
    "aktif": "active",
    "tanpa-jadwal": "unscheduled",
}
FATES = {"musnah": "destroy", "dinilai": "review", "permanen": "permanent"}


@page
async def retention(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /retensi?tahap=&nasib=&lanjut=``"""
    stage = request.query.get("tahap", "")
    stage = stage if stage in STAGES else "jatuh-tempo"
    asked: dict[str, Any] = {"stage": STAGES[stage]}
    fate = request.query.get("nasib", "")
    if fate in FATES:
        asked["fate"] = FATES[fate]
    query = {**asked, "limit": 50}
    if cursor := request.query.get("lanjut"):
        query["cursor"] = cursor
    found = await section(
        ask(request, visitor, "letters", "list_retention", query=query)
    )
    return rendering.render(
        request,
        visitor,
        "retention.html",
        block="rows" if rendering.is_fragment(request) else None,
        found=found,
        stage=stage,
        fate=fate,
        stages={code: labels.RETENTION_STAGES[name] for code, name in STAGES.items()},
        fates={code: labels.FATES[name] for code, name in FATES.items()},
        link=_linker(stage, fate),
        download=f"/api/v1/retention?{urlencode({**asked, 'format': 'csv'})}",
    )


def _linker(stage: str, fate: str) -> Any:
    def link(**changes: str | None) -> str:
        asked = {"tahap": stage, "nasib": fate, **changes}
        return f"/retensi?{urlencode({n: v for n, v in asked.items() if v})}"

    return link
