"""Events out through the outbox and the bus, events in from the other services."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import amqp
import msgspec
import pytest

from chassis import clock, link
from chassis.config import Config
from chassis.database import Database
from chassis.ids import new_id
from chassis.testing import RpcCall, RunService, wait_until
from contracts import codec
from contracts.directory import DirectoryChanged
from contracts.envelope import Envelope, Event
from contracts.errors import NotFound
from contracts.letters import EVENTS
from services.letters.service import Service
from tests.integration.letters.desk import letter_body
from tests.integration.letters.serving import Served, fill_copy
from tests.unit.letters import offices

Publish = Callable[[Envelope], None]


@pytest.fixture(scope="module")
def served(run_service: RunService, rpc_call: RpcCall, database: Database) -> Served:
    fill_copy(database)
    run_service(Service)
    return Served(rpc_call)


@pytest.fixture(scope="module")
def channel(config: Config, served: Served) -> Iterator[Any]:
    connection = link.open_connection(config.amqp_uri)
    yield connection.channel()
    connection.close()


@pytest.fixture
def heard(channel: Any) -> Callable[[], list[Envelope]]:
    """Everything letters publishes from now on, as often as it is asked."""
    queue = channel.queue_declare("", exclusive=True, auto_delete=True).queue
    channel.queue_bind(queue, "letters.events", "#")
    found: list[Envelope] = []

    def look() -> list[Envelope]:
        while (message := channel.basic_get(queue, no_ack=True)) is not None:
            found.append(msgspec.json.decode(message.body, type=Envelope))
        return found

    return look


@pytest.fixture
def publish(channel: Any) -> Publish:
    """As another service's relay does."""

    def send(envelope: Envelope) -> None:
        body = msgspec.json.encode(codec.dump(envelope))
        properties = {"delivery_mode": 2, "message_id": str(envelope.id)}
        message = amqp.Message(body, content_type="application/json", **properties)
        channel.basic_publish(message, f"{envelope.source}.events", envelope.type)

    return send


def envelope_of(source: str, kind: str, data: Any) -> Envelope:
    return Envelope(
        id=new_id(),
        type=kind,
        source=source,
        subject="x",
        time=clock.now(),
        data=codec.dump(data),
    )


def test_what_happened_is_told_in_order(
    served: Served, heard: Callable[[], list[Envelope]]
) -> None:
    letter = served.act("tu.setda", "register_letter", body=letter_body())
    recipient = {"position_id": str(offices.position_id("sekda")), "role": "handle"}
    given = served.act(
        "bupati",
        "issue_disposition",
        letter_id=letter["letter_id"],
        body={"recipients": [recipient]},
    )

    def about() -> list[Envelope]:
        subject = f"letter/{letter['letter_id']}"
        return [one for one in heard() if one.subject == subject]

    wait_until(lambda: len(about()) >= 4)
    told = about()
    assert [one.type for one in told] == [
        "letter.registered.v1",
        "task.read.v1",
        "task.accepted.v1",
        "disposition.issued.v1",
    ]
    assert [one.sequence for one in told] == [1, 2, 3, 4]
    for one in told:
        assert isinstance(codec.load(EVENTS[one.type], one.data), Event)
    issued = told[-1].data
    assert issued["tasks"][0]["task_id"] == given["tasks"][0]["task_id"]
    assert issued["recipients"] == [recipient["position_id"]]
    assert issued["giver_position_id"] == str(offices.position_id("bupati"))
    actor = told[-1].actor
    assert actor is not None
    assert actor.position is not None
    assert actor.position.code == "bupati"


def test_an_activity_that_came_of_a_letter_is_linked(
    served: Served, publish: Publish
) -> None:
    letter = served.act("tu.setda", "register_letter", body=letter_body())
    activity = new_id()
    data = {"activity_id": activity, "letter_id": letter["letter_id"]}
    envelope = envelope_of("schedule", "activity.proposed.v1", data)
    publish(envelope)
    publish(envelope)
    publish(envelope_of("schedule", "activity.confirmed.v1", {**data}))

    def linked() -> Any:
        found = served.call("bupati", "get_letter", letter_id=letter["letter_id"])
        return found["activity_id"]

    assert wait_until(linked) == str(activity)


def test_an_acting_official_is_in_force_at_once(
    served: Served, publish: Publish
) -> None:
    letter = served.act("tu.setda", "register_letter", body=letter_body())
    letter_id = letter["letter_id"]

    def sees() -> bool:
        try:
            served.call("kadis.pupr", "get_letter", letter_id=letter_id)
        except NotFound:
            return False
        return True

    assert not sees()
    plh = msgspec.structs.replace(
        offices.holds("kadis.pupr", "bupati", "plh"), version=2
    )
    change = DirectoryChanged(assignments=(plh,))
    start = time.monotonic()
    publish(envelope_of("directory", DirectoryChanged.type, change))
    wait_until(sees)
    assert time.monotonic() - start < 2
    read = served.act(
        "kadis.pupr", "read_task", task_id=letter_task(served, letter_id), body={}
    )
    assert read["state"] == "read"


def letter_task(served: Served, letter_id: str) -> str:
    found = served.call("bupati", "get_letter", letter_id=letter_id)
    return str(UUID(found["my_tasks"][0]["task_id"]))
