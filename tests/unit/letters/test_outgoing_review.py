"""The way of a draft: whose turn it is, what an initial is worth, what ends it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from contracts.errors import Conflict
from contracts.letters import LetterState, Outcome, SigningForm
from services.letters.domain import closing, outgoing_review
from services.letters.domain.letter import Letter
from services.letters.outgoing_document import form_of
from tests.unit.letters.drafts import BY, draft, part, position
from tests.unit.letters.offices import NOW


def approve(letter: Letter, code: str) -> None:
    outgoing_review.approve(letter, position(code), NOW, by=BY, note=None)


def send_back(letter: Letter, code: str) -> None:
    outgoing_review.send_back(letter, position(code), NOW, by=BY, note="ulangi")


def asked(letter: Letter) -> list[Any]:
    return [one.position_id for one in part(letter).initials if one.state == "asked"]


def test_without_initials_the_signer_is_asked_at_once() -> None:
    letter = draft()
    outgoing_review.submit(letter, NOW)
    assert part(letter).step == "sign"
    assert letter.records[-1].detail["asks"] == [str(position("sekda"))]


def test_one_of_several_coordinators_does_not_ask_anybody_new() -> None:
    letter = draft(coordinators=("kadis.pupr", "kadis.dinkes"), levels=("asisten.1",))
    outgoing_review.submit(letter, NOW)
    approve(letter, "kadis.pupr")
    assert letter.records[-1].detail["asks"] == []
    assert asked(letter) == [position("kadis.dinkes")]
    approve(letter, "kadis.dinkes")
    assert letter.records[-1].detail["asks"] == [str(position("asisten.1"))]


def test_one_coordinator_sends_all_back() -> None:
    letter = draft(coordinators=("kadis.pupr", "kadis.dinkes"))
    outgoing_review.submit(letter, NOW)
    send_back(letter, "kadis.pupr")
    assert (letter.state, asked(letter)) == (LetterState.DRAFT, [])
    with pytest.raises(Conflict):
        approve(letter, "kadis.dinkes")


def test_submitted_again_unchanged_who_sent_it_back_is_asked_again() -> None:
    letter = draft(levels=("kabag.kesra", "asisten.1"))
    outgoing_review.submit(letter, NOW)
    approve(letter, "kabag.kesra")
    send_back(letter, "asisten.1")
    outgoing_review.submit(letter, NOW)
    assert asked(letter) == [position("asisten.1")]


ACTS: dict[str, Callable[[Letter], None]] = {
    "submit": lambda it: outgoing_review.submit(it, NOW),
    "recall": lambda it: outgoing_review.recall(it, NOW),
    "revise": lambda it: outgoing_review.revise(it, NOW, ["subject"]),
    "approve": lambda it: approve(it, "asisten.1"),
    "sign": lambda it: outgoing_review.require_ready(it, NOW) and None,
    "void": lambda it: closing.void(it, NOW, reason="x"),
    "close": lambda it: closing.close(
        it, NOW, by=(), outcome=Outcome.NOTED, decision=None, force=True
    ),
}
ALLOWED = {
    LetterState.DRAFT: {"submit", "revise", "void"},
    LetterState.IN_REVIEW: {"recall", "approve", "void"},
    LetterState.SIGNED: {"void"},
    LetterState.DISPATCHED: set[str](),
    LetterState.VOID: set[str](),
}


@pytest.mark.parametrize("state", list(ALLOWED))
@pytest.mark.parametrize("act", list(ACTS))
def test_the_table_of_moves(state: LetterState, act: str) -> None:
    letter = draft(levels=("asisten.1",))
    if state is LetterState.IN_REVIEW:
        outgoing_review.submit(letter, NOW)
    letter.state = state
    if act in ALLOWED[state]:
        ACTS[act](letter)
    else:
        with pytest.raises(Conflict):
            ACTS[act](letter)


@pytest.mark.parametrize("act", ["recall", "approve", "void", "sign"])
def test_nothing_moves_while_it_is_signed(act: str) -> None:
    letter = draft(levels=("asisten.1",))
    outgoing_review.submit(letter, NOW)
    part(letter).signing_until = NOW + timedelta(seconds=1)
    with pytest.raises(Conflict) as refused:
        ACTS[act](letter)
    assert refused.value.code == "signing_in_progress"
    part(letter).signing_until = NOW
    if act != "sign":
        ACTS[act](letter)


@pytest.mark.parametrize(
    ("chosen", "capacity", "printed"),
    [
        ("self", "definitive", "self"),
        ("self", "plh", "plh"),
        ("plh", "plt", "plt"),
        ("plt", "definitive", "self"),
        ("an", "plh", "an"),
        ("ub", "definitive", "ub"),
        ("self", "pj", "self"),
    ],
)
def test_who_acts_signs_as_such(chosen: str, capacity: str, printed: str) -> None:
    assert form_of(SigningForm(chosen), capacity) == printed


def test_only_a_draft_is_written_on_and_nobody_is_told() -> None:
    letter = draft(levels=("asisten.1",))
    outgoing_review.keep(letter, NOW)
    assert (letter.kept, letter.records, part(letter).revision) == (True, [], 1)
    outgoing_review.submit(letter, NOW)
    with pytest.raises(Conflict):
        outgoing_review.keep(letter, NOW)
