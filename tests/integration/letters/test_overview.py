"""The leader's overview: every number against a count by hand."""

from __future__ import annotations

from typing import Any

import pytest

from chassis.database import Database
from contracts import codec
from contracts.errors import Forbidden, Invalid, NotFound
from contracts.letters import CloseLetter, Outcome, ReportTask, VoidLetter
from contracts.letters.dispositions import Overview, OverviewQuery
from services.letters.use_cases import closing, overviewing, working
from tests.integration.letters.desk import Desk
from tests.unit.letters import offices

FINAL = ReportTask(text="Selesai", final=True)


def look(desk: Desk, who: str, **query: Any) -> Overview:
    return desk.do(who, overviewing.get_overview, codec.load(OverviewQuery, query))


def unit_of(found: Overview, code: str) -> Any:
    key = offices.unit_id(code)
    return next((one for one in found.units if one.unit_id == key), None)


@pytest.fixture(scope="module")
def scene(database: Database) -> Desk:
    """Six letters: read and disposed, unread, finished late, void, secret, of Dinkes."""
    desk = Desk(database, offices.regency())
    first = desk.register().letter_id
    soon = desk.later(hours=1)
    soon.do("bupati", working.read_task, desk.task_of(first, "bupati"))
    later = desk.later(hours=3)
    later.dispose("bupati", first, ("kadis.dinkes",), ("wabup", "inform"))
    desk.register()
    done = desk.register().letter_id
    late = desk.later(hours=50)
    late.do("bupati", working.report_task, desk.task_of(done, "bupati"), FINAL)
    mistake = desk.register().letter_id
    desk.do("tu.setda", closing.void_letter, mistake, VoidLetter(reason="Salah"))
    desk.register(addressees=["wabup"], secrecy="rahasia")
    own = desk.register("tu.dinkes", addressees=["kadis.dinkes"]).letter_id
    end = CloseLetter(outcome=Outcome.NOTED)
    desk.later(hours=5).do("kadis.dinkes", closing.close_letter, own, end)
    return Desk(database, offices.regency(), desk.later(hours=60).now)


def test_the_regent_sees_everything_but_the_secret(scene: Desk) -> None:
    found = look(scene, "bupati")
    assert (found.received, found.completed, found.on_time) == (4, 2, 1)
    assert (found.running, found.overdue, found.unread, found.late) == (2, 2, 2, 2)
    assert {one.state: one.letters for one in found.states} == {
        "registered": 1,
        "under_disposition": 1,
        "completed": 1,
        "closed": 1,
    }
    steps = {one.step: (one.letters, one.median_hours) for one in found.steps}
    assert steps["registered_read"] == (2, 25.5)  # 1 and 50 hours
    assert steps["read_disposed"] == (1, 2.0)
    assert steps["registered_completed"] == (2, 27.5)
    dinkes = unit_of(found, "dinkes")
    assert (dinkes.running, dinkes.overdue, dinkes.received) == (1, 1, 2)
    assert dinkes.median_hours == 5.0
    assert unit_of(found, "kominfo") is None


def test_a_head_of_agency_sees_what_comes_his_way(scene: Desk) -> None:
    found = look(scene, "kadis.dinkes")
    assert (found.received, found.completed, found.running) == (2, 1, 1)
    # The letter is also with the regent, above him: he may know, as in its tracking.
    assert {one.short_name for one in found.units} >= {
        unit_of(found, "dinkes").short_name
    }
    other = look(scene, "kadis.kominfo")
    assert (other.received, other.running, other.units) == (0, 0, [])


def test_a_secret_letter_counts_for_its_chain_only(scene: Desk) -> None:
    assert look(scene, "wabup").received == 2  # his own, and the one he was told of
    assert look(scene, "wabup").running == 2


def test_one_unit_and_those_below(scene: Desk) -> None:
    found = look(scene, "bupati", unit_id=str(offices.unit_id("dinkes")))
    assert (found.received, found.running, found.overdue) == (2, 1, 1)
    assert found.unit_id == offices.unit_id("dinkes")


def test_the_period_is_that_of_registration(scene: Desk) -> None:
    today = {"from": "2026-11-25", "to": "2026-11-25"}
    found = look(scene, "bupati", **today)
    assert (found.received, found.states, found.late) == (0, [], 0)
    assert found.overdue == 2  # what is late now, however old
    day = {"from": "2026-11-23", "to": "2026-11-23"}
    assert look(scene, "bupati", **day).received == 4


@pytest.mark.parametrize("who", ["tu.setda", "admin", "ajudan.bupati", "protokol"])
def test_it_is_for_leaders(scene: Desk, who: str) -> None:
    with pytest.raises(Forbidden):
        look(scene, who)


def test_a_delegate_is_no_leader(database: Database) -> None:
    lent = [offices.lends("bupati", "ajudan.bupati", "act")]
    with pytest.raises(Forbidden):
        look(Desk(database, offices.regency(delegations=lent)), "ajudan.bupati")


@pytest.mark.parametrize(
    "query",
    [
        {"from": "2026-11-24", "to": "2026-11-23"},
        {"from": "2020-01-01"},
        {"from": "kemarin"},
        {"to": "9999-12-31"},
        {"to": "0001-01-05"},
    ],
)
def test_impossible_periods(scene: Desk, query: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        look(scene, "bupati", **query)


def test_an_unknown_unit(scene: Desk) -> None:
    with pytest.raises(NotFound):
        look(scene, "bupati", unit_id=str(offices.unit_id("nowhere")))
