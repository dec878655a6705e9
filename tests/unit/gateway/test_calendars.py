"""Calendars by address: what the gateway makes of secrets, tags and answers."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any

import pytest

from contracts.errors import NotFound
from gateway import feeds
from gateway.app import create_app
from gateway.config import GatewayConfig
from gateway.throttle import Throttle
from tests.unit.gateway.fakes import TOKEN, FakeBus, done

AUTH = {"Authorization": f"Bearer {TOKEN}"}
FEED = str(uuid.uuid4())
ICS = "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


@pytest.fixture
def fake_bus() -> FakeBus:
    bus = FakeBus()
    bus.answers["schedule.create_calendar_feed"] = done({"feed_id": FEED})
    bus.answers["schedule.read_calendar_feed"] = lambda _call: {"content": ICS}
    bus.answers["schedule.read_public_calendar"] = lambda _call: {"content": ICS}
    bus.answers["schedule.delete_calendar_feed"] = done(None)
    return bus


@pytest.fixture
async def api(aiohttp_client, tmp_path, fake_bus):
    config = GatewayConfig(amqp_uri="", blob_url=f"file://{tmp_path}/blobs")
    return await aiohttp_client(create_app(config, bus=fake_bus))


async def made(api: Any) -> str:
    body = {"position_id": str(uuid.uuid4()), "detail": "busy"}
    response = await api.post("/api/v1/calendar-feeds", json=body, headers=AUTH)
    assert response.status == 201
    answer = await response.json()
    assert answer["feed_id"] == FEED
    path: str = answer["url"].split("/", 3)[3]
    return f"/{path}"


async def test_the_service_knows_an_address_only_by_its_hash(api, fake_bus):
    path = await made(api)

    token = path.removeprefix("/calendars/").removesuffix(".ics")
    (call,) = fake_bus.of("create_calendar_feed")
    assert token not in str(call)
    assert call.kwargs["token_sha256"] == hashlib.sha256(token.encode()).hexdigest()


async def test_an_address_is_read_without_a_login_and_again_with_its_tag(api, fake_bus):
    path = await made(api)

    first = await api.get(path)
    again = await api.get(path, headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status, await first.text()) == (200, ICS)
    assert first.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert (again.status, await again.text()) == (304, "")
    (call, _) = fake_bus.of("read_calendar_feed")
    assert call.context.actor is None


async def test_a_guessed_address_is_not_found(api, fake_bus):
    def refuse(_call: Any) -> Any:
        raise NotFound

    path = await made(api)
    fake_bus.answers["schedule.read_calendar_feed"] = refuse

    for guess in (path, "/calendars/x.ics", "/calendars/%00.ics"):
        response = await api.get(guess, allow_redirects=False)
        assert response.status == 404
        assert (await response.json())["code"] == "not_found"


async def test_the_public_calendar_needs_no_address(api):
    response = await api.get("/calendars/public.ics")

    assert (response.status, await response.text()) == (200, ICS)
    assert response.headers["Cache-Control"].startswith("public")


async def test_a_feed_is_taken_back(api):
    response = await api.delete(f"/api/v1/calendar-feeds/{FEED}", headers=AUTH)

    assert response.status == 204


@pytest.mark.parametrize(
    "body", [{}, {"detail": "all"}, {"detail": "busy", "unit": "x"}]
)
async def test_a_wrong_wish_is_refused(api, body):
    response = await api.post("/api/v1/calendar-feeds", json=body, headers=AUTH)

    assert response.status == 422


async def test_nobody_makes_a_feed_without_a_login(api):
    body = {"position_id": str(uuid.uuid4()), "detail": "busy"}

    assert (await api.post("/api/v1/calendar-feeds", json=body)).status == 401


async def test_who_reads_without_a_login_is_held_back(
    aiohttp_client, tmp_path, fake_bus, monkeypatch
):
    monkeypatch.setattr(feeds, "throttle", lambda: Throttle(burst=2, every=60.0))
    config = GatewayConfig(amqp_uri="", blob_url=f"file://{tmp_path}/blobs")
    api = await aiohttp_client(create_app(config, bus=fake_bus))
    path = await made(api)
    assert (await api.get(path)).status == 200
    assert (await api.get("/calendars/x.ics")).status == 404

    for address in (path, "/calendars/x.ics", "/calendars/public.ics"):
        answer = await api.get(address)
        assert answer.status == 429
        assert (await answer.json())["code"] == "rate_limited"
        assert 0 < int(answer.headers["Retry-After"]) <= 60
    page = await api.get("/agenda-publik")

    assert page.status == 429
    assert 0 < int(page.headers["Retry-After"]) <= 60
    assert len(fake_bus.of("read_calendar_feed")) == 1


async def test_a_repetition_is_told_the_same_address_and_nobody_keeps_it(api, fake_bus):
    body = {"position_id": str(uuid.uuid4()), "detail": "busy"}

    async def post(key: str | None, **changed: str) -> str:
        headers = AUTH | ({"Idempotency-Key": key} if key else {})
        response = await api.post(
            "/api/v1/calendar-feeds", json=body | changed, headers=headers
        )
        assert response.status == 201
        url: str = (await response.json())["url"]
        return url

    first, again = await post("k1"), await post("k1")
    others = [await post("k2"), await post("k1", detail="full"), await post(None)]

    calls = fake_bus.of("create_calendar_feed")
    assert first == again
    assert calls[0].idempotency == calls[1].idempotency
    assert calls[0].kwargs == calls[1].kwargs
    assert calls[3].idempotency.fingerprint != calls[0].idempotency.fingerprint
    assert len({first, *others}) == 4
    token = first.rsplit("/", 1)[1].removesuffix(".ics")
    assert len(token) == 43
    assert token not in str(calls)
    assert (await api.get(f"/calendars/{token}.ics")).status == 200


async def test_a_replay_says_that_it_is_one(api, fake_bus):
    fake_bus.answers["schedule.create_calendar_feed"] = done(
        {"feed_id": FEED}, replayed=True
    )
    response = await api.post(
        "/api/v1/calendar-feeds",
        json={"position_id": str(uuid.uuid4()), "detail": "busy"},
        headers=AUTH | {"Idempotency-Key": "k1"},
    )

    assert response.headers["Idempotency-Replayed"] == "true"
