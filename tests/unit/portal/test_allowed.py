"""Which acts on a letter are offered to whom."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.client import RequestContext
from gateway.portal.allowed import allowed, paper_acts
from gateway.portal.offices import Offices
from gateway.portal.visitor import Visitor

KNOWN = Offices(positions={}, units={"setda": {"register_unit_id": "setda"}})
LETTER = {
    "direction": "incoming",
    "state": "registered",
    "secrecy": "biasa",
    "register_unit_id": "setda",
    "addressees": ["bupati"],
}
QUIET: dict[str, Any] = {"timeline": []}


def visitor(position_id: str, duty: str = "head", rights: str = "act") -> Visitor:
    held = {
        "position_id": position_id,
        "duty": duty,
        "unit_id": "setda",
        "rights": [rights],
    }
    context = RequestContext(request_id="r")
    return Visitor(context, "s", {"positions": [held]}, held)


CLERK, LEADER = visitor("tu", "registrar"), visitor("bupati")
AIDE, STRANGER = visitor("bupati", "aide", "prepare"), visitor("pupr")


def offered(who: Visitor, tracking: dict[str, Any] = QUIET, **changes: Any) -> set[str]:
    found = allowed({**LETTER, **changes}, tracking, who, KNOWN)
    names = ("correct", "raise_secrecy", "redirect", "reopen")
    return {name for name in names if getattr(found, name)}


def test_the_registrar_corrects_and_redirects_until_somebody_rests_on_it():
    assert offered(CLERK) == {"correct", "raise_secrecy", "redirect"}
    disposed = {"timeline": [{"action": "disposed"}]}
    running = offered(CLERK, disposed, state="under_disposition")
    assert running == {"raise_secrecy", "redirect"}
    assert offered(CLERK, register_unit_id="pupr") == set()


def test_an_addressee_raises_the_secrecy_and_opens_again_what_ended():
    assert offered(LEADER) == {"raise_secrecy"}
    assert offered(LEADER, state="completed") == {"raise_secrecy", "reopen"}
    assert offered(LEADER, secrecy="sangat_rahasia") == set()
    assert offered(AIDE) == offered(STRANGER) == set()


@pytest.mark.parametrize(
    ("starts_at", "called_off", "is_offered"),
    [
        ("2999-01-01T09:00:00+08:00", False, True),
        ("2020-01-01T09:00:00+08:00", False, False),
        ("2020-01-01T09:00:00+08:00", True, True),
    ],
)
def test_an_answer_may_be_changed_while_there_is_time(
    starts_at, called_off, is_offered
):
    detail = {"position_id": "bupati", "decision": "attend"}
    lines = [{"action": "attendance_decided", "task_id": "t1", "detail": detail}]
    lines += [{"action": "activity_cancelled"}] * called_off
    letter = {
        **LETTER,
        "state": "completed",
        "invitation": {"starts_at": starts_at, "ends_at": None},
    }
    tracking = {"timeline": lines}
    answered = "t1" if is_offered else None
    assert allowed(letter, tracking, LEADER, KNOWN).answer_again == answered
    assert allowed(letter, tracking, AIDE, KNOWN).answer_again is None


@pytest.mark.parametrize("changes", [{"state": "void"}, {"direction": "outgoing"}])
def test_nothing_is_offered_for_a_void_letter_or_an_outgoing_one(changes):
    assert offered(CLERK, **changes) == set()


def test_the_paper_is_handed_on_by_who_holds_it_and_signed_for_by_who_gets_it():
    here = {"position_id": "tu", "on_the_way_to": None}
    sent = {"position_id": "tu", "on_the_way_to": "bupati"}
    assert paper_acts(here, CLERK).hand_over
    assert not paper_acts(here, LEADER).hand_over
    assert paper_acts(sent, LEADER).receive
    assert paper_acts(sent, CLERK).take_back
    assert not paper_acts(sent, CLERK).hand_over
    assert not paper_acts(sent, AIDE).receive
    assert paper_acts(None, CLERK) == paper_acts(sent, STRANGER)
