"""Authority, due times, numbers, visibility, the trail, suggestions."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from contracts.letters import Direction, Role, Secrecy, Urgency
from services.letters.domain import audit, due
from services.letters.domain.authority import approver_of, may_give
from services.letters.domain.numbering import AgendaNumber, register_year
from services.letters.domain.suggestion import Earlier, usual
from services.letters.domain.visibility import Why, reach, rows_for
from tests.unit.letters import offices
from tests.unit.letters.offices import position_id as at

ORG = offices.regency()
ALL = frozenset(Role)
SIDEWAYS = frozenset({Role.COORDINATE, Role.INFORM})
NONE: frozenset[Role] = frozenset()


@pytest.mark.parametrize(
    ("giver", "recipient", "roles"),
    [
        ("bupati", "sekda", ALL),
        ("bupati", "kadis.dinkes", ALL),
        ("bupati", "staf.umum", ALL),
        ("sekda", "kadis.dinkes", ALL),
        ("sekda", "bupati", NONE),
        ("sekda", "wabup", NONE),
        ("wabup", "bupati", NONE),
        ("wabup", "sekda", ALL),  # a deputy: all but the position he stands for
        ("wabup", "kadis.dinkes", ALL),
        ("wabup", "wabup", NONE),
        ("kadis.dinkes", "kadis.pupr", SIDEWAYS),
        ("kadis.dinkes", "kabid.disdikbud.1", SIDEWAYS),
        ("kabid.disdikbud.1", "kadis.dinkes", NONE),  # of a higher rank
        ("asisten.1", "kabag.kesra", ALL),
        ("asisten.1", "kabag.umum", SIDEWAYS),
    ],
)
def test_authority(giver: str, recipient: str, roles: frozenset[Role]) -> None:
    position = ORG.position(at(recipient))
    assert position is not None
    given = {
        role for role in Role if may_give(ORG, at(giver), Role.HANDLE, position, role)
    }
    assert given == roles


def test_who_was_informed_only_informs() -> None:
    position = ORG.position(at("sekda"))
    assert position is not None
    assert not may_give(ORG, at("bupati"), Role.INFORM, position, Role.HANDLE)
    assert may_give(ORG, at("bupati"), Role.INFORM, position, Role.INFORM)


def test_the_position_above_approves_for_a_vacant_giver() -> None:
    vacant = offices.regency(vacant=["asisten.1", "sekda"])
    assert approver_of(vacant, at("asisten.1"), offices.NOW) == at("bupati")
    assert approver_of(ORG, at("asisten.1"), offices.NOW) == at("asisten.1")


def test_routine_letters_have_five_working_days() -> None:
    friday = datetime(2026, 11, 27, 3, tzinfo=UTC)
    assert due.due_by_urgency(friday, Urgency.BIASA) == friday + timedelta(days=7)
    assert due.due_by_urgency(friday, Urgency.PENTING) == friday + timedelta(hours=72)


def test_working_days_are_those_of_the_regency() -> None:
    """Sunday evening in London is Monday morning in Kandangan."""
    sunday = datetime(2026, 11, 29, 18, tzinfo=UTC)
    assert due.add_working_days(sunday, 1) == sunday + timedelta(days=1)


def test_a_child_of_an_overdue_parent_gets_time_of_its_own() -> None:
    now = offices.NOW
    assert due.due_of_child(now + timedelta(hours=1), Urgency.SEGERA, now) == (
        now + timedelta(hours=1),
        False,
    )
    assert due.due_of_child(now - timedelta(hours=1), Urgency.SEGERA, now) == (
        now + timedelta(hours=48),
        True,
    )


def test_the_year_changes_at_midnight_in_kandangan() -> None:
    assert register_year(datetime(2026, 12, 31, 15, 59, tzinfo=UTC)) == 2026
    assert register_year(datetime(2026, 12, 31, 16, 0, tzinfo=UTC)) == 2027
    assert str(AgendaNumber(Direction.INCOMING, 7, 2027)) == "SM/0007/2027"


def test_who_sees_by_secrecy() -> None:
    chain = [at("kadis.dinkes")]
    ordinary = rows_for(ORG, chain, None, Secrecy.BIASA)
    assert ordinary[at("bupati")] is Why.ABOVE
    assert ordinary[at("tu.dinkes")] is Why.REGISTRAR
    assert ordinary[at("kadis.dinkes")] is Why.RECIPIENT
    assert at("kadis.pupr") not in ordinary
    restricted = rows_for(ORG, chain, None, Secrecy.TERBATAS)
    assert set(restricted) == {at("kadis.dinkes"), at("tu.dinkes")}
    for secret in (Secrecy.RAHASIA, Secrecy.SANGAT_RAHASIA):
        assert set(rows_for(ORG, chain, None, secret)) == set(chain)


def test_how_far_delegates_reach() -> None:
    lent = offices.regency(
        delegations=[
            offices.lends("bupati", "ajudan.bupati", "read"),
            offices.lends("sekda", "sespri.sekda", "read", include_secret=True),
        ]
    )

    def of(person: str, position: str) -> tuple[int, bool]:
        held = lent.held(offices.person_id(person), at(position), offices.NOW)
        assert held is not None
        found = reach(held)
        return found.max_secrecy, found.chain_only

    assert of("bupati", "bupati") == (Secrecy.SANGAT_RAHASIA.rank, False)
    assert of("ajudan.bupati", "bupati") == (Secrecy.TERBATAS.rank, True)
    assert of("sespri.sekda", "sekda") == (Secrecy.RAHASIA.rank, True)


def trail(length: int) -> list[audit.TrailLine]:
    lines: list[audit.TrailLine] = []
    for seq in range(1, length + 1):
        line = audit.TrailLine(
            letter_id=offices.unit_id("x"),
            seq=seq,
            at=offices.NOW,
            action="read",
            actor=None,
            task_id=None,
            detail={"b": 1, "a": [seq]},
            prev_hash=lines[-1].hash if lines else audit.ORIGIN,
        )
        lines.append(replace(line, hash=audit.seal(line)))
    return lines


def test_a_trail_shows_its_first_broken_line() -> None:
    lines = trail(5)
    assert audit.first_broken(lines) is None
    changed = [*lines[:2], replace(lines[2], action="accepted"), *lines[3:]]
    assert audit.first_broken(changed) == 3
    assert audit.first_broken([*lines[:1], *lines[2:]]) == 2
    assert audit.first_broken(lines[1:]) == 1


SEKDA = (("sekda", "handle", ("tindaklanjuti",)),)
DINKES = (("dinkes", "handle", ()),)


def earlier(recipients: object, **changes: str) -> Earlier:
    facts = {"kind": "undangan", "classification": "400", "sender": "Kanwil"}
    return Earlier(**{**facts, **changes, "recipients": recipients})  # type: ignore[arg-type]


def test_a_habit_is_suggested_with_its_basis() -> None:
    found = usual([earlier(SEKDA), earlier(SEKDA), earlier(DINKES)], earlier(()))
    assert found is not None
    pattern, basis = found
    assert pattern == SEKDA
    assert (basis.matching, basis.seen) == (2, 3)


def test_nothing_is_suggested_rather_than_a_guess() -> None:
    assert usual([], earlier(())) is None
    assert usual([earlier(SEKDA)], earlier(())) is None
    assert usual([earlier(SEKDA), earlier(DINKES)], earlier(())) is None
    assert usual([earlier(SEKDA, kind="proposal")] * 5, earlier(())) is None
