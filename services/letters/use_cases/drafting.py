"""Draft an outgoing letter, and change the draft while nobody reviews it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from chassis.organisation import Held
from contracts import codec
from contracts.directory import Duty, Right
from contracts.errors import Forbidden, Stale
from contracts.letters import (
    Action,
    Direction,
    DraftLetter,
    DraftSaved,
    Letter,
    LetterState,
    Secrecy,
)
from services.letters import views_letters
from services.letters.caller import Caller
from services.letters.domain import letter, outgoing, outgoing_review
from services.letters.domain.correcting import record_raised
from services.letters.domain.visibility import reasons_lost, rows_for, rows_lost
from services.letters.ids import id_at
from services.letters.unit_of_work import LettersUnitOfWork
from services.letters.use_cases.concluding import conclude, conclude_new
from services.letters.use_cases.draft_checks import checked
from services.letters.use_cases.draft_facts import (
    boxes_of,
    changed_fields,
    current,
    letter_columns,
    merged,
    recipients_of,
    record_revision,
    still_written,
)
from services.letters.use_cases.finding import lock_letter


def draft_letter(uow: LettersUnitOfWork, caller: Caller, body: DraftLetter) -> Letter:
    """By any office, an aide with the right to prepare, or an application.

    Raises: Invalid naming every wrong field; Forbidden ``outside_register``.
    """
    drafter, held = _drafter(caller, body)
    body = checked(uow, caller, body)
    new = _letter(caller, body, drafter)
    by = caller.ref(held)
    new.record(Action.DRAFTED, revision=1)
    facts = {**letter_columns(caller, body), "created_by": codec.dump(by)}
    conclude_new(uow, caller, new, by, {**facts, **_unchanging(caller, new)})
    uow.files.attach(
        body.file_ids, uploaded_by=caller.actor.key, letter_id=new.letter_id
    )
    record_revision(uow, caller, new, by, body, changed=())
    return views_letters.one(uow.session, caller, new.letter_id)


def revise_draft(
    uow: LettersUnitOfWork,
    caller: Caller,
    letter_id: UUID,
    changes: Mapping[str, Any],
    expected_version: int | None,
) -> Letter:
    """By the drafter's office, while it is a draft; what changes nothing is no
    revision. `changes`: members of the patch that were present.

    Raises: Stale, Invalid, Forbidden, Conflict ``illegal_transition``.
    """
    _change(uow, caller, letter_id, changes, expected_version)
    return views_letters.one(uow.session, caller, letter_id)


def save_draft(
    uow: LettersUnitOfWork,
    caller: Caller,
    letter_id: UUID,
    changes: Mapping[str, Any],
    expected_version: int,
) -> DraftSaved:
    """`revise_draft` while it is written: within the revision, as long as that is the
    caller's own and nobody was asked about it; what is written over is no history.
    What stands there already is saved, whatever the version: its answer was lost.

    Raises: as `revise_draft`.
    """
    it = _change(uow, caller, letter_id, changes, expected_version, within=True)
    return DraftSaved(
        letter_id=letter_id,
        version=uow.letters.facts(letter_id)["version"],
        revision=it.outgoing.revision if it.outgoing else 1,
        saved_at=caller.now,
    )


def _change(
    uow: LettersUnitOfWork,
    caller: Caller,
    letter_id: UUID,
    changes: Mapping[str, Any],
    expected_version: int | None,
    *,
    within: bool = False,
) -> letter.Letter:
    it = lock_letter(uow, caller, letter_id)
    stale = expected_version not in (None, it.version)
    if stale and not within:
        raise Stale(version=it.version)
    held = as_drafter(caller, it)
    part = outgoing_review.of(it, LetterState.DRAFT, now=caller.now)
    before = current(uow, it)
    after = checked(uow, caller, merged(before, changes), before=before)
    changed = changed_fields(before, after)
    if stale and changed:
        raise Stale(version=it.version)
    if changed:
        by = caller.ref(held)
        within = within and still_written(uow, it, by)
        if within:
            outgoing_review.keep(it, caller.now)
        else:
            outgoing_review.revise(it, caller.now, changed)
        record_raised(it, before.secrecy, after.secrecy)
        _apply(uow, caller, it, part, after)
        _change_files(uow, caller, letter_id, before, after)
        conclude(uow, caller, it, by)
        record_revision(uow, caller, it, by, after, changed=changed, over=within)
    return it


def as_drafter(caller: Caller, it: letter.Letter) -> Held:
    """Who prepared it may go on with it. Raises: Forbidden."""
    if it.registrar_position_id is None:
        raise Forbidden("forbidden", reason="not_drafter")
    return caller.act_as(it.registrar_position_id, it.secrecy, Right.PREPARE)


def _drafter(caller: Caller, body: DraftLetter) -> tuple[UUID, Held | None]:
    """The drafting office; for an application the head of its unit answers."""
    client = caller.actor.client
    if client is None:
        held = caller.acting(Right.PREPARE)
        return held.position_id, held
    units = {client.unit_id, *caller.org.units_below(client.unit_id)}
    signer = caller.org.position(body.signer_position_id)
    heads = caller.org.with_duty(client.unit_id, Duty.HEAD)
    inside = signer is None or signer.unit_id in units  # unknown: the check says so
    if not inside or not heads or body.secrecy.rank >= Secrecy.RAHASIA.rank:
        raise Forbidden("outside_register", position_id=str(body.signer_position_id))
    return heads[0].position_id, None


def _letter(caller: Caller, body: DraftLetter, drafter: UUID) -> letter.Letter:
    columns = letter_columns(caller, body)
    new = letter.Letter(
        letter_id=id_at(caller.now),
        direction=Direction.OUTGOING,
        kind=body.kind,
        number=None,
        agenda_number=None,
        register_unit_id=columns["register_unit_id"],
        registrar_position_id=drafter,
        sender_name=columns["sender_name"],
        subject=body.subject,
        classification_code=body.classification_code,
        urgency=body.urgency,
        secrecy=body.secrecy,
        addressees=tuple(columns["addressees"]),
        copies=tuple(body.copies),
        received_at=caller.now,
        invitation=columns["invitation"],
        state=LetterState.DRAFT,
        outgoing=outgoing.Outgoing(
            signer_position_id=body.signer_position_id,
            signing_form=body.signing_form,
            drafter_position_id=drafter,
            register_unit_id=columns["register_unit_id"],
            body_html=body.body_html,
            initials=boxes_of(body),
            recipients=recipients_of(body),
        ),
    )
    new.entered = list(new.chain())
    return new


def _unchanging(caller: Caller, new: letter.Letter) -> dict[str, Any]:
    return {
        "letter_id": new.letter_id,
        "direction": Direction.OUTGOING.value,
        "registrar_position_id": new.registrar_position_id,
        "created_at": caller.now,
        "version": 1,
    }


def _apply(
    uow: LettersUnitOfWork,
    caller: Caller,
    it: letter.Letter,
    part: outgoing.Outgoing,
    after: DraftLetter,
) -> None:
    """The draft as `after` says; whoever is new in its chain sees it from now on, and
    who left the chain, with all who saw it because of him, no more (api.md 4)."""
    seeing = rows_for(caller.org, it.chain(), None, it.secrecy)
    columns = letter_columns(caller, after)
    uow.letters.correct(it.letter_id, columns)
    for name in ("kind", "subject", "classification_code", "urgency", "secrecy"):
        setattr(it, name, getattr(after, name))
    it.register_unit_id = part.register_unit_id = columns["register_unit_id"]
    it.sender_name, it.invitation = columns["sender_name"], columns["invitation"]
    it.addressees, it.copies = tuple(columns["addressees"]), tuple(after.copies)
    part.signer_position_id = after.signer_position_id
    part.signing_form, part.body_html = after.signing_form, after.body_html
    part.initials, part.recipients = boxes_of(after), recipients_of(after)
    uow.letters.revoke(it.letter_id, reasons_lost(it.secrecy))
    remaining = rows_for(caller.org, it.chain(), None, it.secrecy)
    uow.letters.forget(it.letter_id, rows_lost(seeing, remaining))
    it.unit_ids.clear()  # and the units of those who left hear of it no more
    it.entered = list(it.chain())


def _change_files(
    uow: LettersUnitOfWork,
    caller: Caller,
    letter_id: UUID,
    before: DraftLetter,
    after: DraftLetter,
) -> None:
    old, new = before.file_ids, after.file_ids
    if old == new:
        return
    uow.files.detach(letter_id, [one for one in old if one not in new])
    fresh = [one for one in new if one not in old]
    uow.files.attach(fresh, uploaded_by=caller.actor.key, letter_id=letter_id)
    uow.files.order(new)
