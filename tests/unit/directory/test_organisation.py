"""The in-memory index: who holds, stands above, may act, and until when."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from contracts.actor import Actor, ClientRef
from contracts.directory import Capacity, Right
from contracts.errors import Forbidden
from tests.unit.directory.organisations import (
    NOW,
    assignment,
    delegation,
    key,
    midnight,
    organisation,
)


def codes(org, ids):
    return [org.position(position_id).code for position_id in ids]


def actor(name, acting_as=None):
    return Actor(
        person_id=key(name), name=name, acting_as=key(acting_as) if acting_as else None
    )


def test_acting_official_stands_before_the_definitive_holder():
    org = organisation(
        assignment("alice", "kadis"),
        assignment("bob", "kadis", "plh", date(2026, 11, 20), date(2026, 11, 30)),
    )

    holders = org.holders(key("kadis"), NOW)

    assert [(row.name, row.capacity) for row in holders] == [
        ("bob", Capacity.PLH),
        ("alice", Capacity.DEFINITIVE),
    ]
    assert org.holder(key("kadis"), NOW) == holders[0]


def test_acting_ends_with_its_last_day_in_the_zone_of_the_regency():
    org = organisation(
        assignment("alice", "kadis"),
        assignment("bob", "kadis", "plh", date(2026, 11, 20), date(2026, 11, 30)),
    )
    end = midnight(date(2026, 12, 1))

    assert org.holder(key("kadis"), end - timedelta(seconds=1)).name == "bob"
    assert org.holder(key("kadis"), end).name == "alice"


def test_vacant_position_has_no_holder():
    org = organisation(assignment("alice", "kadis", ends_on=date(2026, 11, 1)))

    assert org.holder(key("kadis"), NOW) is None
    assert org.held_by(key("alice"), NOW) == ()


def test_own_positions_come_primary_first_then_delegated_ones():
    org = organisation(
        assignment("alice", "bupati"),
        assignment("bob", "sekda", "plh", date(2026, 1, 1), date(2026, 12, 31)),
        assignment("bob", "ajudan", starts_on=date(2026, 2, 1)),
        delegation("alice", "bupati", "ajudan", "prepare"),
    )

    held = org.held_by(key("bob"), NOW)

    assert codes(org, [row.position_id for row in held]) == [
        "ajudan",
        "sekda",
        "bupati",
    ]
    assert [row.primary for row in held] == [True, False, False]
    assert held[2].capacity is Capacity.AIDE
    assert held[2].rights == {Right.READ, Right.PREPARE}
    assert not held[2].include_secret


def test_delegate_who_is_no_aide_is_called_delegate():
    org = organisation(
        assignment("alice", "kadis"),
        assignment("bob", "sekretaris"),
        delegation("alice", "kadis", "sekretaris", "act", include_secret=True),
    )

    lent = org.held(key("bob"), key("kadis"), NOW)

    assert lent.capacity is Capacity.DELEGATE
    assert lent.rights == set(Right)
    assert lent.include_secret
    assert not lent.own


def test_delegation_lapses_with_the_office_of_its_giver():
    lent = delegation("alice", "kadis", "sekretaris", "act")
    holder = assignment("bob", "sekretaris")
    gone = assignment("alice", "kadis", ends_on=date(2026, 11, 1))

    assert organisation(gone, holder, lent).held(key("bob"), key("kadis"), NOW) is None


def test_delegation_survives_a_temporary_acting_official():
    org = organisation(
        assignment("alice", "kadis"),
        assignment("dewi", "kadis", "plh", date(2026, 11, 20), date(2026, 11, 30)),
        assignment("bob", "sekretaris"),
        delegation("alice", "kadis", "sekretaris", "read"),
    )

    assert org.held(key("bob"), key("kadis"), NOW) is not None


def test_ended_delegation_gives_nothing():
    org = organisation(
        assignment("alice", "kadis"),
        assignment("bob", "sekretaris"),
        delegation("alice", "kadis", "sekretaris", "read", until=NOW),
    )

    assert org.held(key("bob"), key("kadis"), NOW) is None
    assert org.held(key("bob"), key("kadis"), NOW - timedelta(seconds=1)) is not None


def test_readers_are_holders_and_delegates_once_each():
    org = organisation(
        assignment("alice", "kadis"),
        assignment("bob", "sekretaris"),
        assignment("bob", "kadis", "plh", date(2026, 11, 20), date(2026, 11, 30)),
        assignment("dewi", "tu.kominfo"),
        delegation("alice", "kadis", "sekretaris", "read"),
        delegation("alice", "kadis", "tu.kominfo", "read", include_secret=True),
    )

    readers = org.readers(key("kadis"), NOW)

    assert [(row.name, row.include_secret) for row in readers] == [
        ("bob", True),
        ("alice", True),
        ("dewi", True),
    ]
    assert readers[2].capacity is Capacity.DELEGATE


def test_acting_uses_the_header_or_the_primary_position():
    org = organisation(
        assignment("alice", "kadis"),
        assignment("alice", "sekda", "plt", date(2026, 10, 1), date(2026, 12, 1)),
    )

    assert org.acting(actor("alice"), NOW).position_id == key("kadis")
    assert org.acting(actor("alice", "sekda"), NOW).capacity is Capacity.PLT


@pytest.mark.parametrize(
    "caller",
    [
        actor("charlie"),
        actor("alice", "bupati"),
        Actor(client=ClientRef(client_id=key("app"), name="app", unit_id=key("setda"))),
    ],
)
def test_acting_for_a_position_not_held_is_refused(caller):
    org = organisation(assignment("alice", "kadis"))

    with pytest.raises(Forbidden) as refused:
        org.acting(caller, NOW)

    assert refused.value.code == "position_not_held"


def test_authority_runs_along_reports_to():
    org = organisation()

    assert codes(org, org.above(key("tu.setda"))) == ["kabag", "sekda", "bupati"]
    assert set(codes(org, org.below(key("sekda")))) == {
        "kabag",
        "tu.setda",
        "kadis",
        "sekretaris",
        "tu.kominfo",
    }
    assert org.is_above(key("sekda"), key("tu.kominfo"))
    assert not org.is_above(key("kadis"), key("kabag"))
    assert not org.is_above(key("kadis"), key("kadis"))


def test_units_registers_and_duties():
    org = organisation()

    assert org.units_above(key("bag.umum")) == (key("setda"), key("pemkab"))
    assert org.units_below(key("setda")) == {key("bag.umum")}
    assert org.register_unit_of(key("bupati")) == key("setda")
    assert [row.code for row in org.registrars_of(key("setda"))] == ["tu.setda"]
    assert [row.code for row in org.with_duty(key("kominfo"), "secretary")] == [
        "sekretaris"
    ]
    assert org.sekda.code == "sekda"
    assert org.position_by_code("kadis").unit_name == "Unit kominfo"


def test_unknown_ids_are_answered_not_raised():
    org = organisation()
    stranger = key("nobody")

    assert org.unit(stranger) is None
    assert org.position(stranger) is None
    assert org.position_by_code("nobody") is None
    assert org.holders(stranger, NOW) == ()
    assert org.readers(stranger, NOW) == ()
    assert org.above(stranger) == ()
    assert org.below(stranger) == frozenset()
    assert org.held_by(stranger, NOW) == ()
    assert org.position_ref(stranger) is None


def test_acts_are_signed_with_person_position_and_capacity():
    org = organisation(assignment("alice", "kadis"))
    caller = actor("alice")

    signed = org.actor_ref(caller, org.acting(caller, NOW))

    assert signed.person.name == "alice"
    assert signed.position.code == "kadis"
    assert signed.capacity == "definitive"
    assert org.actor_ref(caller).position is None
