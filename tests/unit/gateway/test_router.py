"""Requests through the whole application, with a fake bus behind it."""

from __future__ import annotations

import json
from uuid import UUID, uuid4

import pytest

from contracts.errors import Conflict, RakatError
from gateway.bus import RemoteFault
from tests.unit.gateway.fakes import done

PARCEL = str(uuid4())
SENT = {"label": "Undangan", "sent_at": "2026-11-24T09:00:00+08:00"}


def parcel(**more):
    return {"parcel_id": PARCEL, "version": 3, "label": "Undangan", **more}


async def problem_of(response, status, code):
    assert response.status == status, await response.text()
    assert response.content_type == "application/problem+json"
    document = json.loads(await response.text())
    assert document["code"] == code
    assert document["status"] == status
    assert document["request_id"] == response.headers["X-Request-Id"]
    return document


async def test_a_command_reaches_its_service_with_actor_key_and_body(api, bus, alice):
    bus.answers["post.send_parcel"] = done(parcel())
    headers = {**alice, "Idempotency-Key": "k-1", "X-Acting-As": PARCEL}

    response = await api.post("/api/v1/parcels", json=SENT, headers=headers)

    assert response.status == 201
    assert await response.json() == parcel()
    assert response.headers["Cache-Control"] == "private, no-cache"
    call = bus.of("send_parcel")[0]
    assert call.kwargs == {"body": SENT}
    assert call.context.actor.name == "Alice"
    assert call.context.actor.acting_as == UUID(PARCEL)
    assert call.idempotency.key == "k-1"
    assert call.idempotency.generated is False
    assert call.seconds == 5


async def test_a_command_without_a_key_gets_a_new_one_each_time(api, bus, alice):
    bus.answers["post.send_parcel"] = done(parcel())
    headers = {**alice, "X-Request-Id": str(uuid4())}

    for _ in range(2):
        await api.post("/api/v1/parcels", json=SENT, headers=headers)

    first, second = (call.idempotency for call in bus.of("send_parcel"))
    assert first.generated
    assert second.generated
    assert first.key != second.key
    assert first.fingerprint == second.fingerprint


async def test_a_replayed_answer_says_so(api, bus, alice):
    bus.answers["post.send_parcel"] = done(parcel(), replayed=True)

    response = await api.post("/api/v1/parcels", json=SENT, headers=alice)

    assert response.headers["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize("key", ["", "a b", "ü", "x" * 256])
async def test_what_is_no_key_is_refused(api, bus, alice, key):
    headers = {**alice, "Idempotency-Key": key}

    response = await api.post("/api/v1/parcels", json=SENT, headers=headers)

    await problem_of(response, 400, "malformed")
    assert bus.of("send_parcel") == []


async def test_the_fingerprint_tells_another_body_path_and_position(api, bus, alice):
    bus.answers["post.send_parcel"] = done(parcel())
    bus.answers["post.burn_parcel"] = done(parcel())
    other = {**SENT, "label": "Lain"}
    acting = {**alice, "X-Acting-As": PARCEL}

    await api.post("/api/v1/parcels", json=SENT, headers=alice)
    await api.post("/api/v1/parcels", json=other, headers=alice)
    await api.post("/api/v1/parcels", json=SENT, headers=acting)
    await api.post(f"/api/v1/parcels/{PARCEL}/burn", headers=alice)
    await api.post(f"/api/v1/parcels/{uuid4()}/burn", headers=alice)

    commands = [call for call in bus.calls if call.idempotency]
    assert len({call.idempotency.fingerprint for call in commands}) == 5


async def test_without_a_session_nothing_is_told_of_the_rules(api, bus):
    response = await api.post("/api/v1/parcels", data=b"\xff")

    await problem_of(response, 401, "unauthenticated")
    assert response.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    "header",
    ["Bearer wrong", "Bearer ", "Basic YTpi", "alices-token", "Bearer " + "x" * 999],
)
async def test_a_token_nobody_has_is_refused(api, header):
    response = await api.get("/api/v1/parcels", headers={"Authorization": header})

    await problem_of(response, 401, "unauthenticated")


async def test_every_wrong_field_is_named(api, bus, alice):
    body = {
        "label": "",
        "sent_at": "2026-11-24T09:00:00",
        "to": "me",
        "colour": "red",
        "stamps": [{"value": "1"}, {"worth": 1}],
    }

    response = await api.post("/api/v1/parcels", json=body, headers=alice)

    document = await problem_of(response, 422, "invalid")
    assert [error["field"] for error in document["errors"]] == [
        "/colour",
        "/label",
        "/sent_at",
        "/stamps/0/value",
        "/stamps/1/value",
        "/stamps/1/worth",
        "/to",
    ]
    assert bus.of("send_parcel") == []


@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        (b"{", 400, "malformed"),
        (b'{"label": "\xff"}', 400, "malformed"),
        (b'{"label": NaN}', 400, "malformed"),
        (b'{"label": 1e999}', 400, "malformed"),
        (b'{"label": "a", "label": "b"}', 400, "malformed"),
        (b"[" * 100_000, 400, "malformed"),
        (b'{"a":' * 40 + b"1" + b"}" * 40, 400, "malformed"),
        (b'{"label": ' + b"9" * 5_000 + b"}", 400, "malformed"),
        (b"[]", 422, "invalid"),
        (b'"text"', 422, "invalid"),
        (rb'{"label": "a\u0000b"}', 422, "invalid"),
        (rb'{"label": "\ud800"}', 422, "invalid"),
        (rb'{"\u0000": 1}', 400, "malformed"),
        (b"", 422, "invalid"),
        (b'{"label":"' + b"x" * 1_100_000 + b'"}', 413, "too_large"),
    ],
    ids=lambda value: repr(value[:24]) if isinstance(value, bytes) else None,
)
async def test_bodies_that_are_none_get_the_documented_answer(
    api, bus, alice, raw, status, code
):
    headers = {**alice, "Content-Type": "application/json"}

    response = await api.post("/api/v1/parcels", data=raw, headers=headers)

    await problem_of(response, status, code)
    assert bus.of("send_parcel") == []


async def test_another_content_type_is_415(api, alice):
    headers = {**alice, "Content-Type": "text/plain"}

    response = await api.post("/api/v1/parcels", data=b"{}", headers=headers)

    await problem_of(response, 415, "unsupported_media_type")


@pytest.mark.parametrize("raw", [b"", b"{}", b"  "])
async def test_an_act_without_fields_takes_nothing_or_an_empty_object(
    api, bus, alice, raw
):
    bus.answers["post.burn_parcel"] = done(parcel())
    headers = {**alice, "Content-Type": "application/json"}

    response = await api.post(
        f"/api/v1/parcels/{PARCEL}/burn", data=raw, headers=headers
    )

    assert response.status == 200
    assert bus.of("burn_parcel")[0].kwargs == {"parcel_id": PARCEL}


async def test_an_act_without_fields_refuses_one(api, alice):
    response = await api.post(
        f"/api/v1/parcels/{PARCEL}/burn", json={"why": "cold"}, headers=alice
    )

    document = await problem_of(response, 422, "invalid")
    assert document["errors"][0]["field"] == "/why"


async def test_query_parameters_are_read_and_defaulted(api, bus, alice):
    bus.answers["post.list_parcels"] = lambda _: {"items": [], "next_cursor": None}

    response = await api.get(
        f"/api/v1/parcels?heavy=true&ids={PARCEL},{PARCEL}&cursor=", headers=alice
    )

    assert response.status == 200
    assert bus.of("list_parcels")[0].kwargs["query"] == {
        "limit": 50,
        "cursor": None,
        "ids": [PARCEL, PARCEL],
        "heavy": True,
    }
    assert bus.of("list_parcels")[0].repeatable


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("colour=red", ["/colour"]),
        ("limit=0&heavy=perhaps", ["/limit", "/heavy"]),
        ("limit=1&limit=2", ["/limit"]),
        ("limit=abc", ["/limit"]),
        ("ids=a", ["/ids/0"]),
        ("cursor=%00", ["/cursor"]),
    ],
)
async def test_wrong_query_parameters_are_named(api, bus, alice, query, fields):
    response = await api.get(f"/api/v1/parcels?{query}", headers=alice)

    document = await problem_of(response, 422, "invalid")
    assert [error["field"] for error in document["errors"]] == fields
    assert bus.of("list_parcels") == []


@pytest.mark.parametrize(
    "path", ["/api/v1/parcels/7", "/api/v1/nothing", "/api/v1/parcels/%00"]
)
async def test_what_cannot_be_there_is_not_found(api, bus, alice, path):
    response = await api.get(path, headers=alice)

    await problem_of(response, 404, "not_found")
    assert bus.of("get_parcel") == []


async def test_an_id_has_one_form(api, bus, alice):
    bus.answers["post.get_parcel"] = lambda _: parcel()

    await api.get(f"/api/v1/parcels/{PARCEL.upper()}", headers=alice)

    assert bus.of("get_parcel")[0].kwargs == {"parcel_id": PARCEL}


async def test_another_method_is_told_which_are_allowed(api, alice):
    response = await api.put("/api/v1/parcels", headers=alice)

    await problem_of(response, 405, "method_not_allowed")
    assert set(response.headers["Allow"].split(",")) == {"GET", "HEAD", "POST"}


async def test_a_known_etag_is_answered_304_and_another_view_is_not(api, bus, alice):
    bus.answers["post.get_parcel"] = lambda _: parcel()
    first = await api.get(f"/api/v1/parcels/{PARCEL}", headers=alice)
    headers = {**alice, "If-None-Match": first.headers["ETag"]}

    same = await api.get(f"/api/v1/parcels/{PARCEL}", headers=headers)
    bus.answers["post.get_parcel"] = lambda _: parcel(overdue=True)
    other = await api.get(f"/api/v1/parcels/{PARCEL}", headers=headers)

    assert same.status == 304
    assert other.status == 200


async def test_a_patch_sends_the_version_it_was_read_with(api, bus, alice):
    bus.answers["post.get_parcel"] = lambda _: parcel()
    bus.answers["post.change_parcel"] = done(parcel(version=4))
    tag = (await api.get(f"/api/v1/parcels/{PARCEL}", headers=alice)).headers["ETag"]

    response = await api.patch(
        f"/api/v1/parcels/{PARCEL}",
        json={"value": 2},
        headers={
            **alice,
            "If-Match": tag,
            "Content-Type": "application/merge-patch+json",
        },
    )

    assert response.status == 200
    assert response.headers["ETag"].startswith('"4-')
    assert bus.of("change_parcel")[0].kwargs["expected_version"] == 3


@pytest.mark.parametrize(
    ("tag", "status", "code"),
    [
        (None, 428, "precondition_required"),
        ("*", 428, "precondition_required"),
        ('"other"', 412, "version_conflict"),
        ('W/"3"', 412, "version_conflict"),
    ],
)
async def test_a_patch_needs_a_tag_of_ours(api, bus, alice, tag, status, code):
    headers = alice if tag is None else {**alice, "If-Match": tag}

    response = await api.patch(
        f"/api/v1/parcels/{PARCEL}", json={"value": 1}, headers=headers
    )

    await problem_of(response, status, code)
    assert bus.of("change_parcel") == []


async def test_a_replacement_needs_a_tag_as_a_patch_does(api, bus, alice):
    path = f"/api/v1/parcels/{PARCEL}/seal"

    bare = await api.put(path, json={"value": 1}, headers=alice)
    stale = await api.put(
        path, json={"value": 1}, headers={**alice, "If-Match": '"other"'}
    )

    await problem_of(bare, 428, "precondition_required")
    await problem_of(stale, 412, "version_conflict")
    assert bus.of("seal_parcel") == []


async def test_an_error_of_a_service_keeps_its_facts(api, bus, alice):
    def refuse(_call):
        raise Conflict("illegal_transition", state="completed")

    bus.answers["post.burn_parcel"] = refuse

    response = await api.post(f"/api/v1/parcels/{PARCEL}/burn", headers=alice)

    document = await problem_of(response, 409, "illegal_transition")
    assert document["state"] == "completed"


@pytest.mark.parametrize(
    "error", [RemoteFault("builtins.KeyError"), ValueError("secret"), RakatError()]
)
async def test_a_fault_shows_nothing_but_its_request_id(api, bus, alice, error):
    def fail(_call):
        raise error

    bus.answers["post.get_parcel"] = fail

    response = await api.get(f"/api/v1/parcels/{PARCEL}", headers=alice)

    await problem_of(response, 500, "internal")
    assert "secret" not in await response.text()
    assert "KeyError" not in await response.text()


async def test_a_service_away_is_503_with_retry_after(api, alice):
    response = await api.get(f"/api/v1/parcels/{PARCEL}", headers=alice)

    await problem_of(response, 503, "service_unavailable")
    assert int(response.headers["Retry-After"]) >= 1


async def test_a_request_id_is_kept_when_it_is_a_uuid(api):
    given = str(uuid4())

    kept = await api.get("/livez", headers={"X-Request-Id": given})
    made = await api.get("/livez", headers={"X-Request-Id": "hello"})

    assert kept.headers["X-Request-Id"] == given
    assert UUID(made.headers["X-Request-Id"])


async def test_every_answer_carries_the_security_headers(api):
    for path in ("/livez", "/api/v1/me", "/api/v1/openapi.json", "/nowhere"):
        response = await api.get(path)

        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
        assert "Python" not in response.headers["Server"]


async def test_a_position_that_is_no_id_is_not_held(api, alice):
    headers = {**alice, "X-Acting-As": "bupati"}

    response = await api.get("/api/v1/parcels", headers=headers)

    await problem_of(response, 403, "position_not_held")
