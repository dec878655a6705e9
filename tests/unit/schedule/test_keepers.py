"""Who keeps whose time, who may change an activity, who sees its title."""

from __future__ import annotations

import pytest

from contracts.actor import ActorRef
from contracts.errors import Forbidden, Unauthenticated
from contracts.schedule import ActivityState, ParticipantRole, Response, Visibility
from services.schedule.domain.activity import Attendee
from services.schedule.domain.keepers import (
    Caller,
    Subject,
    keepers_of,
    may_change,
    require_kept,
    sees,
)
from tests.unit.schedule.offices import (
    NOW,
    activity,
    actor,
    caller,
    client,
    delegation,
    key,
    organisation,
)

REQUIRED = ParticipantRole.REQUIRED


def codes(keepers: frozenset[object]) -> set[str]:
    return {row.code for row in organisation().positions if row.position_id in keepers}


def test_keepers_of_a_leader_and_of_a_division_head() -> None:
    org = organisation()

    assert codes(keepers_of(org, key("bupati"))) == {
        "bupati",
        "ajudan",
        "protokol",
        "tu.setda",
    }
    assert codes(keepers_of(org, key("kadis"))) == {
        "kadis",
        "protokol",
        "sekretaris",
        "tu.kominfo",
    }
    assert codes(keepers_of(org, key("kabid"))) == {"kabid", "sekretaris", "tu.kominfo"}
    assert keepers_of(org, key("nobody")) == frozenset()


def test_what_somebody_keeps_is_what_he_is_a_keeper_of() -> None:
    org = organisation()

    for row in org.positions:
        holder = org.holder(row.position_id, NOW)
        if holder is None or holder.name == "mertua":
            continue
        kept = caller(row.code, org).kept
        assert kept == {
            each.position_id
            for each in org.positions
            if row.position_id in keepers_of(org, each.position_id)
        }


def test_delegates_keep_when_they_may_prepare_and_read_when_they_may_read() -> None:
    reading = organisation(delegation("kadis", "kadis", "staf.dinkes", "read"))
    preparing = organisation(delegation("kadis", "kadis", "staf.dinkes", "prepare"))

    assert key("kadis") not in caller("staf.dinkes", reading).kept
    assert key("kadis") in caller("staf.dinkes", reading).known
    assert key("kadis") in caller("staf.dinkes", preparing).kept


def test_acting_as_one_office_keeps_only_what_that_one_keeps() -> None:
    assert key("camat") in caller("mertua").kept
    assert key("camat") not in caller("mertua", acting_as="kabid").kept
    with pytest.raises(Forbidden, match="position_not_held"):
        caller("mertua", acting_as="bupati")
    with pytest.raises(Unauthenticated):
        Caller.of(None, organisation(), NOW)


def test_the_act_is_signed_as_the_office_that_keeps() -> None:
    signed = caller("mertua").signature([key("kabid")])

    assert signed.position is not None
    assert signed.position.code == "kabid"


def test_a_keepers_yes_is_a_yes() -> None:
    silent = Attendee(key("kadinkes"), REQUIRED)
    willing = Attendee(
        key("kadinkes"), REQUIRED, response=Response.ATTENDING, decided_at=NOW
    )

    require_kept(caller("ajudan"), [Attendee(key("bupati"), REQUIRED), willing])
    with pytest.raises(Forbidden) as caught:
        require_kept(caller("ajudan"), [silent])
    assert caught.value.facts == {"position_ids": [str(key("kadinkes"))]}


def test_sekdas_override_reaches_everybody_protocols_whom_it_keeps() -> None:
    lines = [Attendee(key("kabid"), REQUIRED)]

    require_kept(caller("sekda"), lines, overriding=True)
    with pytest.raises(Forbidden):
        require_kept(caller("sekda"), lines)
    with pytest.raises(Forbidden):
        require_kept(caller("protokol"), lines, overriding=True)


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("ajudan", True),  # asked for it
        ("bupati", True),  # keeps the host
        ("sekda", True),  # heads the organising unit
        ("tu.setda", True),
        ("kadis", False),  # a participant
        ("staf.dinkes", False),
    ],
)
def test_who_may_change_a_confirmed_activity(who: str, may: bool) -> None:
    meeting = activity(
        Attendee(key("bupati"), ParticipantRole.HOST),
        Attendee(key("kadis"), REQUIRED),
    )

    assert may_change(caller(who), meeting) is may


def test_while_only_asked_for_every_keeper_concerned_may_change_it() -> None:
    meeting = activity(
        Attendee(key("bupati"), ParticipantRole.HOST),
        Attendee(key("kadis"), REQUIRED),
        state=ActivityState.PROPOSED,
    )

    assert may_change(caller("kadis"), meeting)
    assert not may_change(caller("staf.dinkes"), meeting)


def test_a_client_changes_what_it_proposed_while_it_is_open() -> None:
    mine = {"created_by": ActorRef(client=client().client)}
    asking = Caller.of(client(), organisation(), NOW)

    assert may_change(asking, activity(state=ActivityState.PROPOSED, **mine))
    assert not may_change(asking, activity(**mine))
    assert not may_change(asking, activity(state=ActivityState.PROPOSED))


@pytest.mark.parametrize(
    ("who", "visible"),
    [
        ("bupati", True),
        ("ajudan", True),
        ("protokol", True),
        ("tu.setda", True),
        ("dewi", True),  # made it
        ("kadis", False),
        ("staf.dinkes", False),
    ],
)
def test_who_sees_what_is_busy_for_others(who: str, visible: bool) -> None:
    subject = Subject(
        Visibility.BUSY_ONLY, key("pemkab"), (key("bupati"),), key("dewi")
    )

    assert sees(caller(who), subject) is visible


def test_a_client_sees_internal_titles_of_its_units_and_never_hidden_ones() -> None:
    org = organisation()
    near, far = (Caller.of(client(unit), org, NOW) for unit in ("kominfo", "dinkes"))
    internal = Subject(Visibility.INTERNAL, key("setda"), (key("kadis"),))
    hidden = Subject(Visibility.BUSY_ONLY, key("kominfo"), (key("kadis"),))

    assert sees(near, internal)
    assert not sees(far, internal)
    assert not sees(near, hidden)
    assert sees(far, Subject(Visibility.PUBLIC, key("setda"), ()))


def test_an_actor_without_person_is_nobodys_creator() -> None:
    nobody = Caller(actor("x"), organisation(), NOW)
    hidden = Subject(Visibility.BUSY_ONLY, key("pemkab"), (key("bupati"),))

    assert not sees(nobody, hidden)
