"""The lease: one holder, a quick take-over, and no clock compared."""

from __future__ import annotations

from typing import Any

from pymongo.database import Database

from services.notify.lease import Lease

Store = Database[dict[str, Any]]


class Clock:
    """A monotonic clock that moves when told."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def make_lease(database: Store, clock: Clock) -> Lease:
    return Lease(database["leases"], "stream", monotonic=clock)


def test_only_one_holds_while_it_beats(database: Store) -> None:
    clock = Clock()
    first, second = make_lease(database, clock), make_lease(database, clock)

    for _ in range(20):
        clock.now += 0.5
        assert first.hold()
        assert not second.hold()


def test_silence_hands_over_within_three_seconds_with_a_higher_token(
    database: Store,
) -> None:
    clock = Clock()
    first, second = make_lease(database, clock), make_lease(database, clock)
    assert first.hold()
    assert not second.hold()
    silent_since = clock.now

    while not second.hold():
        clock.now += 0.1

    assert clock.now - silent_since <= 3
    assert (first.token, second.token) == (1, 2)


def test_a_frozen_holder_notices_that_it_lost(database: Store) -> None:
    clock = Clock()
    first, second = make_lease(database, clock), make_lease(database, clock)
    first.hold()
    second.hold()
    clock.now += 2.5
    assert second.hold()

    clock.now += 0.5

    assert not first.hold()
    assert second.hold()


def test_a_released_lease_is_taken_at_once(database: Store) -> None:
    clock = Clock()
    first, second = make_lease(database, clock), make_lease(database, clock)
    first.hold()
    first.release()

    assert second.hold()
    clock.now += 0.5
    assert not first.hold()


def test_of_many_taking_over_at_once_one_wins(database: Store) -> None:
    clock = Clock()
    make_lease(database, clock).hold()
    waiting = [make_lease(database, clock) for _ in range(5)]
    for lease in waiting:
        lease.hold()
    clock.now += 2.5

    assert sum(lease.hold() for lease in waiting) == 1
