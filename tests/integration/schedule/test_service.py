"""The service in a container: calls over the bus, letters' events, changed offices."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import amqp
import msgspec
import pytest

from chassis import link
from chassis.config import Config
from chassis.context import CallContext, Idempotency
from chassis.database import Database
from chassis.ids import new_id
from chassis.organisation_copy import OrganisationCopy
from chassis.organisation_copy_sql import SqlCopyStore
from chassis.testing import RpcCall, RunService, wait_until
from contracts import codec
from contracts.actor import Actor
from contracts.directory import DirectoryChanged, Snapshot
from contracts.envelope import Envelope
from contracts.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    RakatError,
    Stale,
    Unauthenticated,
)
from services.schedule.service import Service
from tests.integration.schedule.desk import Desk
from tests.integration.schedule.post import Letter, activity_of
from tests.unit.schedule import offices
from tests.unit.schedule.offices import actor, assignment, client, key

REQUEST_ID = "0198f000-0000-7000-8000-000000000001"
NOWHERE = "0198f000-0000-7000-8000-00000000dead"


class Served:
    """`call` as the person named after an office."""

    def __init__(self, rpc: RpcCall) -> None:
        self._rpc = rpc

    def call(
        self,
        who: str | Actor | None,
        method: str,
        /,
        key: str | None = None,
        **kwargs: Any,
    ) -> Any:
        context = CallContext(
            actor=actor(who) if isinstance(who, str) else who,
            request_id=REQUEST_ID,
            idempotency=Idempotency(key=key, fingerprint="same") if key else None,
        )
        return self._rpc("schedule", method, context=context, timeout=10.0, **kwargs)

    def act(self, who: str | Actor, method: str, /, **kwargs: Any) -> Any:
        return self.call(who, method, **kwargs)["body"]


def filled_copy(database: Database) -> OrganisationCopy:
    """What directory has told the service."""
    copy = OrganisationCopy(SqlCopyStore(database))
    copy.fill(
        codec.dump(
            Snapshot(
                revision=1,
                units=offices.UNITS,
                positions=offices.POSITIONS,
                people=offices.PEOPLE,
                assignments=offices.BASE,
            )
        )
    )
    return copy


@pytest.fixture(scope="module")
def copy(database: Database) -> OrganisationCopy:
    return filled_copy(database)


@pytest.fixture(scope="module")
def served(
    run_service: RunService,
    rpc_call: RpcCall,
    database: Database,
    copy: OrganisationCopy,
) -> Served:
    run_service(Service)
    Desk(database).furnish()
    return Served(rpc_call)


def tomorrow(hour: int) -> datetime:
    day = datetime.now(UTC).date() + timedelta(days=3)
    return offices.midnight(day) + timedelta(hours=hour)


def body(*codes: str, hour: int = 9, **more: Any) -> dict[str, Any]:
    fields = {
        "title": "Rapat",
        "kind": "rapat",
        "starts_at": tomorrow(hour).isoformat(),
        "ends_at": tomorrow(hour + 1).isoformat(),
        "organiser_unit_id": str(key("setda")),
        "state": "confirmed",
        "participants": [
            {"position_id": str(key(code)), "role": "required"} for code in codes
        ],
    }
    return {**fields, **more}


def test_an_application_that_repeats_is_led_to_its_own_activity(served: Served) -> None:
    named = body("sekda", hour=7, state="proposed")
    named["external_ref"] = {"system": "siska", "id": "agenda-17"}
    made = served.act(client(), "create_activity", body=named)

    with pytest.raises(Conflict) as caught:
        served.act(client(), "create_activity", body=named)

    assert caught.value.code == "external_ref_taken"
    assert caught.value.facts == {"activity_id": made["activity_id"]}


def test_a_booking_and_its_clash_over_the_bus(served: Served) -> None:
    made = served.act("ajudan", "create_activity", body=body("bupati", hour=6))

    with pytest.raises(Conflict) as caught:
        served.act("ajudan", "create_activity", body=body("bupati", hour=6))

    assert caught.value.code == "schedule_conflict"
    clash = caught.value.facts["conflicts"][0]
    assert clash["activity_id"] == made["activity_id"]
    assert clash["starts_at"].endswith("+08:00")
    got = served.call("kadis", "get_activity", activity_id=made["activity_id"])
    assert got["version"] == 1
    listed = served.call("kadis", "list_activities", query={"limit": "1"})
    assert listed["items"][0]["activity_id"] == made["activity_id"]


def test_a_request_is_listed_moved_and_accepted_over_the_bus(served: Served) -> None:
    asked = body("kadis", hour=5, state="proposed")
    made = served.act("camat", "create_activity", body=asked)
    named = {"activity_id": made["activity_id"]}
    listed = served.call("kadis", "list_slot_requests", query={"open": "true"})
    assert made["activity_id"] in [row["activity_id"] for row in listed["items"]]

    offer = {"starts_at": tomorrow(4).isoformat(), "ends_at": tomorrow(5).isoformat()}
    served.act("kadis", "move_slot_request", body=offer, **named)
    assert served.call("camat", "get_slot_request", **named)["state"] == "offered"
    done = served.act("camat", "accept_slot_request", **named)

    assert (done["state"], done["activity"]["state"]) == ("accepted", "confirmed")
    with pytest.raises(Conflict):
        served.act("kadis", "refuse_slot_request", body={"reason": "Penuh"}, **named)


def test_minutes_before_the_hour_are_refused_over_the_bus(served: Served) -> None:
    made = served.act("ajudan", "create_activity", body=body("bupati", hour=3))
    named = {"activity_id": made["activity_id"], "body": {"summary": "Sepakat"}}

    with pytest.raises(Stale):
        served.act("ajudan", "record_outcome", expected_version=9, **named)
    with pytest.raises(Conflict, match="activity_not_begun"):
        served.act("ajudan", "record_outcome", expected_version=1, **named)


def test_a_series_is_confirmed_and_its_room_agreed_to_over_the_bus(
    served: Served,
) -> None:
    room = {"resource_id": str(key("ruang"))}
    served.act("sekda", "update_resource", body={"needs_approval": True}, **room)
    wanted = body("kadinkes", hour=4, state="proposed")
    wanted |= {
        "resource_ids": [room["resource_id"]],
        "recurrence": {"rrule": "FREQ=WEEKLY;COUNT=3"},
    }
    made = served.act("staf.dinkes", "create_activity", body=wanted)
    named = {"activity_id": made["activity_id"], "query": {"scope": "all"}}

    confirmed = served.act("kadinkes", "confirm_activity", **named)
    asked = {"query": {"resource_id": room["resource_id"], "limit": "1"}}
    (waiting,) = served.call("sekda", "list_resource_approvals", **asked)["items"]
    agreed = served.act("tu.setda", "approve_resource", **room, **named)
    served.act("sekda", "update_resource", body={"needs_approval": False}, **room)

    assert confirmed["series"]["occurrences"] == 3
    assert (waiting["dates"], waiting["resource"]["approved"]) == (3, False)
    assert agreed["series"]["occurrences"] == 3
    assert agreed["resources"][0]["standing"] == "binding"
    assert served.call("sekda", "list_resource_approvals", **asked)["items"] == []


def test_the_same_key_acts_once(served: Served) -> None:
    wanted = body("wabup", hour=7)

    first = served.call("wabup", "create_activity", key="k1", body=wanted)
    again = served.call("wabup", "create_activity", key="k1", body=wanted)

    assert (first["replayed"], again["replayed"]) == (False, True)
    assert first["body"] == again["body"]


def test_every_act_over_the_bus(served: Served) -> None:
    made = served.act(
        "ajudan", "create_activity", body=body("bupati", hour=8, state="proposed")
    )
    one = {"activity_id": made["activity_id"]}

    confirmed = served.act("ajudan", "confirm_activity", **one)
    patched = served.act(
        "ajudan",
        "update_activity",
        **one,
        body={"title": "Rapat baru"},
        expected_version=confirmed["version"],
    )
    with pytest.raises(Stale):
        served.act(
            "ajudan", "update_activity", **one, body={"title": "X"}, expected_version=1
        )
    answered = served.act(
        "ajudan",
        "respond_to_activity",
        **one,
        position_id=str(key("bupati")),
        body={"response": "attending"},
    )
    postponed = served.act("ajudan", "postpone_activity", **one, body={"reason": "x"})
    served.act("ajudan", "confirm_activity", **one, body={})
    completed = served.act("ajudan", "complete_activity", **one, body=None)

    assert patched["title"] == "Rapat baru"
    assert answered["participants"][0]["response"] == "attending"
    assert postponed["state"] == "postponed"
    assert completed["state"] == "completed"
    with pytest.raises(Conflict, match="illegal_transition"):
        served.act("ajudan", "cancel_activity", **one)


def test_a_series_over_the_bus(served: Served) -> None:
    wanted = body("wabup", hour=20)
    wanted["recurrence"] = {
        "rrule": "FREQ=DAILY;COUNT=3",
        "exdates": [(tomorrow(20) + timedelta(days=1)).isoformat()],
    }

    made = served.act("wabup", "create_activity", body=wanted)
    one, every = {"activity_id": made["activity_id"]}, {"query": {"scope": "all"}}
    with pytest.raises(Conflict) as caught:
        served.act("wabup", "create_activity", body=wanted)
    changed = served.act(
        "wabup", "update_activity", **one, **every, body={"title": "Rapat baru"}
    )
    with pytest.raises(Invalid):
        served.act("wabup", "cancel_activity", **one, query={"scope": "none"}, body={})
    cancelled = served.act("wabup", "cancel_activity", **one, **every, body={})

    assert made["series"]["occurrences"] == 2
    assert (
        made["recurrence"]
        == {"rdates": [], "on_clash": "refuse"} | wanted["recurrence"]
    )
    assert (caught.value.facts["total"], len(caught.value.facts["conflicts"])) == (2, 2)
    assert changed["series"]["occurrences"] == 2
    assert cancelled["state"] == "cancelled"
    got = served.call("wabup", "get_activity", **one)
    assert got["series_id"] == made["series_id"]
    assert got["recurrence"] == made["recurrence"]


def test_questions_over_the_bus(served: Served) -> None:
    check = body("bupati", hour=6)
    answer = served.call(
        "kadis",
        "check_conflicts",
        body={
            "starts_at": check["starts_at"],
            "ends_at": check["ends_at"],
            "position_ids": [str(key("bupati"))],
        },
    )

    load = served.call("kadis", "get_schedule_load", query={})
    assert len(load["items"][0]["weeks"]) == 4
    assert len(answer["conflicts"]) == 1
    assert len(answer["alternatives"]) >= 3
    assert served.call("kadis", "list_conflicts")["items"] == []
    rooms = served.call("kadis", "list_resources", query={})["items"]
    assert {room["code"] for room in rooms} == {"aula", "mobil", "ruang"}
    asked = {"position_ids": [str(key("kadis"))], "duration_minutes": 60}
    day = {"from": tomorrow(0).isoformat(), "to": tomorrow(240).isoformat()}
    free = served.call("kadis", "list_free_slots", query={**asked, **day})
    assert free["slots"]
    days = served.call("kadis", "get_reference", name="holidays")["items"]
    assert {"code", "date", "label_id", "label_en", "joint_leave"} <= set(days[0])


def test_rooms_over_the_bus(served: Served) -> None:
    unit = str(key("kominfo"))
    wanted = {"code": "rapat-1", "name": "Ruang", "kind": "room", "unit_id": unit}
    made = served.act("kadis", "create_resource", body=wanted)
    one = {"resource_id": made["resource_id"]}

    changed = served.act(
        "kadis",
        "update_resource",
        **one,
        body={"needs_approval": True, "capacity": 12},
        expected_version=made["version"],
    )
    blocked = served.act(
        "kadis",
        "block_resource",
        **one,
        body={
            "starts_at": tomorrow(1).isoformat(),
            "ends_at": tomorrow(2).isoformat(),
            "reason": "Dicat",
        },
    )
    asked = served.act(
        "kadinkes",
        "create_activity",
        body=body("kadinkes", hour=3, resource_ids=[made["resource_id"]]),
    )
    agreed = served.act(
        "kadis", "approve_resource", activity_id=asked["activity_id"], **one, body=None
    )

    assert served.call("kadis", "get_resource", **one) == changed
    assert (changed["version"], changed["capacity"]) == (2, 12)
    assert blocked["resources"][0]["standing"] == "binding"
    assert asked["resources"][0]["standing"] == "proposed"
    assert agreed["resources"][0]["standing"] == "binding"
    unused = {"resource_id": made["resource_id"], "body": {"active": False}}
    served.act("kadis", "update_resource", **unused)
    active = served.call("kadis", "list_resources", query={"active": "true"})["items"]
    assert "rapat-1" not in {room["code"] for room in active}


@pytest.mark.parametrize(
    ("who", "method", "given", "kind"),
    [
        (None, "list_activities", {}, Unauthenticated),
        ("kadis", "get_activity", {"activity_id": NOWHERE}, NotFound),
        ("kadis", "get_activity", {"activity_id": "x"}, NotFound),
        ("kadis", "cancel_activity", {"activity_id": NOWHERE}, NotFound),
        ("kadis", "get_reference", {"name": "kinds"}, NotFound),
        ("kadis", "list_activities", {"query": {"state": "lost"}}, Invalid),
        ("kadis", "create_activity", {"body": {}}, Invalid),
        ("kadis", "create_activity", {"body": body("kadis", recurrence={})}, Invalid),
        ("kadis", "create_activity", {"body": body("kadis", letter=1)}, Invalid),
        ("staf.dinkes", "create_activity", {"body": body("kadis")}, Forbidden),
        ("kadis", "get_resource", {"resource_id": NOWHERE}, NotFound),
        ("kadis", "update_resource", {"resource_id": "x", "body": {}}, NotFound),
        (
            "kadis",
            "update_resource",
            {"resource_id": NOWHERE, "body": {"kind": "room"}},
            Invalid,
        ),
        ("kadis", "create_resource", {"body": {"code": "a b"}}, Invalid),
        ("kadis", "get_schedule_load", {"query": {"from": "2026-02-30"}}, Invalid),
        (None, "get_resource", {"resource_id": NOWHERE}, Unauthenticated),
    ],
)
def test_refusals_over_the_bus(
    served: Served, who: str, method: str, given: dict[str, Any], kind: type[RakatError]
) -> None:
    with pytest.raises(kind):
        served.call(who, method, **given)


def test_a_rule_is_tried_first_and_changed_once(served: Served) -> None:
    wanted = body("wabup", hour=5)
    wanted["recurrence"] = {"rrule": "FREQ=WEEKLY;COUNT=3"}
    made = served.act("wabup", "create_activity", body=wanted)
    named = {
        "activity_id": made["activity_id"],
        "body": {"recurrence": {"rrule": "FREQ=WEEKLY;INTERVAL=2;COUNT=3"}},
        "expected_version": 1,
    }
    every = {"scope": "all"}

    tried = served.act(
        "wabup", "update_activity", **named, query={**every, "dry_run": True}
    )
    before = served.call("wabup", "get_activity", activity_id=made["activity_id"])
    first = served.call("wabup", "update_activity", "k-aturan", **named, query=every)
    again = served.call("wabup", "update_activity", "k-aturan", **named, query=every)

    assert before["recurrence"]["rrule"] == "FREQ=WEEKLY;COUNT=3"
    assert (tried["series"]["occurrences"], tried["series"]["kept"]) == (1, 2)
    assert tried["series"]["dates"] == first["body"]["series"]["dates"]
    assert (again["replayed"], again["body"]) == (True, first["body"])
    with pytest.raises(Stale):
        served.act("wabup", "update_activity", **named, query=every)


def test_letters_are_heard(served: Served, database: Database, config: Config) -> None:
    letter = Letter(hour=30)
    _, envelope = letter.attendance("kadinkes", "attend")
    desk = Desk(database)

    _publish(config, envelope)

    found = wait_until(lambda: activity_of(desk, letter))
    assert found.state == "confirmed"


def test_a_new_acting_official_is_bound_within_two_seconds(
    served: Served, copy: OrganisationCopy, config: Config
) -> None:
    made = served.act("sekretaris", "create_activity", body=body("kadis", hour=10))
    one = {"activity_id": made["activity_id"]}
    day = tomorrow(0).date()
    plh = msgspec.structs.replace(
        assignment("kadinkes", "kadis", "plh", day, day), version=2
    )

    _publish(config, _changed(DirectoryChanged(assignments=(plh,))))

    def person() -> Any:
        line = served.call("kadis", "get_activity", **one)["participants"][0]
        return line["person"]["person_id"] == str(key("kadinkes"))

    wait_until(person, timeout=2.0)


def _changed(event: DirectoryChanged) -> Envelope:
    return Envelope(
        id=new_id(),
        type=event.type,
        source="directory",
        subject=f"directory/{UUID(int=1)}",
        time=datetime.now(UTC),
        data=codec.dump(event),
    )


def _publish(config: Config, envelope: Envelope) -> None:
    connection = link.open_connection(config.amqp_uri)
    channel = connection.channel()
    message = amqp.Message(
        msgspec.json.encode(codec.dump(envelope)),
        content_type="application/json",
        delivery_mode=2,
    )
    channel.basic_publish_confirm(message, f"{envelope.source}.events", envelope.type)
    connection.close()
