"""A letter becomes more secret: what was told of it goes, in whatever order it came."""

from __future__ import annotations

from itertools import permutations

import msgspec
import pytest

from contracts.envelope import Envelope, Event
from contracts.letters import LetterSecrecyRaised, Secrecy, TaskReported, TaskState
from contracts.schedule_events import ActivityProposed
from services.notify import use_cases
from services.notify.repository import Notifications
from tests.integration.notify.conftest import Store
from tests.unit.directory.organisations import key
from tests.unit.notify.scenes import (
    LETTER,
    NOW,
    activity,
    lent_to_aide,
    letter_facts,
    moved,
    regency,
    registered,
    sealed,
)

ALICE, DEWI = key("alice"), key("dewi")
TELLING = ("Undangan", "Kanwil", "Aula")


def raised(secrecy: Secrecy) -> LetterSecrecyRaised:
    facts = letter_facts(secrecy, recipients=(key("bupati"),), chain=(key("bupati"),))
    return LetterSecrecyRaised(**facts, before=Secrecy.BIASA)


def at_place(event: Event, sequence: int, source: str = "letters") -> Envelope:
    return msgspec.structs.replace(sealed(event), sequence=sequence, source=source)


def of_its_activity() -> Envelope:
    born = activity(
        ActivityProposed,
        letter_id=LETTER,
        title="Undangan rapat",
        state="proposed",
        keeper_position_ids=(key("bupati"),),
    )
    return at_place(born, 1, "schedule")


@pytest.mark.parametrize("secrecy", [Secrecy.TERBATAS, Secrecy.RAHASIA])
def test_nothing_of_the_letter_is_left_whatever_comes_first(
    notifications: Notifications, database: Store, secrecy: Secrecy
) -> None:
    events = [
        at_place(registered(), 1),
        at_place(moved(TaskReported, TaskState.REPORTED, final=True), 4),
        at_place(raised(secrecy), 7),
        of_its_activity(),
    ]
    ends = set()
    for order in permutations(events):
        for name in ("notifications", "edges"):
            database[name].delete_many({})
        for envelope in order:
            use_cases.tell(notifications, regency(), envelope, NOW)
        kept = list(database["notifications"].find())
        text = " ".join(f"{one['title']} {one['body']}" for one in kept)
        assert not [word for word in TELLING if word in text], text
        ends.add(frozenset((one["person_id"], one["topic"]) for one in kept))
    assert len(ends) == 1
    (told,) = ends
    assert {topic for person, topic in told if person == ALICE} >= {
        *("task.assigned", "system", "activity.proposed")
    }


def test_a_delegate_without_clearance_loses_what_he_was_told(
    notifications: Notifications, database: Store
) -> None:
    org = regency(lent_to_aide(include_secret=False))
    use_cases.tell(notifications, org, at_place(registered(), 1), NOW)
    told = database["notifications"].distinct("person_id", {"letter_id": LETTER})
    assert {ALICE, DEWI} <= set(told)

    use_cases.tell(notifications, org, at_place(raised(Secrecy.RAHASIA), 2), NOW)

    left = database["notifications"].distinct("person_id", {"letter_id": LETTER})
    assert ALICE in left
    assert DEWI not in left


def test_an_older_word_does_not_lower_it_again(
    notifications: Notifications, database: Store
) -> None:
    for sequence, secrecy in ((9, Secrecy.RAHASIA), (5, Secrecy.TERBATAS)):
        envelope = at_place(raised(secrecy), sequence)
        use_cases.tell(notifications, regency(), envelope, NOW)

    edge = notifications.edge_of(LETTER)
    assert edge is not None
    assert (edge.secrecy, edge.sequence) == (Secrecy.RAHASIA, 9)
