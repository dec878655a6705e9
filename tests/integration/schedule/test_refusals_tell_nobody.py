"""What was refused was never told: every message leaves with its change or not at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from contracts.errors import Conflict
from contracts.schedule import Recurrence
from tests.integration.schedule.desk import Desk, refused
from tests.integration.schedule.keeping import approve, enter
from tests.integration.schedule.test_calendar_imports import ONE, changed, imported
from tests.unit.schedule.offices import at, request

Acts = dict[str, Callable[[Desk, dict[str, UUID]], Any]]

REFUSED: Acts = {
    "create": lambda desk, made: desk.create("protokol", request("wabup", "bupati")),
    "series": lambda desk, made: desk.create(
        "protokol",
        request("bupati", recurrence=Recurrence(rrule="FREQ=DAILY;COUNT=4")),
    ),
    "confirm": lambda desk, made: desk.confirm("ajudan", made["asked"]),
    "accept": lambda desk, made: desk.accept("ajudan", made["asked"]),
    "move": lambda desk, made: desk.update(
        "ajudan", made["later"], starts_at=at(9), ends_at=at(10)
    ),
    "people": lambda desk, made: desk.update(
        "protokol", made["wabup"], participants=request("wabup", "bupati").participants
    ),
    "represented": lambda desk, made: desk.respond(
        "ajudan", made["taken"], "bupati", "represented", "sekda"
    ),
    "approve": lambda desk, made: approve(desk, "kadis", made["room"], made["lent"]),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_refused_act_tells_nobody_and_leaves_all(desk: Desk, name: str) -> None:
    made = _busy_hour(desk)
    before = desk.events(), desk.count("booking"), desk.count("activity")

    refused(lambda: REFUSED[name](desk, made))

    assert (desk.events(), desk.count("booking"), desk.count("activity")) == before


def test_of_a_file_only_what_was_booked_is_told(desk: Desk) -> None:
    desk.create("kadis", request("kadis", day=1))
    told = len(desk.events())
    free = changed(changed(ONE, "T01", "T05"), "T02", "T06").replace("dokter", "gigi")

    report = imported(desk, "kadis", ONE, free)

    assert (report.counts["clash"], report.counts["created"]) == (1, 1)
    assert len(desk.events()) == told + 1


def test_what_is_asked_for_is_seen_and_never_confirmed_over_another(desk: Desk) -> None:
    """A pending request blocks nobody, but no path from it is unchecked."""
    made = _busy_hour(desk)

    for who in ("ajudan", "protokol"):
        for act in (desk.confirm, desk.accept):
            with pytest.raises(Conflict) as caught:
                act(who, made["asked"])
            assert caught.value.code == "schedule_conflict"
    assert desk.double_bookings() == []


def _busy_hour(desk: Desk) -> dict[str, UUID]:
    """Bupati and Sekda sit at nine; others would like to have them, or the room."""
    room = enter(desk, "kadis", needs_approval=True).resource_id
    made = {
        "asked": desk.create("staf.dinkes", request("bupati", state="proposed")),
        "later": desk.create("ajudan", request("bupati", starts=13, ends=14)),
        "room": desk.create("kadinkes", request("kadinkes", resource_ids=[room])),
        "taken": desk.create("ajudan", request("bupati")),
        "wabup": desk.create("wabup", request("wabup")),
        "sekda": desk.create("sekda", request("sekda")),
        "kadis": desk.create("kadis", request("kadis", resource_ids=[room])),
    }
    return {name: each.activity_id for name, each in made.items()} | {"lent": room}
