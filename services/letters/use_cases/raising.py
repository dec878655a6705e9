"""A letter becomes more secret, and with it every letter that was born of it.

The recipients' registers hold the same words, so they are raised by the same act, in
the same transaction; whoever read them outside the chain has no sight of them after.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from contracts.actor import ActorRef
from contracts.errors import Invalid
from contracts.letters import Secrecy
from services.letters.caller import Caller
from services.letters.domain import correcting, letter, outgoing_review
from services.letters.domain.correcting import Change
from services.letters.domain.visibility import reasons_lost, rows_for
from services.letters.unit_of_work import LettersUnitOfWork
from services.letters.use_cases.concluding import conclude


def raise_secrecy(
    uow: LettersUnitOfWork,
    caller: Caller,
    it: letter.Letter,
    by: ActorRef,
    after: Secrecy,
    *,
    drop_files: bool = False,
) -> None:
    """Whatever else stands in the letter stays as it is, and is not judged.

    Raises: Conflict while it is being signed; Invalid ``paper_only``.
    """
    if it.outgoing is not None:
        outgoing_review.require_unclaimed(it.outgoing, caller.now)
    # All of them are locked before any is written: the letter's own rows refer to them.
    arrived = [uow.letters.lock(one) for one in uow.letters.born_of(it.letter_id)]
    _raise_one(uow, caller, it, by, after, drop_files=drop_files)
    for born in arrived:
        if correcting.is_raised(born.secrecy, after):
            _raise_one(uow, caller, born, by, after)


def _raise_one(
    uow: LettersUnitOfWork,
    caller: Caller,
    it: letter.Letter,
    by: ActorRef,
    after: Secrecy,
    *,
    drop_files: bool = False,
) -> None:
    kept = uow.files.of_letter(it.letter_id)
    found = [Change("secrecy", it.secrecy, after)]
    if kept and drop_files:
        found.append(Change("file_ids", kept, []))
        kept = []
    require_paper(uow, it, after, kept)
    correcting.record(it, found)
    it.secrecy = after
    facts = {"secrecy": after.value, "secrecy_rank": after.rank}
    uow.letters.correct(it.letter_id, facts)
    change_files(uow, caller, it.letter_id, found)
    show_to(uow, caller, it)
    conclude(uow, caller, it, by)


def require_paper(
    uow: LettersUnitOfWork, it: letter.Letter, secrecy: Secrecy, file_ids: list[UUID]
) -> None:
    """Raises: Invalid ``paper_only``: what was stored does not become paper by a word;
    somebody says with the same patch that the letter's files go."""
    stored = file_ids or (it.outgoing is not None and it.outgoing.body_html)
    if secrecy is Secrecy.SANGAT_RAHASIA and (
        stored or uow.files.has_reports_files(it.letter_id)
    ):
        message = "Lepaskan berkasnya dahulu: surat sangat rahasia hanya kertas"
        raise Invalid("paper_only", errors=[{"field": "/file_ids", "message": message}])


def change_files(
    uow: LettersUnitOfWork, caller: Caller, letter_id: UUID, found: Iterable[Change]
) -> None:
    """Let go what a change of ``file_ids`` took away, take in what it brought."""
    change: Any = next((one for one in found if one.field == "file_ids"), None)
    if change is None:
        return
    uow.files.detach(letter_id, [x for x in change.before if x not in change.after])
    uow.files.attach(
        [one for one in change.after if one not in change.before],
        uploaded_by=caller.actor.key,
        letter_id=letter_id,
    )
    uow.files.order(change.after)


def show_to(uow: LettersUnitOfWork, caller: Caller, it: letter.Letter) -> None:
    """Who may see it at its new secrecy: the chain stays, others go or come."""
    uow.letters.revoke(it.letter_id, reasons_lost(it.secrecy))
    recipients = [task.position_id for task in it.tasks.values()]
    recipients += it.outgoing.chain() if it.outgoing else ()
    rows = rows_for(caller.org, recipients, it.registrar_position_id, it.secrecy)
    uow.letters.grant(it.letter_id, rows, caller.now)
