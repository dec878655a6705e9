"""Who is asking: the cache of sessions, cookies, CSRF, logging in and out."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from ipaddress import ip_network

import pytest

from contracts.errors import TooMany, Unauthenticated, Unavailable
from gateway import auth, csrf
from gateway.app import create_app
from gateway.auth import Sessions, token_key
from gateway.client import Client
from tests.unit.gateway.fakes import SESSION, TOKEN, session_answer

LOGIN = {"username": "bupati", "password": "rahasia-sekali"}


@pytest.fixture
def sessions(bus):
    return Sessions(Client(bus), demo_allowed=True)


def age(sessions, seconds):
    for kept in sessions._kept.values():
        kept.asked_at -= seconds


async def test_a_session_is_asked_for_once_in_thirty_seconds(sessions, bus):
    for _ in range(3):
        session = await sessions.of(TOKEN, "r")

    assert session.session_id == SESSION
    assert len(bus.calls) == 1

    age(sessions, 31)
    await sessions.of(TOKEN, "r")

    assert len(bus.calls) == 2


async def test_the_token_itself_goes_nowhere(sessions, bus):
    await sessions.of(TOKEN, "r")

    assert bus.calls[0].kwargs == {"token_sha256": token_key(TOKEN)}


async def test_in_an_outage_a_session_lasts_five_minutes(sessions, bus):
    await sessions.of(TOKEN, "r")
    del bus.answers["directory.get_session"]

    age(sessions, 200)
    assert (await sessions.of(TOKEN, "r")).name == "Alice"

    age(sessions, 101)
    with pytest.raises(Unavailable):
        await sessions.of(TOKEN, "r")


async def test_a_revoked_session_ends_at_once(sessions, bus):
    await sessions.of(TOKEN, "r")
    bus.answers["directory.get_session"] = _nobody

    sessions.drop(
        {"type": "session.revoked.v1", "data": {"token_sha256": token_key(TOKEN)}}
    )

    with pytest.raises(Unauthenticated):
        await sessions.of(TOKEN, "r")


async def test_a_revoked_session_does_not_come_back_in_an_outage(sessions, bus):
    await sessions.of(TOKEN, "r")
    sessions.drop({"data": {"token_sha256": token_key(TOKEN)}})
    del bus.answers["directory.get_session"]

    with pytest.raises(Unavailable):
        await sessions.of(TOKEN, "r")


async def test_after_a_gap_in_the_broadcasts_sessions_are_asked_for_again(
    sessions, bus
):
    await sessions.of(TOKEN, "r")

    sessions.forget_all()
    bus.answers["directory.get_session"] = _nobody

    with pytest.raises(Unauthenticated):
        await sessions.of(TOKEN, "r")


async def test_an_expired_session_is_refused_though_it_is_kept(sessions, bus):
    bus.answers["directory.get_session"] = lambda _: session_answer(days=-1)

    with pytest.raises(Unauthenticated):
        await sessions.of(TOKEN, "r")


async def test_a_demo_session_needs_loopback(bus):
    bus.answers["directory.get_session"] = lambda _: session_answer(demo=True)

    with pytest.raises(Unauthenticated):
        await Sessions(Client(bus), demo_allowed=False).of(TOKEN, "r")


def _nobody(_call):
    raise Unauthenticated


# ---- over HTTP -------------------------------------------------------------------


async def test_logging_in_passes_on_the_peer_and_keeps_no_cookie(api, bus):
    bus.answers["directory.open_session"] = lambda _: {"token": "t"}

    response = await api.post("/api/v1/sessions", json=LOGIN)

    assert response.status == 201
    assert response.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in response.headers
    call = bus.of("open_session")[0]
    assert call.kwargs == {"body": LOGIN, "address": "127.0.0.1"}
    assert call.context.actor is None


async def test_a_wrong_login_and_a_throttled_one(api, bus):
    def wrong(_call):
        raise Unauthenticated("invalid_credentials")

    def throttled(_call):
        raise TooMany(retry_after=42)

    bus.answers["directory.open_session"] = wrong
    refused = await api.post("/api/v1/sessions", json=LOGIN)
    bus.answers["directory.open_session"] = throttled
    later = await api.post("/api/v1/sessions", json=LOGIN)

    assert refused.status == 401
    assert json.loads(await refused.text())["code"] == "invalid_credentials"
    assert "rahasia-sekali" not in await refused.text()
    assert later.status == 429
    assert later.headers["Retry-After"] == "42"


@pytest.mark.parametrize(
    "changes", [{"demo": True, "host": "0.0.0.0"}, {"demo": False}]
)
async def test_off_loopback_or_without_a_demo_the_demo_password_opens_nothing(
    aiohttp_client, config, bus, changes
):
    api = await aiohttp_client(create_app(replace(config, **changes), bus=bus))

    response = await api.post(
        "/api/v1/sessions",
        json={"username": "bupati", "password": config.demo_password},
    )

    assert response.status == 401
    assert bus.calls == []


async def test_the_forwarded_address_counts_only_from_a_trusted_proxy(
    aiohttp_client, config, bus
):
    bus.answers["directory.open_session"] = lambda _: {"token": "t"}
    trusting = replace(config, trusted_proxies=(ip_network("127.0.0.0/8"),))
    header = {"X-Forwarded-For": "6.6.6.6, 10.1.1.1, 127.0.0.9"}

    for settings in (config, trusting):
        api = await aiohttp_client(create_app(settings, bus=bus))
        await api.post("/api/v1/sessions", json=LOGIN, headers=header)

    addresses = [call.kwargs["address"] for call in bus.of("open_session")]
    assert addresses == ["127.0.0.1", "10.1.1.1"]


async def test_logging_out_closes_the_session_and_the_cookie(api, bus, alice):
    bus.answers["directory.close_session"] = lambda _: None

    response = await api.delete("/api/v1/sessions/current", headers=alice)

    assert response.status == 204
    assert bus.of("close_session")[0].kwargs == {"token_sha256": token_key(TOKEN)}
    assert 'rakat_session=""' in response.headers["Set-Cookie"]


async def test_a_cookie_reads_but_changes_only_with_its_csrf_token(api, bus):
    api.session.cookie_jar.update_cookies({auth.COOKIE: TOKEN})
    bus.answers["directory.close_session"] = lambda _: None
    bus.answers["directory.get_me"] = lambda _: {"person": {}, "positions": []}

    read = await api.get("/api/v1/me")
    bare = await api.delete("/api/v1/sessions/current")
    foreign = await api.delete(
        "/api/v1/sessions/current",
        headers={csrf.HEADER: csrf.token_for(TOKEN), "Sec-Fetch-Site": "cross-site"},
    )
    shown = await api.delete(
        "/api/v1/sessions/current", headers={csrf.HEADER: csrf.token_for(TOKEN)}
    )

    assert [read.status, bare.status, foreign.status, shown.status] == [
        200,
        403,
        403,
        204,
    ]
    assert json.loads(await bare.text())["code"] == "csrf_failed"


async def test_a_csrf_token_that_is_no_text_is_wrong_and_not_our_error(api):
    reader, writer = await asyncio.open_connection(api.host, api.port)
    head = b"DELETE /api/v1/sessions/current HTTP/1.1\r\nHost: x\r\nCookie: "
    cookie = f"{auth.COOKIE}={TOKEN}\r\n".encode()

    writer.write(head + cookie + b"X-CSRF-Token: \xff\r\n\r\n")

    assert b" 403 " in await reader.readline()
    writer.close()


@pytest.mark.parametrize("charset", ["nothing-known", "utf-16"])
async def test_a_form_that_cannot_be_read_is_the_senders_mistake(api, charset):
    kind = f"application/x-www-form-urlencoded; charset={charset}"

    answer = await api.post("/masuk", data=b"x=1", headers={"Content-Type": kind})

    assert answer.status == 400


async def test_counters_are_null_where_the_counting_service_is_away(api, bus, alice):
    bus.answers["directory.get_me"] = lambda _: {"person": {}, "positions": []}
    bus.answers["letters.count_my_tasks"] = lambda _: {
        "unread_tasks": 1,
        "open_tasks": 2,
        "overdue_tasks": 0,
    }

    me = json.loads(await (await api.get("/api/v1/me", headers=alice)).text())

    assert me["counters"] == {
        "unread_tasks": 1,
        "open_tasks": 2,
        "overdue_tasks": 0,
        "unread_notifications": None,
    }


def test_the_cookie_is_for_https_except_on_loopback(config):
    assert config.on_loopback
    assert not replace(config, host="0.0.0.0").on_loopback
    assert not replace(config, host="rakat.example").on_loopback
    assert replace(config, host="::1").on_loopback
