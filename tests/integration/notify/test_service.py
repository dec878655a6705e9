"""notify as a process: events in, notifications and hints out, over the real bus."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from typing import Any
from uuid import UUID

import orjson
import pytest

from chassis import topology
from chassis.ids import new_id
from chassis.testing import wait_until
from contracts.envelope import Envelope
from contracts.errors import Conflict, Forbidden, Invalid, NotFound
from contracts.letters import Secrecy, TaskCompleted, TaskReported, TaskState
from contracts.notify import STREAM_EXCHANGE
from services.notify.domain.rules import RULES
from services.notify.service import Service
from tests.integration.notify.conftest import Store
from tests.integration.notify.drafts import make_document
from tests.unit.directory.organisations import key
from tests.unit.notify.scenes import disposed, moved, registered, sealed, signed

ALICE, BOB, CHARLIE, DEWI = (key(n) for n in ("alice", "bob", "charlie", "dewi"))

Ask = Callable[..., Any]
Publish = Callable[[Envelope], None]


@pytest.fixture(autouse=True)
def _empty(served: Store, notify: Any) -> None:
    for name in ("notifications", "stream", "watermarks", "idempotency"):
        served[name].delete_many({})


def fresh(event: Any, **sealing: Any) -> Envelope:
    """The event under an id of its own."""
    import msgspec

    return msgspec.structs.replace(sealed(event, **sealing), id=new_id())


def inbox(ask: Ask, person: UUID) -> list[dict[str, Any]]:
    return list(ask(person, "list_notifications", query={})["items"])


def test_every_event_with_a_rule_is_listened_to() -> None:
    heard = {each.type for each in topology.handlers(Service)}

    quiet = {"directory.changed.v1", "letter.corrected.v1"}  # heard, tell nothing
    assert heard == {event.type for event in RULES} | quiet


def test_a_letter_reaches_its_reader_and_his_aide_only(
    ask: Ask, publish: Publish
) -> None:
    publish(fresh(registered()))

    (mine,) = wait_until(lambda: inbox(ask, ALICE))
    (his,) = wait_until(lambda: inbox(ask, DEWI))

    assert mine["title"] == "Surat masuk baru"
    assert his["body"].endswith("Untuk bupati.")
    assert inbox(ask, CHARLIE) == inbox(ask, BOB) == []


def test_an_event_delivered_again_tells_nothing_new(
    ask: Ask, publish: Publish, served: Store
) -> None:
    envelope = fresh(registered())
    later = fresh(disposed())

    for each in (envelope, envelope, envelope, later):
        publish(each)

    wait_until(lambda: inbox(ask, BOB))
    assert len(inbox(ask, ALICE)) == 1
    wait_until(lambda: served["notifications"].count_documents({"pending": True}) == 0)
    assert ask(ALICE, "read_stream", after=0)["watermark"] == 1


def test_every_order_of_a_letters_events_ends_the_same(
    ask: Ask, publish: Publish, served: Store
) -> None:
    events = [
        fresh(registered()),
        fresh(disposed(), actor=signed("alice", "bupati")),
        fresh(moved(TaskReported, TaskState.REPORTED, final=True)),
        fresh(moved(TaskCompleted, TaskState.COMPLETED, by="approval")),
    ]
    ends = set()
    for order in permutations(events):
        served["notifications"].delete_many({})
        for envelope in order:
            publish(envelope)
        wait_until(lambda: served["notifications"].count_documents({}) >= 6)
        found = served["notifications"].find({})
        ends.add(
            frozenset(
                (each["event_id"], each["person_id"], each["topic"], each["body"])
                for each in found
            )
        )

    assert len(ends) == 1


def test_a_person_reads_only_his_own(ask: Ask, publish: Publish) -> None:
    publish(fresh(registered()))
    (mine,) = wait_until(lambda: inbox(ask, ALICE))

    with pytest.raises(NotFound):
        ask(CHARLIE, "read_notification", notification_id=mine["notification_id"])
    with pytest.raises(NotFound):
        ask(ALICE, "read_notification", notification_id="bukan-id")
    ask(CHARLIE, "read_all_notifications")

    assert ask(ALICE, "count_unread")["unread"] == 1
    assert ask(CHARLIE, "read_stream", after=0)["entries"] == []


def test_reading_counts_once(ask: Ask, served: Store) -> None:
    document = make_document(ALICE)
    served["notifications"].insert_one(document)
    wanted = str(document["_id"])

    first = ask(ALICE, "read_notification", notification_id=wanted)["body"]
    second = ask(ALICE, "read_notification", notification_id=wanted)["body"]

    assert first == second
    assert first["read_at"] is not None
    assert ask(ALICE, "count_unread")["unread"] == 0


def test_the_same_key_gives_the_first_answer_and_acts_once(
    ask: Ask, served: Store
) -> None:
    served["notifications"].insert_one(make_document(ALICE))

    first = ask(ALICE, "read_all_notifications", key="k1")
    served["notifications"].insert_one(make_document(ALICE))
    again = ask(ALICE, "read_all_notifications", key="k1")

    assert again == {"body": first["body"], "replayed": True}
    assert ask(ALICE, "count_unread")["unread"] == 1
    with pytest.raises(Invalid) as reused:
        ask(ALICE, "read_all_notifications", key="k1", body={"lain": 1})
    assert reused.value.code == "idempotency_key_reused"
    assert not ask(BOB, "read_all_notifications", key="k1")["replayed"]


def test_a_refusal_is_not_kept(ask: Ask, served: Store) -> None:
    document = make_document(ALICE)
    wanted = {"key": "k2", "notification_id": str(document["_id"])}
    with pytest.raises(NotFound):
        ask(ALICE, "read_notification", **wanted)
    served["notifications"].insert_one(document)

    assert not ask(ALICE, "read_notification", **wanted)["replayed"]


def test_who_died_under_a_key_is_repeated_with_the_same_meaning(
    ask: Ask, served: Store
) -> None:
    """The plan was written, perhaps the effect, not the answer."""
    served["notifications"].insert_one(make_document(ALICE))
    ask(ALICE, "read_all_notifications", key="k3")
    served["idempotency"].update_many({}, {"$set": {"answer": None}})
    served["notifications"].insert_one(make_document(ALICE))

    with pytest.raises(Conflict) as running:
        ask(ALICE, "read_all_notifications", key="k3")
    assert running.value.code == "idempotency_in_progress"
    _make_older(served)
    ask(ALICE, "read_all_notifications", key="k3")

    assert ask(ALICE, "count_unread")["unread"] == 1


def _make_older(served: Store) -> None:
    from datetime import timedelta

    kept = served["idempotency"].find_one({})
    assert kept is not None
    begun_at = kept["begun_at"] - timedelta(seconds=6)
    served["idempotency"].update_one({}, {"$set": {"begun_at": begun_at}})


def test_lists_are_paged_newest_first_and_stable_under_writes(
    ask: Ask, served: Store
) -> None:
    documents = [make_document(ALICE) for _ in range(5)]
    served["notifications"].insert_many([*documents, make_document(BOB)])
    ids = [str(each["_id"]) for each in reversed(documents)]

    first = ask(ALICE, "list_notifications", query={"limit": 2})
    served["notifications"].insert_one(make_document(ALICE))
    query = {"limit": 3, "cursor": first["next_cursor"]}
    rest = ask(ALICE, "list_notifications", query=query)

    found = [each["notification_id"] for each in [*first["items"], *rest["items"]]]
    assert found == ids
    assert rest["next_cursor"] is None


def test_lists_of_the_unread_leave_out_the_others(ask: Ask, served: Store) -> None:
    seen, unseen = make_document(ALICE), make_document(ALICE)
    served["notifications"].insert_many([seen, unseen])
    ask(ALICE, "read_notification", notification_id=str(seen["_id"]))

    for unread, expected in ((True, unseen), (False, seen)):
        page = ask(ALICE, "list_notifications", query={"unread": unread})
        ids = [each["notification_id"] for each in page["items"]]
        assert ids == [str(expected["_id"])]


@pytest.mark.parametrize(
    "query", [{"cursor": "!!"}, {"limit": 0}, {"limit": 500}, {"unread": "x"}, {"a": 1}]
)
def test_a_bad_query_is_invalid(ask: Ask, query: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        ask(ALICE, "list_notifications", query=query)


def test_applications_have_no_inbox(rpc_call: Any, notify: Any) -> None:
    with pytest.raises(Forbidden):
        rpc_call("notify", "list_notifications", query={})


@pytest.fixture
def hints(channel: Any, notify: Any) -> list[dict[str, Any]]:
    heard: list[dict[str, Any]] = []
    queue = channel.queue_declare("", exclusive=True, auto_delete=True).queue
    channel.queue_bind(queue, STREAM_EXCHANGE, "")
    channel.basic_consume(
        queue, no_ack=True, callback=lambda m: heard.append(orjson.loads(m.body))
    )
    return heard


def test_each_new_notification_is_hinted_with_its_number(
    ask: Ask, publish: Publish, hints: list[dict[str, Any]], channel: Any
) -> None:
    publish(fresh(registered(secrecy=Secrecy.RAHASIA)))
    publish(fresh(registered(secrecy=Secrecy.RAHASIA)))

    while len(hints) < 2:
        channel.connection.drain_events(timeout=5)

    entries = ask(ALICE, "read_stream", after=0)["entries"]
    assert [(each["person_id"], each["seq"]) for each in hints] == [
        (str(ALICE), 1),
        (str(ALICE), 2),
    ]
    assert [each["notification"] for each in hints] == [
        entry["notification"] for entry in entries
    ]
