"""Requests and replies: what is read, what is refused, what is never told."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import amqp
import msgspec
import orjson
import pytest
from nameko.exceptions import MalformedRequest, MethodNotFound
from sqlalchemy.exc import IntegrityError, OperationalError

from chassis import wire
from contracts.errors import Conflict, RakatError, from_wire


def test_request_is_read() -> None:
    message = amqp.Message(b'{"args": [1], "kwargs": {"a": 2}}')
    assert wire.read_request(message) == ([1], {"a": 2})


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "application/json"),
        (b"[]", "application/json"),
        (b'{"args": []}', "application/json"),
        (b'{"args": {}, "kwargs": {}}', "application/json"),
        (b'{"args": [], "kwargs": {}}', "application/x-python-serialize"),
    ],
)
def test_unreadable_request_is_malformed(body: bytes, kind: str) -> None:
    with pytest.raises(MalformedRequest):
        wire.read_request(amqp.Message(body, content_type=kind))


def test_contract_error_is_rebuilt_by_the_reader() -> None:
    raised = Conflict("schedule_conflict", conflicts=[{"id": UUID(int=1)}])
    error = _error(raised)
    assert error["exc_path"] == "contracts.errors.Conflict"
    rebuilt = from_wire(error["exc_args"][0])
    assert isinstance(rebuilt, Conflict)
    assert rebuilt.facts == {"conflicts": [{"id": str(UUID(int=1))}]}


def test_subclass_travels_as_its_kind() -> None:
    class AlreadyClosed(Conflict):
        default_code = "already_closed"

    error = _error(AlreadyClosed())
    assert error["exc_type"] == "Conflict"
    assert error["value"] == "already_closed"


@pytest.mark.parametrize(
    "raised",
    [ValueError("secret"), IntegrityError("INSERT secret", {}, Exception("secret"))],
)
def test_unexpected_error_tells_nothing(raised: Exception) -> None:
    error = _error(raised)
    assert error["value"] == "internal"
    assert "secret" not in orjson.dumps(error).decode()
    assert type(from_wire(error["exc_args"][0])) is RakatError


def test_database_away_is_unavailable() -> None:
    error = _error(OperationalError("SELECT", {}, Exception("gone")))
    assert error["exc_type"] == "Unavailable"
    assert error["exc_args"][0]["facts"] == {"retry_after": 1}


def test_nameko_errors_keep_their_path() -> None:
    assert _error(MethodNotFound("x"))["exc_path"] == "nameko.exceptions.MethodNotFound"


def test_result_may_hold_structs_dates_and_ids() -> None:
    class Point(msgspec.Struct):
        x: int

    body = wire.result({"p": Point(1), "on": date(2026, 1, 2), "id": UUID(int=1)})
    assert orjson.loads(body)["result"] == {
        "p": {"x": 1},
        "on": "2026-01-02",
        "id": str(UUID(int=1)),
    }


def _error(raised: BaseException) -> dict[str, Any]:
    reply: dict[str, Any] = orjson.loads(wire.failure(raised, "r-1"))
    assert reply["result"] is None
    error: dict[str, Any] = reply["error"]
    return error
