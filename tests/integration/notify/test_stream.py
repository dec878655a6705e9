"""The stream: numbers without a hole or a repeat, whoever writes and dies when."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import pytest
from pymongo.database import Database

from chassis.ids import new_id
from services.notify.documents import Entry
from services.notify.repository import Notifications
from services.notify.stream import StreamWriter
from tests.integration.notify.drafts import make_document, make_documents

Store = Database[dict[str, Any]]


class Died(BaseException):
    """The writer's process is gone, in the middle of something."""


Write = Callable[[], Any]


class Watched:
    """A store that passes each write to `on_write(number, write)`."""

    def __init__(self, database: Store, on_write: Callable[[int, Write], Any]) -> None:
        self._database, self._on_write, self._count = database, on_write, 0

    def __getitem__(self, name: str) -> Any:
        return _WatchedCollection(self._database[name], self)

    def write(self, act: Write) -> Any:
        self._count += 1
        return self._on_write(self._count, act)


class _WatchedCollection:
    def __init__(self, collection: Any, store: Watched) -> None:
        self._collection, self._store = collection, store

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._collection, name)
        if name not in ("insert_many", "bulk_write", "update_many"):
            return method
        return lambda *args, **kwargs: self._store.write(
            lambda: method(*args, **kwargs)
        )


def mortal(database: Store, dies_at: int, *, before: bool) -> Any:
    """The `dies_at`-th write never returns; with `before` it does not happen."""

    def write(number: int, act: Write) -> Any:
        if number == dies_at and before:
            raise Died
        result = act()
        if number == dies_at:
            raise Died
        return result

    return Watched(database, write)


def frozen(database: Store, freezes_at: int, meanwhile: Callable[[], None]) -> Any:
    """Before the `freezes_at`-th write everything else goes on without it."""

    def write(number: int, act: Write) -> Any:
        if number == freezes_at:
            meanwhile()
        return act()

    return Watched(database, write)


def silent(_: Sequence[Entry]) -> None:
    """Nobody listens."""


def drain(database: Store, told: list[Entry] | None = None, token: int = 9) -> None:
    writer = StreamWriter(database, told.extend if told is not None else silent)
    while writer.append(token):
        pass


def read_all(
    notifications: Notifications, person_id: UUID, page: int = 7
) -> list[Entry]:
    """As a client does: page by page, from the last place it knows."""
    entries: list[Entry] = []
    while True:
        after = entries[-1].seq if entries else 0
        found, _ = notifications.stream_after(person_id, after, page)
        if not found:
            return entries
        entries += found


def assert_whole(
    notifications: Notifications, person_id: UUID, expected: Sequence[dict[str, Any]]
) -> None:
    """Lost 0, duplicate 0, no hole."""
    entries = read_all(notifications, person_id)
    assert [entry.seq for entry in entries] == list(range(1, len(expected) + 1))
    ids = [entry.notification.notification_id for entry in entries]
    assert sorted(ids) == sorted(document["_id"] for document in expected)


def test_places_follow_the_order_of_arrival(
    database: Store, notifications: Notifications
) -> None:
    alice, bob = new_id(), new_id()
    mine, others = make_documents(alice, 5), make_documents(bob, 3)
    notifications.add_missing([*mine[:2], *others, *mine[2:]])

    drain(database)

    titles = [each.notification.title for each in read_all(notifications, alice)]
    assert titles == [f"Tugas {n}" for n in range(5)]
    assert_whole(notifications, bob, others)


def test_readers_stop_at_the_watermark(
    database: Store, notifications: Notifications
) -> None:
    alice = new_id()
    notifications.add_missing(make_documents(alice, 3))
    with pytest.raises(Died):  # places inserted, watermark not moved
        StreamWriter(mortal(database, 1, before=False), silent).append(1)

    entries, watermark = notifications.stream_after(alice, 0, 10)

    assert (entries, watermark) == ([], 0)


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("dies_at", range(1, 7))
def test_a_writer_killed_at_any_write_loses_and_repeats_nothing(
    database: Store, notifications: Notifications, dies_at: int, before: bool
) -> None:
    people = [new_id() for _ in range(3)]
    stored = {person: make_documents(person, 3) for person in people}
    told: list[Entry] = []
    for documents in stored.values():
        notifications.add_missing(documents)
    first = StreamWriter(mortal(database, dies_at, before=before), told.extend)
    try:
        first.append(1)
        for person in people:
            more = make_documents(person, 2)
            stored[person] += more
            notifications.add_missing(more)
        first.append(1)
    except Died:
        pass

    drain(database, told, token=2)

    for person in people:
        assert_whole(notifications, person, stored[person])
    heard = {(each.person_id, each.seq) for each in told}
    assert len(heard) == sum(len(documents) for documents in stored.values())
    assert database["notifications"].count_documents({"pending": True}) == 0


@pytest.mark.parametrize("freezes_at", range(1, 7))
def test_a_frozen_writer_that_wakes_up_breaks_nothing(
    database: Store, notifications: Notifications, freezes_at: int
) -> None:
    alice, bob = new_id(), new_id()
    mine = make_documents(alice, 2)
    his = make_documents(bob, 2)
    notifications.add_missing([*mine, *his])

    def meanwhile() -> None:
        later = make_documents(alice, 2)
        mine.extend(later)
        notifications.add_missing(later)
        drain(database, token=2)

    writer = StreamWriter(frozen(database, freezes_at, meanwhile), silent)
    for _ in range(2):
        writer.append(1)
        more = make_document(alice)
        mine.append(more)
        notifications.add_missing([more])
    drain(database, token=3)

    assert_whole(notifications, alice, mine)
    assert_whole(notifications, bob, his)
    assert database["notifications"].count_documents({"pending": True}) == 0


def test_writers_racing_over_the_same_people_give_one_order(
    database: Store, notifications: Notifications
) -> None:
    people = [new_id() for _ in range(4)]
    stored: dict[UUID, list[dict[str, Any]]] = {person: [] for person in people}
    done = threading.Event()
    told: list[Entry] = []

    def write(token: int) -> None:
        writer = StreamWriter(database, told.extend)
        while not done.is_set() or writer.append(token):
            writer.append(token)

    writers = [threading.Thread(target=write, args=(token,)) for token in (1, 1, 2)]
    for each in writers:
        each.start()
    for _ in range(40):
        person = random.choice(people)
        documents = make_documents(person, random.randint(1, 4))
        stored[person] += documents
        notifications.add_missing(documents)
    done.set()
    for each in writers:
        each.join(20)

    for person in people:
        assert_whole(notifications, person, stored[person])
    places = {(e.person_id, e.seq, e.notification.notification_id) for e in told}
    assert len(places) == sum(len(documents) for documents in stored.values())
