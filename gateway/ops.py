"""Liveness, readiness and metrics; on the public port without the metrics.

The gateway is ready when it can reach the broker: a service that is away makes it
`degraded`, because the others can still be served.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

import msgspec
from aiohttp import web

from contracts.errors import RakatError
from gateway import keys, metrics
from gateway.bus import RemoteFault
from gateway.client import Client, RequestContext

SERVICES = ("directory", "letters", "schedule", "notify")
_CACHED_SECONDS = 2.0
_PING_SECONDS = 1.0


class Health:
    """Asks each service at most every two seconds, whoever looks."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._asked_at = -_CACHED_SECONDS
        self._seen: dict[str, str] = {}
        self._lock = asyncio.Lock()

    async def services(self) -> dict[str, str]:
        async with self._lock:
            if time.monotonic() - self._asked_at >= _CACHED_SECONDS:
                answers = await asyncio.gather(*map(self._ping, SERVICES))
                self._seen = dict(zip(SERVICES, answers, strict=True))
                self._asked_at = time.monotonic()
        return self._seen

    async def _ping(self, service: str) -> str:
        context = RequestContext(request_id="readyz")
        try:
            await self._client.call(context, service, "ping", seconds=_PING_SECONDS)
        except RemoteFault:
            return "ok"  # it answered, if only that it knows no such method
        except RakatError:
            return "away"
        return "ok"


HEALTH: web.AppKey[Health] = web.AppKey("health")


async def livez(_request: web.Request) -> web.StreamResponse:
    return _json({"status": "ok"})


async def readyz(request: web.Request) -> web.StreamResponse:
    """503 only when the gateway itself cannot work, or is stopping."""
    app = request.config_dict
    draining = app[keys.DRAINING].is_set()
    if draining or not app[keys.BUS].is_up:
        state = "draining" if draining else "broker away"
        return _json({"status": "unavailable", "broker": state}, status=503)
    services = await app[HEALTH].services()
    away = sorted(name for name, state in services.items() if state != "ok")
    return _json(
        {
            "status": "degraded" if away else "ok",
            "broker": "ok",
            "services": services,
            "degraded": away,
        }
    )


async def metrics_page(_request: web.Request) -> web.StreamResponse:
    return web.Response(
        body=metrics.exposition(metrics.SERVICE),
        headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"},
    )


def add_health_routes(app: web.Application) -> None:
    app.router.add_get("/livez", livez, name="livez")
    app.router.add_get("/readyz", readyz, name="readyz")


def create_ops_app(app: web.Application) -> web.Application:
    """What the operations port serves, beside the application `app`."""
    ops = web.Application()
    ops[HEALTH] = app[HEALTH]
    ops[keys.BUS] = app[keys.BUS]
    ops[keys.DRAINING] = app[keys.DRAINING]
    add_health_routes(ops)
    ops.router.add_get("/metrics", metrics_page)
    return ops


def _json(document: dict[str, Any], status: int = 200) -> web.Response:
    return web.Response(
        status=status,
        body=msgspec.json.encode(document),
        content_type="application/json",
        headers={"Cache-Control": "no-store"},
    )
