"""``GET /notifications/stream``: each person's notifications, live, in order.

::

    notify ── hints, may be lost ──► NotificationStreams.hear ──► Line ──► client
       ▲                                                           │
       └────── read_stream(after), where hints leave a hole ───────┘

The number of an event (`id:`) counts the person's notifications from 1. A client
that comes back with ``Last-Event-ID`` (header, or ``?last_event_id=``) gets what
follows it, once and in order; one that comes without starts at the present. Behind
the hints stands a poll of the watermarks of all connected people.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from time import monotonic
from typing import Any
from uuid import UUID

import msgspec
from aiohttp import web
from prometheus_client import Counter, Gauge

from contracts.errors import (
    Forbidden,
    RakatError,
    TooMany,
    Unauthenticated,
    Unavailable,
    invalid,
)
from contracts.notify import SERVICE, STREAM_PAGE_LIMIT
from gateway.client import Client, RequestContext
from gateway.stream_line import Line

log = logging.getLogger(__name__)

COMMENT_SECONDS = 15.0
POLL_SECONDS = 5.0
WRITE_SECONDS = 30.0
RETRY_SECONDS = 1.0
# Who turns pages quickly leaves a stream behind with each; they count until seen gone.
GONE_SECONDS = 0.5
MOST_PER_PERSON = 10
MOST_ALTOGETHER = 2_000
_PEOPLE_PER_POLL = 500

OPEN = Gauge("notification_streams_open", "Open notification streams", ("service",))
SENT = Counter(
    "notification_stream_events_total",
    "Notifications written to streams, by where they came from",
    ("service", "source"),
)

Revalidate = Callable[[], Awaitable[None]]


async def always_valid() -> None:
    """For callers without sessions."""


class NotificationStreams:
    """All open streams of this gateway.

    Wiring: ``bus.subscribe(STREAM_EXCHANGE, "fanout", "", streams.hear)``,
    ``bus.on_connected(streams.resync)``, `revoke` on a revoked session, `run` as a
    task, `close` at shutdown.
    """

    def __init__(self, client: Client, *, poll_seconds: float = POLL_SECONDS) -> None:
        self._client = client
        self._poll_seconds = poll_seconds
        self._lines: defaultdict[UUID, set[Line]] = defaultdict(set)
        self._poll_now = asyncio.Event()
        self._closing = False

    # ---- from the bus ------------------------------------------------------------

    def hear(self, hint: dict[str, Any]) -> None:
        """A `contracts.notify.Hint`; encoded once for all streams of the person."""
        lines = self._lines.get(UUID(hint["person_id"]))
        if lines:
            text = event_text(hint["seq"], hint["notification"])
            for line in lines:
                line.offer(hint["seq"], text)

    def resync(self) -> None:
        """Hints may have been missed: ask for the watermarks now."""
        self._poll_now.set()

    def revoke(self, session_id: UUID) -> None:
        """The session was closed: so are its streams."""
        for line in self._all():
            if line.session_id == session_id:
                line.close()

    async def run(self) -> None:
        """The poll behind the hints; until cancelled."""
        while True:
            try:
                async with asyncio.timeout(self._poll_seconds):
                    await self._poll_now.wait()
            except TimeoutError:
                pass
            self._poll_now.clear()
            await self._poll()

    async def close(self) -> None:
        """End every stream; their clients come back elsewhere with their place."""
        self._closing = True
        for line in self._all():
            line.close()

    def _all(self) -> list[Line]:
        return [line for lines in self._lines.values() for line in lines]

    async def _poll(self) -> None:
        people = list(self._lines)
        for start in range(0, len(people), _PEOPLE_PER_POLL):
            part = people[start : start + _PEOPLE_PER_POLL]
            try:
                marks = await self._watermarks(RequestContext(request_id="poll"), part)
            except RakatError as error:
                log.info("watermarks not read", extra={"code": error.code})
                return
            for person_id, watermark in marks.items():
                for line in self._lines.get(person_id, ()):
                    line.reaches(watermark)

    async def _watermarks(
        self, context: RequestContext, people: list[UUID]
    ) -> dict[UUID, int]:
        found = await self._client.call(
            context, SERVICE, "read_watermarks", people=[str(each) for each in people]
        )
        return {UUID(person_id): seq for person_id, seq in found.items()}

    # ---- one client --------------------------------------------------------------

    async def serve(
        self,
        request: web.Request,
        context: RequestContext,
        revalidate: Revalidate = always_valid,
    ) -> web.StreamResponse:
        """Answer `request` until the client or the session is gone.

        Raises: Forbidden for applications, Invalid for an unreadable place, TooMany,
        Unavailable when the place cannot be found now.
        """
        asked = _asked_place(request)
        async with self._line(context) as line:
            line.sent = await self._place(context, line, asked)
            line.behind = asked is not None
            response = _response()
            try:  # the client may be gone before the first byte
                await response.prepare(request)
                await self._pump(request, response, context, line, revalidate)
            except (ConnectionError, TimeoutError):
                log.debug("stream client gone")
            return response

    @asynccontextmanager
    async def _line(self, context: RequestContext) -> AsyncIterator[Line]:
        actor = context.actor
        if actor is None or actor.person_id is None:
            raise Forbidden
        self._refuse_too_many(actor.person_id)
        line = Line(actor.person_id, actor.session_id)
        lines = self._lines[actor.person_id]
        lines.add(line)
        OPEN.labels("gateway").inc()
        try:
            yield line
        finally:
            OPEN.labels("gateway").dec()
            lines.discard(line)
            if not lines:
                self._lines.pop(actor.person_id, None)

    def _refuse_too_many(self, person_id: UUID) -> None:
        if self._closing or len(self._all()) >= MOST_ALTOGETHER:
            raise Unavailable(retry_after=2)
        if len(self._lines.get(person_id, ())) >= MOST_PER_PERSON:
            raise TooMany(retry_after=30)

    async def _place(
        self, context: RequestContext, line: Line, asked: int | None
    ) -> int:
        """Never beyond what exists: such a place would wait for ever."""
        marks = await self._watermarks(context, [line.person_id])
        watermark = marks[line.person_id]
        return watermark if asked is None else min(asked, watermark)

    async def _pump(
        self,
        request: web.Request,
        response: web.StreamResponse,
        context: RequestContext,
        line: Line,
        revalidate: Revalidate,
    ) -> None:
        await _write(response, b"retry: 2000\n: siap\n\n")
        comment_at = monotonic() + COMMENT_SECONDS
        while not line.closing and not _gone(request):
            if line.behind:
                await self._catch_up(response, context, line)
            else:
                await line.wait(min(max(comment_at - monotonic(), 0), GONE_SECONDS))
                await self._write_buffered(response, line)
            if monotonic() >= comment_at:
                if not await _is_valid(revalidate):
                    return
                await _write(response, b": tetap terhubung\n\n")
                comment_at = monotonic() + COMMENT_SECONDS

    async def _write_buffered(self, response: web.StreamResponse, line: Line) -> None:
        before = line.sent
        if text := line.take():
            await _write(response, text)
            SENT.labels("gateway", "hint").inc(line.sent - before)

    async def _catch_up(
        self, response: web.StreamResponse, context: RequestContext, line: Line
    ) -> None:
        """Write what the store has after `sent`; one page."""
        line.behind = False  # hints that come meanwhile may set it again
        try:
            page = await self._client.call(
                context,
                SERVICE,
                "read_stream",
                after=line.sent,
                limit=STREAM_PAGE_LIMIT,
            )
        except RakatError as error:
            log.info("stream not read", extra={"code": error.code})
            line.behind = True
            await asyncio.sleep(RETRY_SECONDS)
            return
        entries = page["entries"]
        text = b"".join(
            event_text(each["seq"], each["notification"]) for each in entries
        )
        if text:
            await _write(response, text)
            SENT.labels("gateway", "store").inc(len(entries))
        # An empty page below the watermark: those were kept no longer.
        line.skip_to(entries[-1]["seq"] if entries else page["watermark"])
        line.behind = line.behind or line.sent < page["watermark"]


def event_text(seq: int, notification: Any) -> bytes:
    """One event of the stream; JSON has no raw line break."""
    data = msgspec.json.encode(notification)
    return b"event: notification\nid: %d\ndata: %s\n\n" % (seq, data)


def _asked_place(request: web.Request) -> int | None:
    text = request.headers.get("Last-Event-ID") or request.query.get("last_event_id")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise invalid("/last_event_id", "Bukan nomor urut pemberitahuan")
    return int(text)


def _response() -> web.StreamResponse:
    response = web.StreamResponse()
    response.content_type = "text/event-stream"
    response.charset = "utf-8"
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    return response


async def _write(response: web.StreamResponse, text: bytes) -> None:
    """A client that takes nothing for `WRITE_SECONDS` is let go; it may resume."""
    async with asyncio.timeout(WRITE_SECONDS):
        await response.write(text)


async def _is_valid(revalidate: Revalidate) -> bool:
    try:
        await revalidate()
    except (Unauthenticated, Forbidden):
        return False
    except RakatError as error:  # cannot be asked now: the stream goes on
        log.info("session not checked", extra={"code": error.code})
    return True


def _gone(request: web.Request) -> bool:
    return request.transport is None or request.transport.is_closing()
