"""The way of a draft: submitted, initialled in turn or sent back, recalled, revised.

=============  ===========================  ==========
act            from                         to
=============  ===========================  ==========
submit         draft                        in_review
initial        in_review, by whose turn     in_review
send back      in_review, by whose turn     draft
recall         in_review                    draft
revise, keep   draft                        draft
sign           in_review, all initialled    signed
dispatch       signed                       dispatched
void           draft, in_review, signed     void
=============  ===========================  ==========
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from contracts.errors import Conflict
from contracts.letters import Action, LetterState
from contracts.letters.outgoing import ReviewStep
from services.letters.domain.letter import Letter
from services.letters.domain.outgoing import InitialBox, Outgoing

DRAFT, IN_REVIEW = LetterState.DRAFT, LetterState.IN_REVIEW


def of(letter: Letter, *states: LetterState, now: datetime) -> Outgoing:
    """The outgoing part, when the letter is in one of `states` and nobody signs it.

    Raises: Conflict ``illegal_transition`` or ``signing_in_progress``.
    """
    if letter.outgoing is None or letter.state not in states:
        raise Conflict("illegal_transition", state=letter.state.value)
    require_unclaimed(letter.outgoing, now)
    return letter.outgoing


def require_unclaimed(outgoing: Outgoing, now: datetime) -> None:
    """A claim that lapsed is taken away: who comes back late must not finish over an
    act done meanwhile. Raises: Conflict ``signing_in_progress``."""
    if outgoing.is_signing(now):
        raise Conflict("signing_in_progress", retry_after=5)
    outgoing.signing_token = outgoing.signing_until = None


def require_revision(outgoing: Outgoing, seen: int | None) -> None:
    """Raises: Conflict ``revision_changed`` for who read another one."""
    if seen not in (None, outgoing.revision):
        raise Conflict("revision_changed", revision=outgoing.revision)


def submit(letter: Letter, now: datetime) -> None:
    """Initials given to this very revision before a recall still count."""
    it = of(letter, DRAFT, now=now)
    for box in it.initials:
        if box.state != "approved" or box.revision != it.revision:
            box.clear()
    letter.state = IN_REVIEW
    letter.record(Action.SUBMITTED, revision=it.revision, **_ask(it, now))


def approve(
    letter: Letter,
    position_id: UUID,
    now: datetime,
    *,
    by: dict[str, Any],
    note: str | None,
) -> None:
    """Raises: Conflict ``not_your_turn``."""
    it = of(letter, IN_REVIEW, now=now)
    box = _asked(it, position_id)
    box.decide("approved", it.revision, now, by, note)
    letter.record(
        Action.INITIALLED,
        position_id=str(position_id),
        revision=it.revision,
        **_ask(it, now),
    )


def send_back(
    letter: Letter,
    position_id: UUID,
    now: datetime,
    *,
    by: dict[str, Any],
    note: str | None,
) -> None:
    """By whose turn it is; also the signer's, instead of signing."""
    it = of(letter, IN_REVIEW, now=now)
    if not (it.step == "sign" and position_id == it.signer_position_id):
        _asked(it, position_id).decide("revise", it.revision, now, by, note)
    _back_to_draft(letter, it)
    it.enter("revise", now)
    letter.record(
        Action.REVISION_ASKED, position_id=str(position_id), revision=it.revision
    )


def recall(letter: Letter, now: datetime) -> None:
    it = of(letter, IN_REVIEW, now=now)
    _back_to_draft(letter, it)
    it.enter(None, now)
    letter.record(Action.RECALLED, revision=it.revision)


def revise(letter: Letter, now: datetime, changed: Sequence[str]) -> None:
    """The draft is another one now: whatever was initialled has to be read again."""
    it = of(letter, DRAFT, now=now)
    it.revision += 1
    for box in it.initials:
        if box.state == "approved":
            box.clear()
    letter.record(Action.REVISED, revision=it.revision, changed=list(changed))


def keep(letter: Letter, now: datetime) -> None:
    """The draft is written on, within its revision: nobody was asked about that one,
    so there is no initial to lose and no act to tell of."""
    of(letter, DRAFT, now=now)
    letter.kept = True


def require_ready(letter: Letter, now: datetime) -> Outgoing:
    """May be signed. Raises: Conflict ``initials_missing`` naming the offices."""
    it = of(letter, IN_REVIEW, now=now)
    missing = it.missing()
    if missing:
        raise Conflict("initials_missing", position_ids=[str(one) for one in missing])
    return it


def withdraw_all(letter: Letter, now: datetime) -> None:
    """Before it is void: nobody is asked for anything any more."""
    it = of(letter, DRAFT, IN_REVIEW, LetterState.SIGNED, now=now)
    _back_to_draft(letter, it)
    it.enter(None, now)


def _back_to_draft(letter: Letter, it: Outgoing) -> None:
    letter.state = DRAFT
    for box in it.initials:
        if box.state == "asked":
            box.clear()


def _asked(it: Outgoing, position_id: UUID) -> InitialBox:
    box = it.box_of(position_id)
    if box is None or box.state != "asked":
        turn = [one.position_id for one in it.initials if one.state == "asked"]
        raise Conflict("not_your_turn", position_ids=[str(one) for one in turn])
    return box


def _ask(it: Outgoing, now: datetime) -> dict[str, Any]:
    """Turn to whom it concerns next; the step and who is newly asked."""
    boxes = it.next_boxes()
    asks = [one for one in boxes if one.state == "waiting"]
    for box in asks:
        box.state, box.at = "asked", now
    step: ReviewStep = "sign"
    if boxes:
        step = "coordinate" if boxes[0].kind == "coordination" else "initial"
    is_new = bool(asks) if boxes else it.step != "sign"
    it.enter(step, now)
    positions = [one.position_id for one in asks] if boxes else [it.signer_position_id]
    return {"step": step, "asks": [str(one) for one in positions] if is_new else []}
