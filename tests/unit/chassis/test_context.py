"""The call's context on the wire: only known headers, in both directions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from chassis.context import CallContext, Idempotency, from_headers
from contracts.actor import Actor
from contracts.errors import Malformed

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_context_survives_the_wire() -> None:
    sent = CallContext(
        actor=Actor(person_id=UUID(int=7), name="Sekretaris Daerah"),
        request_id="r-1",
        deadline=NOON,
        idempotency=Idempotency(key="k", fingerprint="f", generated=True),
    )
    assert from_headers(sent.to_headers()) == sent


def test_stock_caller_gets_a_request_id() -> None:
    read = from_headers({"nameko.call_id_stack": ["a.b.c"]})
    assert read.request_id
    assert read.actor is None


@pytest.mark.parametrize(
    "deadline", ["2026-11-24T12:00:00Z", "2026-11-24T20:00:00+08:00", NOON.timestamp()]
)
def test_deadline_is_text_or_a_number(deadline: Any) -> None:
    assert from_headers({"nameko.deadline": deadline}).deadline == NOON


@pytest.mark.parametrize(
    "headers",
    [
        {"nameko.deadline": "soon"},
        {"nameko.deadline": 1e300},
        {"nameko.actor": "{"},
        {"nameko.actor": {"person_id": 1}},
        {"nameko.idempotency": "[]"},
    ],
)
def test_unreadable_header_is_malformed(headers: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        from_headers(headers)


def test_expiry() -> None:
    call = CallContext(deadline=NOON)
    assert not call.expired(NOON - timedelta(seconds=1))
    assert call.expired(NOON)
    assert not CallContext().expired(NOON)
