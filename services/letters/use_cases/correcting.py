"""PATCH of a letter: facts while nobody disposed, secrecy upwards at any time.

Who may see the letter is computed anew in the same transaction, so that nobody reads
it between the decision and its effect.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from msgspec.structs import replace

from chassis.organisation import Held
from contracts import codec
from contracts.errors import Conflict, Forbidden, Stale
from contracts.letters import (
    CorrectLetter,
    Direction,
    Letter,
    LetterState,
    RegisterLetter,
    Secrecy,
)
from services.letters import views, views_letters
from services.letters.caller import Caller
from services.letters.domain import correcting, letter
from services.letters.unit_of_work import LettersUnitOfWork
from services.letters.use_cases.concluding import conclude
from services.letters.use_cases.drafting import revise_draft
from services.letters.use_cases.finding import lock_letter
from services.letters.use_cases.raising import (
    change_files,
    raise_secrecy,
    require_paper,
    show_to,
)
from services.letters.use_cases.registering import check_facts, warnings_of

_REPORTED = sa.text(
    "SELECT EXISTS (SELECT FROM report r JOIN task t ON t.task_id = r.task_id"
    " WHERE t.letter_id = :letter_id)"
)
_DUE = frozenset({"received_at", "urgency"})
_IN_DOMAIN = (
    *("kind", "number", "subject", "classification_code"),
    *("urgency", "secrecy", "received_at"),
)


def correct_letter(
    uow: LettersUnitOfWork,
    caller: Caller,
    letter_id: UUID,
    body: CorrectLetter,
    expected_version: int | None,
) -> Letter:
    """Raises: Stale, Forbidden, Invalid, Conflict ``already_disposed``."""
    it = lock_letter(uow, caller, letter_id)
    if expected_version not in (None, it.version):
        raise Stale(version=it.version)
    given = correcting.given_in(body)
    correcting.require_members_of(it.direction, given)
    if it.state is LetterState.DRAFT or _is_text_of_outgoing(it, given):
        return _revise(uow, caller, letter_id, given, expected_version)
    held = _may_correct(uow, caller, it, given)
    seen = views_letters.one(uow.session, caller, letter_id)
    if _raises_only(it, given):
        raise_secrecy(
            uow,
            caller,
            it,
            caller.ref(held),
            given["secrecy"],
            drop_files="file_ids" in given,
        )
    else:
        _correct(uow, caller, it, held, given)
    answer = _answer(uow, caller, it, seen)
    if not {"dated_on", "received_at"}.isdisjoint(given):
        answer.warnings = warnings_of(_registration(uow, letter_id))
    return answer


def _answer(
    uow: LettersUnitOfWork, caller: Caller, it: letter.Letter, seen: Letter
) -> Letter:
    """A registrar outside the chain takes his own sight away by raising; he is
    answered with what he saw, this once."""
    if views.sees_letter(uow.session, caller.reaches(), it.letter_id):
        return views_letters.one(uow.session, caller, it.letter_id)
    return replace(seen, secrecy=it.secrecy, version=seen.version + 1)


def _is_text_of_outgoing(it: letter.Letter, given: Mapping[str, Any]) -> bool:
    return it.direction is Direction.OUTGOING and not _raises_only(it, given)


def _revise(
    uow: LettersUnitOfWork,
    caller: Caller,
    letter_id: UUID,
    given: Mapping[str, Any],
    expected_version: int | None,
) -> Letter:
    """A draft is changed by its own rules."""
    return revise_draft(uow, caller, letter_id, given, expected_version)


# ---- who, and when ---------------------------------------------------------------


def _may_correct(
    uow: LettersUnitOfWork, caller: Caller, it: letter.Letter, given: Mapping[str, Any]
) -> Held:
    """A registrar of its register; to raise the secrecy alone also an addressee, of an
    outgoing letter its drafter and signer."""
    if it.state is LetterState.VOID:
        raise Conflict("illegal_transition", state=it.state.value)
    raising = _raises_only(it, given)
    allowed = _registrars(caller, it) | (_concerned(it) if raising else set())
    held = caller.acts_among(allowed, it.secrecy)
    if held is None:
        raise Forbidden("forbidden", reason="not_registrar")
    values = {"letter_id": it.letter_id}
    reported = bool(uow.session.scalar(_REPORTED, values))
    if not raising and correcting.is_disposed(it, reported=reported):
        raise Conflict("already_disposed", state=it.state.value)
    return held


def _raises_only(it: letter.Letter, given: Mapping[str, Any]) -> bool:
    """Only more secret; to leave paper only, its files may go with it."""
    after = given.get("secrecy")
    if after is None or not correcting.is_raised(it.secrecy, after):
        return False
    others = set(given) - {"secrecy"}
    leaves_paper = (
        after is Secrecy.SANGAT_RAHASIA
        and given.get("file_ids") == []
        and it.outgoing is None  # what was signed is not thrown away
    )
    return not others or (others == {"file_ids"} and leaves_paper)


def _concerned(it: letter.Letter) -> set[UUID]:
    return {it.outgoing.signer_position_id} if it.outgoing else set(it.addressees)


def _registrars(caller: Caller, it: letter.Letter) -> set[UUID]:
    found = {one.position_id for one in caller.org.registrars_of(it.register_unit_id)}
    if it.registrar_position_id is not None:
        found.add(it.registrar_position_id)
    return found


# ---- what ------------------------------------------------------------------------


def _correct(
    uow: LettersUnitOfWork,
    caller: Caller,
    it: letter.Letter,
    held: Held,
    given: Mapping[str, Any],
) -> None:
    before = _registration(uow, it.letter_id)
    after = correcting.merged(before, given)
    found = correcting.changes(before, after)
    if not found:
        return
    check_facts(uow, caller, after, only={one.field for one in found})
    require_paper(uow, it, after.secrecy, after.file_ids)
    correcting.record(it, found)
    _into_domain(it, after)
    facts = _facts(after)
    if _DUE.intersection(one.field for one in found):
        facts["due_at"] = correcting.move_due_times(it)
    uow.letters.correct(it.letter_id, facts)
    change_files(uow, caller, it.letter_id, found)
    if after.secrecy is not before.secrecy:
        show_to(uow, caller, it)
    conclude(uow, caller, it, caller.ref(held))


def _registration(uow: LettersUnitOfWork, letter_id: UUID) -> RegisterLetter:
    row = uow.letters.facts(letter_id)
    return correcting.registration_of(dict(row), uow.files.of_letter(letter_id))


def _into_domain(it: letter.Letter, after: RegisterLetter) -> None:
    for name in _IN_DOMAIN:
        setattr(it, name, getattr(after, name))
    it.sender_name = after.sender.name
    it.invitation = codec.dump(after.invitation) if after.invitation else None


def _facts(after: RegisterLetter) -> dict[str, Any]:
    external = after.external_ref
    return {
        **{name: getattr(after, name) for name in _IN_DOMAIN},
        "urgency": after.urgency.value,
        "secrecy": after.secrecy.value,
        "secrecy_rank": after.secrecy.rank,
        "dated_on": after.dated_on,
        "summary": after.summary,
        "sender_name": after.sender.name,
        "sender_unit_id": after.sender.unit_id,
        "sender_address": after.sender.address,
        "replies_to": after.replies_to,
        "external_system": external.system if external else None,
        "external_id": external.id if external else None,
        "invitation": codec.dump(after.invitation) if after.invitation else None,
    }
