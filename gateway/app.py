"""The composition root: everything the gateway is made of, put together here."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any, cast
from uuid import UUID

from aiohttp import web

from contracts.directory import SessionRevoked
from contracts.notify import STREAM_EXCHANGE
from gateway import feeds, keys, ops, verification
from gateway.api.v1.table import add_api
from gateway.auth import Sessions
from gateway.bus import RabbitBus
from gateway.client import Bus, Client
from gateway.config import GatewayConfig
from gateway.files.pages import Pages
from gateway.files.store import BlobStore
from gateway.files.workshop import Workshop
from gateway.middleware import MIDDLEWARES, on_prepare
from gateway.portal import setup_portal
from gateway.problems import BODY_LIMIT
from gateway.stream import NotificationStreams


def create_app(config: GatewayConfig, *, bus: Bus | None = None) -> web.Application:
    """`bus`: tests pass one without a broker."""
    app = web.Application(middlewares=MIDDLEWARES, client_max_size=BODY_LIMIT)
    app.on_response_prepare.append(on_prepare)
    rabbit = bus or RabbitBus(config.amqp_uri)
    client = Client(rabbit)
    app[keys.CONFIG] = config
    app[keys.BUS] = cast("RabbitBus", rabbit)
    app[keys.CLIENT] = client
    app[keys.SESSIONS] = Sessions(client, demo_allowed=config.demo_allowed)
    app[keys.BLOBS] = BlobStore(config.blob_url)
    app[keys.WORKSHOP] = Workshop()
    app[keys.PAGES] = Pages(app[keys.BLOBS], app[keys.WORKSHOP])
    app[keys.STREAMS] = NotificationStreams(client)
    app[keys.DRAINING] = asyncio.Event()
    app[feeds.THROTTLE] = feeds.throttle()
    app[ops.HEALTH] = ops.Health(client)
    ops.add_health_routes(app)
    add_api(app)
    verification.add_routes(app)
    setup_portal(app)
    if isinstance(rabbit, RabbitBus):
        _listen(app, rabbit)
        app.cleanup_ctx.append(_with_bus)
    app.cleanup_ctx.append(_with_streams)
    app.cleanup_ctx.append(_with_workshop)
    app.on_shutdown.append(_drain)
    return app


def _listen(app: web.Application, bus: RabbitBus) -> None:
    """Broadcasts every copy of the gateway hears."""
    sessions, streams = app[keys.SESSIONS], app[keys.STREAMS]

    def revoked(envelope: dict[str, Any]) -> None:
        sessions.drop(envelope)
        streams.revoke(UUID(envelope["data"]["session_id"]))

    bus.subscribe("directory.events", "topic", SessionRevoked.type, revoked)
    bus.subscribe(STREAM_EXCHANGE, "fanout", "", streams.hear)
    bus.on_connected(sessions.forget_all)
    bus.on_connected(streams.resync)


async def _with_bus(app: web.Application) -> AsyncIterator[None]:
    await app[keys.BUS].open()
    yield
    await app[keys.BUS].close()


async def _with_streams(app: web.Application) -> AsyncIterator[None]:
    poll = asyncio.create_task(app[keys.STREAMS].run())
    yield
    poll.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await poll


async def _with_workshop(app: web.Application) -> AsyncIterator[None]:
    yield
    await app[keys.WORKSHOP].close()


async def _drain(app: web.Application) -> None:
    """No longer ready; streams end, so that their clients go elsewhere."""
    app[keys.DRAINING].set()
    await app[keys.STREAMS].close()
