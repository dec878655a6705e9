"""Appointing on the real database: who may, who is told, and races."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import eventlet
import pytest

from chassis.ids import new_id
from contracts.directory import (
    AppointedCapacity,
    Assignment,
    CreateAssignment,
    CreateDelegation,
    EndAssignment,
    Right,
)
from contracts.errors import Conflict, Forbidden, Invalid, NotFound, Unauthenticated
from services.directory import use_cases
from tests.unit.directory.organisations import midnight

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)


def appoint(regency, person, position, capacity="plh", by="admin", now=NOW, **dates):
    dates = {"starts_on": TODAY, "ends_on": date(2026, 12, 1), **dates}
    request = CreateAssignment(
        person_id=regency.people[person],
        position_id=regency.position(position),
        capacity=AppointedCapacity(capacity),
        **dates,
    )
    actor = regency.actor(by) if by else None
    with regency.units_of_work(now)() as uow:
        row = use_cases.create_assignment(uow, regency.org, actor, request)
        uow.commit()
        return row


def end(regency, row, by="admin", now=NOW, **how):
    with regency.units_of_work(now)() as uow:
        row = use_cases.end_assignment(
            uow, regency.org, regency.actor(by), row.assignment_id, EndAssignment(**how)
        )
        uow.commit()
        return row


def definitive(regency, position):
    org = regency.org
    holder = org.holders(org.position_by_code(position).position_id, NOW)[-1]
    rows = org._by_position[org.position_by_code(position).position_id]
    return next(row for row in rows if row.person_id == holder.person_id)


def holder(regency, position, at=NOW):
    found = regency.org.holder(regency.position(position), at)
    return found and (found.person_id, found.capacity)


def announce(regency, now):
    with regency.units_of_work(now)() as uow:
        count = use_cases.announce_due(uow, regency.org)
        uow.commit()
        return count


def told(regency, type_, row):
    wanted = str(row.assignment_id)
    return [e for e in regency.events(type_) if e["assignment_id"] == wanted]


# ---- appointing ------------------------------------------------------------------


def test_acting_official_is_in_force_at_once_and_told_of(regency):
    row = appoint(regency, "sekretaris.kominfo", "kadis.kominfo")

    assert row.active
    assert holder(regency, "kadis.kominfo") == (
        regency.people["sekretaris.kominfo"],
        "plh",
    )
    (started,) = told(regency, "assignment.started.v1", row)
    concerned = {"sekretaris.kominfo", "kadis.kominfo", "sekda"}
    assert set(started["concerned_person_ids"]) == {
        str(regency.people[name]) for name in concerned
    }
    changed = regency.events("directory.changed.v1")[-1]
    assert changed["assignments"][0]["assignment_id"] == str(row.assignment_id)
    assert changed["assignments"][0]["version"] == row.version
    end(regency, row, immediately=True)
    assert holder(regency, "kadis.kominfo")[1] == "definitive"
    assert len(told(regency, "assignment.ended.v1", row)) == 1


def test_second_definitive_holder_is_refused_with_his_name(regency):
    with pytest.raises(Conflict) as refused:
        appoint(regency, "staf.umum", "kadis.pupr", "definitive", ends_on=None)

    assert refused.value.code == "position_occupied"
    assert refused.value.facts["holder"]["person_id"] == str(
        regency.people["kadis.pupr"]
    )


def test_successor_of_the_same_day_follows_an_immediate_end(regency):
    end(regency, definitive(regency, "kadis.dishub"), immediately=True)
    assert holder(regency, "kadis.dishub") is None

    row = appoint(regency, "staf.umum", "kadis.dishub", "definitive", ends_on=None)

    assert row.starts_at == NOW
    assert holder(regency, "kadis.dishub") == (
        regency.people["staf.umum"],
        "definitive",
    )


def test_future_assignments_act_by_the_clock_and_are_told_once(regency):
    begins = midnight(date(2026, 12, 1))
    row = appoint(
        regency,
        "camat.loksado",
        "sekcam.loksado",
        "plt",
        starts_on=date(2026, 12, 1),
        ends_on=date(2026, 12, 5),
    )
    assert not told(regency, "assignment.started.v1", row)
    assert holder(regency, "sekcam.loksado", begins - timedelta(seconds=1))[1] != "plt"
    assert holder(regency, "sekcam.loksado", begins)[1] == "plt"

    for moment in (begins - timedelta(seconds=1), begins, begins + timedelta(days=1)):
        announce(regency, moment)
    assert len(told(regency, "assignment.started.v1", row)) == 1
    assert not told(regency, "assignment.ended.v1", row)

    for moment in (midnight(date(2026, 12, 6)), midnight(date(2026, 12, 7))):
        announce(regency, moment)
    assert len(told(regency, "assignment.ended.v1", row)) == 1


def test_replicas_that_announce_together_tell_once(regency):
    row = appoint(regency, "staf.tu", "staf.umum", starts_on=date(2027, 1, 1),
                  ends_on=date(2027, 1, 9))  # fmt: skip

    pool = eventlet.GreenPool(5)
    for _ in range(5):
        pool.spawn(announce, regency, midnight(date(2027, 1, 2)))
    pool.waitall()

    assert len(told(regency, "assignment.started.v1", row)) == 1


def test_import_is_no_appointment_that_anybody_is_told_of(regency):
    announce(regency, NOW)

    ids = {str(row.assignment_id) for row in regency.org._by_person[
        regency.people["bupati"]]}  # fmt: skip
    assert not [e for e in regency.events("assignment.started.v1")
                if e["assignment_id"] in ids]  # fmt: skip


def test_plt_is_extended_once(regency):
    def plt(first, last):
        return appoint(
            regency, "kabag.hukum", "kadis.dpmd", "plt", starts_on=first, ends_on=last
        )

    plt(date(2026, 11, 24), date(2027, 2, 23))
    plt(date(2027, 2, 24), date(2027, 5, 23))
    with pytest.raises(Invalid) as refused:
        plt(date(2027, 5, 24), date(2027, 6, 1))
    assert refused.value.code == "acting_term_too_long"


# ---- who may ---------------------------------------------------------------------


@pytest.mark.parametrize("charlie", ["bupati", "staf.umum", "tu.setda"])
def test_only_administrators_appoint(regency, charlie):
    with pytest.raises(Forbidden):
        appoint(regency, "staf.umum", "kadis.kominfo", by=charlie)


def test_nobody_appoints_anonymously(regency):
    with pytest.raises(Unauthenticated):
        appoint(regency, "staf.umum", "kadis.kominfo", by=None)


def test_administrator_appoints_others_only(regency):
    with pytest.raises(Forbidden) as refused:
        appoint(regency, "admin", "kadis.kominfo")

    assert refused.value.code == "own_assignment"


def test_administrator_does_not_end_his_own_assignment(regency):
    with pytest.raises(Forbidden) as refused:
        end(regency, definitive(regency, "admin"), immediately=True)

    assert refused.value.code == "own_assignment"


def test_only_administrators_end_assignments(regency):
    with pytest.raises(Forbidden):
        end(regency, definitive(regency, "bupati"), by="sekda", immediately=True)


def test_delegated_administrator_s_office_gives_no_administration(regency):
    lend(regency, "admin", "admin", "staf.hukum", Right.ACT)

    with pytest.raises(Forbidden):
        appoint(regency, "staf.umum", "kadis.kominfo", by="staf.hukum")


def test_unknown_assignment_is_not_found(regency):
    with regency.units_of_work(NOW)() as uow, pytest.raises(NotFound):
        use_cases.end_assignment(
            uow,
            regency.org,
            regency.actor("admin"),
            regency.people["bupati"],
            EndAssignment(immediately=True),
        )


@pytest.mark.parametrize("field", ["person_id", "position_id"])
def test_foreign_ids_are_refused_by_field(regency, field):
    body = {
        "person_id": regency.people["staf.umum"],
        "position_id": regency.position("kadis.kominfo"),
        field: regency.people["bupati"] if field == "position_id" else NOBODY,
    }
    request = CreateAssignment(capacity=AppointedCapacity.PJ, starts_on=TODAY, **body)
    with regency.units_of_work(NOW)() as uow, pytest.raises(Invalid) as refused:
        use_cases.create_assignment(uow, regency.org, regency.actor("admin"), request)

    assert refused.value.errors[0]["field"] == f"/{field}"


NOBODY = "00000000-0000-7000-8000-000000000000"


# ---- races -----------------------------------------------------------------------


def test_of_two_definitive_appointments_at_once_one_wins(regency):
    end(regency, definitive(regency, "kadis.disdag"), immediately=True)

    def try_to_appoint(person):
        try:
            appoint(regency, person, "kadis.disdag", "definitive", ends_on=None)
        except Conflict as refused:
            return refused.code
        return "appointed"

    names = [f"staf.{name}" for name in ("umum", "hukum", "kesra", "ekbang", "sda")]
    pool = eventlet.GreenPool(5)
    threads = [pool.spawn(try_to_appoint, name) for name in names]
    outcomes = sorted(thread.wait() for thread in threads)

    assert outcomes == ["appointed"] + ["position_occupied"] * 4
    position = regency.position("kadis.disdag")
    assert len(regency.org.holders(position, NOW)) == 1


def test_database_itself_refuses_a_second_holder_at_a_time(regency):
    """Below every rule and lock: rows that meet in the table."""
    end(regency, definitive(regency, "kadis.dispersip"), immediately=True)
    position = regency.position("kadis.dispersip")
    names = [f"staf.{name}" for name in ("umum", "hukum", "kesra", "ekbang", "sda")]

    def insert(name):
        row = Assignment(
            assignment_id=new_id(),
            person_id=regency.people[name],
            position_id=position,
            capacity=AppointedCapacity.DEFINITIVE,
            starts_on=date(2027, 1, 1),
            ends_on=None,
            starts_at=midnight(date(2027, 1, 1)),
            ends_at=None,
            version=1,
        )
        with regency.units_of_work(NOW)() as uow:
            added = uow.assignments.add(row)
            eventlet.sleep(0.05)
            uow.commit()
            return added

    pool = eventlet.GreenPool(5)
    threads = [pool.spawn(insert, name) for name in names]

    assert sorted(thread.wait() for thread in threads) == [False] * 4 + [True]


# ---- delegations -----------------------------------------------------------------


def lend(regency, by, position, to, *rights):
    request = CreateDelegation(
        to_position_id=regency.position(to), rights=list(rights), include_secret=False
    )
    with regency.units_of_work(NOW)() as uow:
        row = use_cases.create_delegation(
            uow, regency.org, regency.actor(by), regency.position(position), request
        )
        uow.commit()
        return row


def take_back(regency, by, position, row):
    with regency.units_of_work(NOW)() as uow:
        use_cases.delete_delegation(
            uow,
            regency.org,
            regency.actor(by),
            regency.position(position),
            row.delegation_id,
        )
        uow.commit()


def may_use(regency, person, position):
    held = regency.org.held(regency.people[person], regency.position(position), NOW)
    return held is not None


def test_holder_lends_his_position_and_takes_it_back(regency):
    row = lend(regency, "kadis.pupr", "kadis.pupr", "sekretaris.pupr", Right.READ)
    assert may_use(regency, "sekretaris.pupr", "kadis.pupr")

    take_back(regency, "kadis.pupr", "kadis.pupr", row)

    assert not may_use(regency, "sekretaris.pupr", "kadis.pupr")
    removed = regency.events("directory.changed.v1")[-1]["removed"]
    assert removed[0]["row_id"] == str(row.delegation_id)
    with pytest.raises(NotFound):
        take_back(regency, "kadis.pupr", "kadis.pupr", row)


@pytest.mark.parametrize("charlie", ["admin", "bupati", "ajudan.bupati"])
def test_only_the_holder_lends(regency, charlie):
    with pytest.raises(Forbidden):
        lend(regency, charlie, "kadis.pupr", "sekretaris.pupr", Right.READ)


def test_delegate_does_not_pass_the_position_on(regency):
    with pytest.raises(Forbidden) as refused:
        lend(regency, "ajudan.bupati", "bupati", "staf.umum", Right.READ)

    assert refused.value.code == "position_not_held"


def test_only_the_holder_takes_back(regency):
    row = lend(regency, "kadis.dinkes", "kadis.dinkes", "sekretaris.dinkes", Right.ACT)

    with pytest.raises(Forbidden):
        take_back(regency, "sekretaris.dinkes", "kadis.dinkes", row)
