"""An office changes hands: its future lines follow, and the later one gives way."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from services.schedule.rebinding import Rebinding, rebind_lines
from services.schedule.unit_of_work import opener
from tests.integration.schedule.desk import Desk, refused, standing
from tests.unit.schedule.offices import NOW, assignment, key, organisation, request

PLH = assignment("sekda", "bupati", "plh", date(2026, 11, 25), date(2026, 11, 30))


def rebind(desk: Desk, *rows: object) -> int:
    desk.org = organisation(*rows)  # type: ignore[arg-type]
    return rebind_lines(opener(desk.database, lambda: desk.now), desk.org, desk.now)


def test_a_line_follows_the_acting_official(desk: Desk) -> None:
    made = desk.create("ajudan", request("bupati"))

    assert rebind(desk, PLH) == 1

    after = desk.get("ajudan", made.activity_id)
    assert after.participants[0].person is not None
    assert after.participants[0].person.person_id == key("sekda")
    refused(lambda: desk.create("sekda", request("sekda")))
    (event,) = desk.events("activity.changed.v1")
    assert event["data"]["participants"][0]["person_id"] == str(key("sekda"))


def test_a_new_booking_binds_the_acting_official_at_once(desk: Desk) -> None:
    desk.org = organisation(PLH)
    desk.create("ajudan", request("bupati"))

    refused(lambda: desk.create("sekda", request("sekda")))
    desk.create("ajudan", request("bupati", day=7))
    desk.create("sekda", request("sekda", day=7))


def test_the_later_confirmed_clashing_line_is_displaced(desk: Desk) -> None:
    for order in (("sekda", "ajudan"), ("ajudan", "sekda")):
        desk.clear()
        made = {}
        for who in order:
            office = "sekda" if who == "sekda" else "bupati"
            made[who] = desk.create(who, request(office))
            desk.now += timedelta(minutes=1)

        rebind(desk, PLH)

        winner, loser = (desk.get("protokol", made[who].activity_id) for who in order)
        assert winner.participants[0].standing == "binding"
        assert loser.participants[0].standing == "displaced"
        (event,) = desk.events("activity.displaced.v1")
        assert event["data"]["cause"] == "assignment"
        assert event["data"]["activity_id"] == str(loser.activity_id)
        assert event["data"]["displaced_by"] == str(winner.activity_id)
        assert desk.double_bookings() == []
        desk.org, desk.now = organisation(), NOW


def test_a_line_between_two_gives_way_without_harming_the_younger(desk: Desk) -> None:
    old = desk.create("sekda", request("sekda", starts=9, ends=10))
    desk.now += timedelta(minutes=1)
    middle = desk.create("ajudan", request("bupati", starts=9, ends=12))
    desk.now += timedelta(minutes=1)
    young = desk.create("sekda", request("sekda", starts=11, ends=12))

    rebind(desk, PLH)

    found = [desk.get("protokol", x.activity_id) for x in (old, middle, young)]
    assert [x.participants[0].standing for x in found] == [
        "binding",
        "displaced",
        "binding",
    ]


def test_the_end_of_the_acting_term_brings_the_line_back(desk: Desk) -> None:
    desk.create("sekda", request("sekda"))
    desk.now += timedelta(minutes=1)
    made = desk.create("ajudan", request("bupati"))
    rebind(desk, PLH)

    rebind(desk)

    assert standing(desk.get("ajudan", made.activity_id), "bupati") == "binding"


def test_the_comparison_runs_when_the_organisation_changed(desk: Desk) -> None:
    desk.create("ajudan", request("bupati"))
    open_uow = opener(desk.database, lambda: desk.now)
    rebinding = Rebinding()
    orgs = [organisation(), organisation(PLH)]

    assert rebinding.run(open_uow, lambda: orgs[0], desk.now) == 0
    assert rebinding.run(open_uow, lambda: orgs[1], desk.now) == 1
    assert rebinding.run(open_uow, lambda: orgs[1], desk.now) == 0


def test_what_is_past_or_called_off_stays_as_it_was(desk: Desk) -> None:
    desk.create("ajudan", request("bupati", day=-3))
    off = desk.create("ajudan", request("bupati"))
    desk.cancel("ajudan", off.activity_id)

    assert rebind(desk, PLH) == 0


def test_between_two_changes_only_what_was_written_lately_is_compared(
    desk: Desk,
) -> None:
    open_uow = opener(desk.database, lambda: desk.now)
    org, rebinding = organisation(PLH), Rebinding()
    assert rebinding.run(open_uow, lambda: org, desk.now) == 0

    # two made by a process that had not heard of the PLH, one of them long before
    desk.now = NOW - timedelta(hours=1)
    early = desk.create("ajudan", request("bupati", starts=13, ends=14))
    desk.now = NOW + timedelta(minutes=1)
    late = desk.create("ajudan", request("bupati", starts=15, ends=16))
    desk.now = NOW + timedelta(minutes=6)

    assert rebinding.run(open_uow, lambda: org, desk.now) == 1
    assert _holder_of(desk, late.activity_id) == key("sekda")
    assert _holder_of(desk, early.activity_id) == key("bupati")

    # a change, even one that says the same, has everything compared again
    assert rebinding.run(open_uow, lambda: organisation(PLH), desk.now) == 1
    assert _holder_of(desk, early.activity_id) == key("sekda")


def _holder_of(desk: Desk, activity_id: UUID) -> UUID:
    (line,) = desk.get("ajudan", activity_id).participants
    assert line.person is not None
    return line.person.person_id
