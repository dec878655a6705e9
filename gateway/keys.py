"""Typed names of what the application and a request carry."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from aiohttp import web

from contracts.actor import Actor
from contracts.errors import RakatError

if TYPE_CHECKING:
    from gateway.auth import Sessions
    from gateway.bus import RabbitBus
    from gateway.client import Client
    from gateway.config import GatewayConfig
    from gateway.files.pages import Pages
    from gateway.files.store import BlobStore
    from gateway.files.workshop import Workshop
    from gateway.stream import NotificationStreams

ErrorPage = Callable[[web.Request, RakatError, str], Awaitable[web.StreamResponse]]

CONFIG: web.AppKey[GatewayConfig] = web.AppKey("config")
BUS: web.AppKey[RabbitBus] = web.AppKey("bus")
CLIENT: web.AppKey[Client] = web.AppKey("client")
SESSIONS: web.AppKey[Sessions] = web.AppKey("sessions")
BLOBS: web.AppKey[BlobStore] = web.AppKey("blobs")
PAGES: web.AppKey[Pages] = web.AppKey("pages")
WORKSHOP: web.AppKey[Workshop] = web.AppKey("workshop")
STREAMS: web.AppKey[NotificationStreams] = web.AppKey("streams")
ERROR_PAGE: web.AppKey[ErrorPage] = web.AppKey("error_page")
DRAINING: web.AppKey[asyncio.Event] = web.AppKey("draining")

REQUEST_ID: web.RequestKey[str] = web.RequestKey("request_id")
ACTOR: web.RequestKey[Actor] = web.RequestKey("actor")
TOKEN: web.RequestKey[str] = web.RequestKey("token")
