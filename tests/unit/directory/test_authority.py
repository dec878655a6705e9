"""Who may change the organisation, and as which of his positions."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from chassis.organisation import Organisation
from contracts.actor import Actor, ClientRef
from contracts.directory import Capacity
from contracts.errors import Forbidden, NotFound, Unauthenticated
from services.directory.domain.authority import must_administer, must_hold
from tests.unit.directory.organisations import (
    NOW,
    PEOPLE,
    POSITIONS,
    UNITS,
    assignment,
    delegation,
    key,
    position,
)

ORG = Organisation(
    UNITS,
    [*POSITIONS, position("admin", "kominfo", 7, "kadis", "administrator")],
    PEOPLE,
    [
        assignment("alice", "admin"),
        assignment("alice", "kabag", "plh", date(2026, 11, 1), date(2026, 12, 1)),
        assignment("bob", "kadis"),
        assignment("charlie", "sekretaris"),
    ],
    [
        delegation("alice", "admin", "kadis", "act"),
        delegation("bob", "kadis", "sekretaris", "act"),
    ],
)


def actor(name, acting_as=None):
    return Actor(
        person_id=key(name), name=name, acting_as=key(acting_as) if acting_as else None
    )


def test_administrator_may_with_or_without_naming_the_position():
    assert must_administer(ORG, actor("alice"), NOW) == key("alice")
    assert must_administer(ORG, actor("alice", "admin"), NOW) == key("alice")


@pytest.mark.parametrize(
    ("caller", "code"),
    [
        (actor("alice", "kabag"), "forbidden"),
        (actor("alice", "kadis"), "position_not_held"),
        (actor("bob"), "forbidden"),
        (actor("bob", "admin"), "forbidden"),
        (actor("nobody"), "forbidden"),
    ],
    ids=["as another", "as a stranger", "lent", "lent and named", "unknown"],
)
def test_others_do_not_administer(caller, code):
    with pytest.raises(Forbidden) as refused:
        must_administer(ORG, caller, NOW)

    assert refused.value.code == code


def test_former_administrator_does_not_administer():
    gone = msgspec.structs.replace(assignment("alice", "admin"), ends_at=NOW)
    org = Organisation(UNITS, ORG.positions, PEOPLE, [gone])

    with pytest.raises(Forbidden):
        must_administer(org, actor("alice"), NOW)


def test_holder_lends_his_own_position_only():
    assert must_hold(ORG, actor("bob"), key("kadis"), NOW) == key("bob")
    for caller in (actor("charlie"), actor("alice"), actor("bob", "sekda")):
        with pytest.raises(Forbidden) as refused:
            must_hold(ORG, caller, key("kadis"), NOW)
        assert refused.value.code == "position_not_held"


def test_acting_official_holds_the_position_too():
    assert must_hold(ORG, actor("alice"), key("kabag"), NOW) == key("alice")
    assert ORG.held(key("alice"), key("kabag"), NOW).capacity is Capacity.PLH


def test_unknown_position_is_not_found():
    with pytest.raises(NotFound):
        must_hold(ORG, actor("bob"), key("nowhere"), NOW)


def test_applications_and_nobody_change_nothing():
    client = ClientRef(client_id=key("app"), name="app", unit_id=key("setda"))
    with pytest.raises(Forbidden):
        must_administer(ORG, Actor(client=client), NOW)
    with pytest.raises(Unauthenticated):
        must_administer(ORG, None, NOW)
