"""Lending a position: which rights, from when until when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from contracts import codec
from contracts.codec import ZONE
from contracts.directory import CreateDelegation, Right
from contracts.errors import Invalid
from services.directory.domain.delegations import delegate
from tests.unit.directory.organisations import NOW, key


def lent(**fields):
    body = {"to_position_id": str(key("ajudan")), "rights": ["read"], **fields}
    return delegate(
        codec.load(CreateDelegation, body),
        delegation_id=UUID(int=1),
        position_id=key("bupati"),
        given_by=key("alice"),
        now=NOW,
        version=1,
    )


@pytest.mark.parametrize(
    ("rights", "granted"),
    [
        (["read"], (Right.READ,)),
        (["prepare"], (Right.READ, Right.PREPARE)),
        (["act", "read"], (Right.READ, Right.PREPARE, Right.ACT)),
    ],
)
def test_right_includes_the_lesser_ones(rights, granted):
    assert lent(rights=rights).rights == granted


def test_without_dates_it_begins_now_and_lasts_until_taken_back():
    row = lent()

    assert row.starts_at == NOW
    assert row.ends_at is None


def test_dates_are_whole_days_of_the_regency():
    row = lent(**{"from": "2026-11-25", "until": "2026-11-27"})

    assert row.starts_at == datetime(2026, 11, 25, tzinfo=ZONE)
    assert row.ends_at == datetime(2026, 11, 28, tzinfo=ZONE)


def test_instants_are_taken_as_they_are():
    row = lent(**{"from": "2026-11-25T08:00:00+08:00", "until": "2026-11-25T09:00:00Z"})

    assert row.starts_at == datetime(2026, 11, 25, 0, 0, tzinfo=UTC)
    assert row.ends_at == datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "fields",
    [
        {"to_position_id": str(key("bupati"))},
        {"rights": []},
        {"rights": ["sign"]},
        {"from": "2026-11-25T08:00:00"},
        {"from": "2026-13-45"},
        {"from": "9999-12-31", "until": "9999-12-31"},
        {"until": "2026-11-20"},
        {"from": "2026-11-30", "until": "2026-11-28"},
        {"until": (NOW - timedelta(seconds=1)).isoformat()},
        {"unknown": 1},
    ],
)
def test_unclear_delegation_is_refused(fields):
    with pytest.raises(Invalid):
        lent(**fields)
