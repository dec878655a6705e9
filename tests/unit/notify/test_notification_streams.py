"""The SSE endpoint against a fake of notify: resume, order, limits, the end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer

from chassis.ids import new_id
from contracts.actor import Actor, ClientRef
from contracts.errors import RakatError, Unauthenticated, Unavailable
from gateway import stream
from gateway.client import Call, Client, RequestContext
from gateway.stream import NotificationStreams

ALICE, BOB, SESSION = new_id(), new_id(), new_id()


class FakeNotify:
    """Streams of people as lists; a stand-in for the bus."""

    def __init__(self) -> None:
        self.streams: dict[UUID, list[str]] = {ALICE: [], BOB: []}
        self.away = False
        self.reads = 0
        self.asked, self.may_answer = asyncio.Event(), asyncio.Event()
        self.may_answer.set()

    async def request(self, call: Call) -> Any:
        self.asked.set()
        await asyncio.sleep(0)
        await self.may_answer.wait()
        if self.away:
            raise Unavailable
        if call.method == "read_watermarks":
            return {
                each: len(self.streams[UUID(each)]) for each in call.kwargs["people"]
            }
        assert call.method == "read_stream"
        assert call.context.actor is not None
        assert call.context.actor.person_id is not None
        self.reads += 1
        after, limit = call.kwargs["after"], call.kwargs["limit"]
        texts = self.streams[call.context.actor.person_id]
        found = list(enumerate(texts, 1))[after : after + limit]
        entries = [{"seq": seq, "notification": {"title": t}} for seq, t in found]
        return {"entries": entries, "watermark": len(texts)}

    def add(self, person_id: UUID, title: str) -> dict[str, Any]:
        """Store one more; returns its hint."""
        self.streams[person_id].append(title)
        seq = len(self.streams[person_id])
        note = {"title": title}
        return {"person_id": str(person_id), "seq": seq, "notification": note}


class Event:
    def __init__(self, block: str) -> None:
        fields = dict(each.split(": ", 1) for each in block.split("\n"))
        self.seq, self.name = int(fields["id"]), fields["event"]
        self.data = fields["data"]


class Reader:
    """Parses a stream as a browser does."""

    def __init__(self, response: ClientResponse) -> None:
        self.response = response

    async def next(self) -> Event:
        while True:
            block = await self._block()
            if block.startswith("event:"):
                return Event(block)

    async def numbers(self, count: int) -> list[int]:
        return [(await self.next()).seq for _ in range(count)]

    async def ended(self) -> None:
        async with asyncio.timeout(3):
            await self.response.content.read()

    async def _block(self) -> str:
        async with asyncio.timeout(3):
            text = await self.response.content.readuntil(b"\n\n")
        return text.decode().strip()


async def valid() -> None:
    """The session is as it was."""


class Stage:
    """One gateway's streams behind a real HTTP server."""

    def __init__(self) -> None:
        self.notify = FakeNotify()
        self.streams = NotificationStreams(Client(self.notify), poll_seconds=60)
        self.revalidate: Callable[[], Awaitable[None]] = valid
        self.actor: Actor | None = None
        self.ended: list[int] = []

    async def answer(self, request: web.Request) -> web.StreamResponse:
        person = BOB if request.query.get("who") == "bob" else ALICE
        actor = self.actor or Actor(person_id=person, session_id=SESSION)
        context = RequestContext(request_id="r", actor=actor)
        try:
            served = await self.streams.serve(request, context, self.revalidate)
            self.ended.append(served.status)
            return served
        except RakatError as error:
            return web.Response(status=error.status, text=error.code)

    def tell(self, person_id: UUID, title: str, *, hinted: bool = True) -> None:
        hint = self.notify.add(person_id, title)
        if hinted:
            self.streams.hear(hint)


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    made = Stage()
    poll = asyncio.create_task(made.streams.run())
    yield made
    poll.cancel()


@pytest.fixture
async def client(stage: Stage) -> AsyncIterator[TestClient[Any, Any]]:
    app = web.Application()
    app.router.add_get("/stream", stage.answer)
    async with TestClient(TestServer(app)) as opened:
        yield opened
        await stage.streams.close()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(3):
        while not condition():  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.01)


async def listen(client: TestClient[Any, Any], **kwargs: Any) -> Reader:
    response = await client.get("/stream", **kwargs)
    assert response.status == 200, await response.text()
    assert response.content_type == "text/event-stream"
    return Reader(response)


async def test_without_a_place_the_stream_starts_at_the_present(
    stage: Stage, client: TestClient[Any, Any]
) -> None:
    stage.tell(ALICE, "old")
    reader = await listen(client)

    stage.tell(BOB, "not mine")
    stage.tell(ALICE, "new")

    event = await reader.next()
    assert (event.seq, event.name, event.data) == (2, "notification", '{"title":"new"}')


@pytest.mark.parametrize("by", ["header", "query"])
async def test_a_client_that_comes_back_gets_what_follows_once(
    stage: Stage, client: TestClient[Any, Any], by: str
) -> None:
    for n in range(450):  # more than two pages
        stage.tell(ALICE, str(n))
    place: dict[str, Any] = (
        {"headers": {"Last-Event-ID": "3"}}
        if by == "header"
        else {"params": {"last_event_id": "3"}}
    )
    reader = await listen(client, **place)

    stage.tell(ALICE, "live")

    assert await reader.numbers(448) == list(range(4, 452))


async def test_a_lost_hint_is_made_good_by_the_next_one(
    stage: Stage, client: TestClient[Any, Any]
) -> None:
    reader = await listen(client)
    stage.tell(ALICE, "1")
    stage.tell(ALICE, "2", hinted=False)
    stage.tell(ALICE, "3")

    assert await reader.numbers(3) == [1, 2, 3]


async def test_a_lost_hint_is_made_good_by_the_poll(
    stage: Stage, client: TestClient[Any, Any]
) -> None:
    reader = await listen(client)
    stage.tell(ALICE, "1", hinted=False)
    stage.streams.resync()

    assert await reader.numbers(1) == [1]


async def test_doubled_and_swapped_hints_change_nothing(
    stage: Stage, client: TestClient[Any, Any]
) -> None:
    reader = await listen(client)
    hints = [stage.notify.add(ALICE, str(n)) for n in range(1, 6)]
    for index in (1, 0, 0, 4, 2, 3, 4):
        stage.streams.hear(hints[index])
    stage.tell(ALICE, "6")

    assert await reader.numbers(6) == [1, 2, 3, 4, 5, 6]


async def test_live_events_cost_no_call(
    stage: Stage, client: TestClient[Any, Any]
) -> None:
    reader = await listen(client)
    for n in range(20):
        stage.tell(ALICE, str(n))

    await reader.numbers(20)
    assert stage.notify.reads == 0


async def test_a_place_beyond_the_end_is_the_end(
    stage: Stage, client: TestClient[Any, Any]
) -> None:
    stage.tell(ALICE, "1")
    reader = await listen(client, headers={"Last-Event-ID": "999"})
    stage.tell(ALICE, "2")

    assert await reader.numbers(1) == [2]


@pytest.mark.parametrize("place", ["x", "-1", "1.5", "9" * 20, "²"])
async def test_an_unreadable_place_is_refused(
    client: TestClient[Any, Any], place: str
) -> None:
    response = await client.get("/stream", params={"last_event_id": place})

    assert response.status == 422


async def test_notify_away_at_the_start_is_a_503(
    stage: Stage, client: TestClient[Any, Any]
) -> None:
    stage.notify.away = True

    assert (await client.get("/stream")).status == 503


async def test_notify_away_later_only_delays(
    stage: Stage, client: TestClient[Any, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "RETRY_SECONDS", 0.02)
    reader = await listen(client)
    stage.notify.away = True
    stage.tell(ALICE, "1", hinted=False)
    stage.tell(ALICE, "2")
    await asyncio.sleep(0.1)
    stage.notify.away = False

    assert await reader.numbers(2) == [1, 2]


async def test_a_comment_comes_in_time_also_between_events(
    stage: Stage, client: TestClient[Any, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "COMMENT_SECONDS", 0.05)
    reader = await listen(client)
    assert (await reader._block()).startswith("retry:")

    blocks = []
    for n in range(10):
        stage.tell(ALICE, str(n))
        await asyncio.sleep(0.02)
        blocks.append(await reader._block())

    assert any(block.startswith(":") for block in blocks)


async def test_a_revoked_session_ends_its_streams(
    stage: Stage, client: TestClient[Any, Any]
) -> None:
    reader = await listen(client)
    stage.streams.revoke(new_id())
    stage.tell(ALICE, "1")
    assert await reader.numbers(1) == [1]

    stage.streams.revoke(SESSION)

    await reader.ended()


async def test_an_expired_session_ends_the_stream_an_outage_does_not(
    stage: Stage, client: TestClient[Any, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "COMMENT_SECONDS", 0.02)
    faults: list[RakatError] = [Unavailable(), Unavailable(), Unauthenticated()]

    async def revalidate() -> None:
        raise faults.pop(0)

    stage.revalidate = revalidate
    reader = await listen(client)

    await reader.ended()
    assert faults == []


async def test_one_person_cannot_open_streams_without_end(
    client: TestClient[Any, Any],
) -> None:
    for _ in range(stream.MOST_PER_PERSON):
        await listen(client)

    assert (await client.get("/stream")).status == 429
    assert (await client.get("/stream", params={"who": "bob"})).status == 200


async def test_pages_left_behind_do_not_keep_a_new_one_from_listening(
    client: TestClient[Any, Any],
) -> None:
    for _ in range(stream.MOST_PER_PERSON):
        (await client.get("/stream")).close()
    await asyncio.sleep(3 * stream.GONE_SECONDS)  # far less than a comment's time

    answer = await client.get("/stream")

    assert answer.status == 200
    answer.close()


async def test_a_closed_connection_is_forgotten(
    stage: Stage, client: TestClient[Any, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "COMMENT_SECONDS", 0.02)
    reader = await listen(client)
    reader.response.close()

    await until(lambda: not stage.streams._all())


async def test_a_client_gone_before_the_first_byte_is_no_error(
    stage: Stage, client: TestClient[Any, Any]
) -> None:
    server = client.server.handler
    assert isinstance(server, web.Server)
    server.handler_cancellation = False  # as in production, unlike `TestServer`
    stage.notify.may_answer.clear()
    _, writer = await asyncio.open_connection(client.host, client.port)
    writer.write(b"GET /stream HTTP/1.1\r\nHost: rakat\r\n\r\n")
    await stage.notify.asked.wait()
    writer.close()
    await until(lambda: all(each.transport is None for each in server.connections))

    stage.notify.may_answer.set()

    await until(lambda: stage.ended == [200])  # an exception would not be counted


async def test_shutdown_ends_streams_and_opens_no_more(
    stage: Stage, client: TestClient[Any, Any]
) -> None:
    reader = await listen(client)
    await stage.streams.close()

    await reader.ended()
    assert (await client.get("/stream")).status == 503


async def test_applications_have_no_stream(
    stage: Stage, client: TestClient[Any, Any]
) -> None:
    ref = ClientRef(client_id=new_id(), name="Siska", unit_id=new_id())
    stage.actor = Actor(client=ref)

    assert (await client.get("/stream")).status == 403
