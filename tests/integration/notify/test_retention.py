"""What is too old goes from inbox and stream alike; numbers go on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from chassis.ids import new_id
from services.notify.ids import first_id_of
from services.notify.repository import Notifications
from services.notify.retention import KEPT, forget_answers, forget_old
from tests.integration.notify.conftest import Store
from tests.integration.notify.drafts import make_document
from tests.integration.notify.test_stream import drain, read_all


def test_the_old_are_forgotten_and_the_stream_goes_on(
    database: Store, notifications: Notifications
) -> None:
    alice, now = new_id(), datetime.now(UTC)
    old = make_document(alice) | {"_id": first_id_of(now - KEPT - timedelta(days=1))}
    young = make_document(alice)
    notifications.add_missing([old, young])
    drain(database)

    assert forget_old(database, now) == 1
    notifications.add_missing([make_document(alice)])
    drain(database)

    assert [entry.seq for entry in read_all(notifications, alice)] == [2, 3]
    assert notifications.get(alice, old["_id"]) is None


def test_answers_are_forgotten_after_a_day(database: Store) -> None:
    now = datetime.now(UTC)
    begun = {"old": now - timedelta(hours=25), "young": now - timedelta(hours=23)}
    for key, at in begun.items():
        database["idempotency"].insert_one({"_id": key, "begun_at": at})

    forget_answers(database, now)

    assert [kept["_id"] for kept in database["idempotency"].find()] == ["young"]
