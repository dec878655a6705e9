"""Real concurrency on the paths by which time is taken other than by a booking.

Each goes against bookings of the same hour. What stands elsewhere: confirmations,
moves, overrides, letters, rooms in `test_races`; series and their extension in
`test_series`, `test_series_scope`; accepted requests in `test_slot_requests`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from contracts.errors import Conflict
from contracts.schedule_calendars import ImportReport
from services.schedule.rebinding import rebind_lines
from services.schedule.unit_of_work import opener
from tests.integration.schedule.desk import Desk, standing
from tests.integration.schedule.keeping import approve, block, enter
from tests.integration.schedule.test_calendar_imports import imported
from tests.integration.schedule.test_races import race
from tests.integration.schedule.test_rebinding import PLH
from tests.unit.schedule.offices import NOW, key, organisation, people, request
from tests.unit.schedule.test_calendar_reading import event

DENTIST = event(
    "DTSTART:20261126T010000Z", "DTEND:20261126T020000Z", "SUMMARY:Dokter", uid="gigi"
)


def test_of_50_for_one_hour_the_49_are_told_who_was_first(desk: Desk) -> None:
    told: list[Conflict] = []

    def book() -> Any:
        try:
            return desk.create("protokol", request("bupati", "wabup"))
        except Conflict as error:
            told.append(error)
            raise

    assert race(*[book] * 50) == {"done": 1, "schedule_conflict": 49}
    (winner,) = desk.events("activity.confirmed.v1")
    for error in told:
        met = error.facts["conflicts"]
        assert {x["activity_id"] for x in met} == {winner["data"]["activity_id"]}
        assert {x["position_id"] for x in met} == {
            str(key("bupati")),
            str(key("wabup")),
        }
        assert len(error.facts["alternatives"]) >= 3


def test_a_guest_who_says_yes_against_bookings_of_his_hour(desk: Desk) -> None:
    for _ in range(6):
        desk.clear()
        made = desk.create(
            "protokol",
            request(participants=[*people("wabup"), *people("kadis", role="invited")]),
        )

        found = race(
            lambda made=made: desk.respond(
                "kadis", made.activity_id, "kadis", "attending"
            ),
            *[lambda: desk.create("sekretaris", request("kadis"))] * 3,
        )

        assert found == {"done": 1, "schedule_conflict": 3}
        assert desk.double_bookings() == []


def test_one_deputy_sent_to_two_meetings_and_booked_as_well(desk: Desk) -> None:
    for _ in range(6):
        desk.clear()
        made = [desk.create("protokol", request(code)) for code in ("bupati", "sekda")]

        found = race(
            *(
                lambda one=each, code=code: desk.respond(
                    "protokol", one.activity_id, code, "represented", "kadis"
                )
                for each, code in zip(made, ("bupati", "sekda"), strict=True)
            ),
            lambda: desk.create("sekretaris", request("kadis")),
        )

        assert found == {"done": 1, "schedule_conflict": 2}
        assert desk.double_bookings() == []
        assert desk.count("booking", "binds") == desk.count("activity")


def test_a_calendar_file_against_bookings_and_a_second_office(desk: Desk) -> None:
    """The file is read twice, for two offices one person holds."""
    for _ in range(5):
        desk.clear()
        reports: list[ImportReport] = []

        def read(code: str, reports: list[ImportReport] = reports) -> None:
            wanted = {"position_id": key(code)}
            reports.append(imported(desk, "mertua", DENTIST, **wanted))

        found = race(
            lambda read=read: read("camat"),
            lambda read=read: read("kabid"),
            lambda: desk.create("mertua", request("camat")),
            lambda: desk.create("mertua", request("kabid")),
        )

        booked = sum(report.counts["created"] for report in reports)
        clashes = sum(report.counts["clash"] for report in reports)
        assert (found["done"] - 2 + booked, booked + clashes) == (1, 2)
        assert desk.count("booking", "binds") == 1


@pytest.mark.parametrize(
    ("older", "lost"), [(True, ("binding", 0, 3)), (False, ("displaced", 1, 3))]
)
def test_a_changed_assignment_against_bookings_of_the_new_holder(
    desk: Desk, older: bool, lost: tuple[str, int, int]
) -> None:
    """A booking that comes too late is refused; of one that was there already, the
    later confirmed gives way."""
    for _ in range(6):
        desk.clear()
        desk.org, desk.now = organisation(), NOW + timedelta(minutes=not older)
        made = desk.create("ajudan", request("bupati"))
        other = desk.create("sekda", request("sekda", state="proposed"))
        desk.org, desk.now = organisation(PLH), NOW + timedelta(minutes=older)
        open_uow = opener(desk.database, lambda: desk.now)

        found = race(
            *[lambda run=open_uow: rebind_lines(run, desk.org, desk.now)] * 2,
            *[lambda: desk.create("sekda", request("sekda"))] * 3,
            lambda one=other: desk.confirm("sekda", one.activity_id),
        )

        assert set(found) <= {"done", "schedule_conflict"}
        assert desk.double_bookings() == []
        line = standing(desk.get("protokol", made.activity_id), "bupati")
        taken = desk.count("booking", f"binds AND activity_id <> '{made.activity_id}'")
        assert (line, taken, found["done"]) in (("binding", 0, 2), lost)


def test_a_block_lifted_while_many_want_the_room(desk: Desk) -> None:
    for _ in range(5):
        desk.clear()
        room = enter(desk, "kadis").resource_id
        blocked = block(desk, "kadis", room)
        book = [
            lambda who=who, room=room: desk.create(
                who, request(who, resource_ids=[room])
            )
            for who in ("kadis", "kadinkes", "bupati", "wabup")
        ]

        found = race(
            *book[:2],
            lambda one=blocked: desk.cancel("kadis", one.activity_id),
            *book[2:],
        )

        assert found["done"] in (1, 2)
        assert found["done"] + found["schedule_conflict"] == 5
        assert desk.count("booking", "resource_id IS NOT NULL") == found["done"] - 1
        assert desk.double_bookings() == []


@pytest.mark.parametrize("agreed", [True, False])
def test_an_approval_against_its_keepers_own_booking(desk: Desk, agreed: bool) -> None:
    for _ in range(5):
        desk.clear()
        room = enter(desk, "kadis", needs_approval=True).resource_id
        asked = desk.create("kadinkes", request("kadinkes", resource_ids=[room]))

        found = race(
            lambda one=asked, room=room: approve(
                desk, "kadis", one.activity_id, room, agreed=agreed
            ),
            *(
                lambda room=room: desk.create(
                    "kadis", request("kadis", resource_ids=[room])
                )
                for _ in range(3)
            ),
        )

        assert found == (
            {"done": 1, "schedule_conflict": 3}
            if agreed
            else {"done": 2, "schedule_conflict": 2}
        )
        assert desk.count("booking", "resource_id IS NOT NULL AND binds") == 1
        assert desk.double_bookings() == []
