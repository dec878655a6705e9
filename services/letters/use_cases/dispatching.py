"""A signed letter goes out: in the house it is an incoming letter at once.

In one transaction every register that has recipients gets its own incoming letter, with
its own agenda number and root tasks, linked both ways and sharing the blobs. Counters
are moved in the order of their registers, so that two dispatches cannot wait for each
other.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from chassis.organisation import Held
from contracts import codec
from contracts.actor import ActorRef
from contracts.errors import Conflict, Forbidden, invalid
from contracts.letters import (
    Action,
    AttachScan,
    Direction,
    Letter,
    LetterState,
    Role,
    Secrecy,
    SigningMethod,
)
from services.letters import views_letters
from services.letters.caller import Caller
from services.letters.domain import due, letter, numbering, outgoing_review
from services.letters.domain.outgoing import Outgoing, Recipient
from services.letters.domain.task import Task
from services.letters.ids import id_at, ids_at
from services.letters.unit_of_work import LettersUnitOfWork
from services.letters.use_cases.concluding import conclude, conclude_new
from services.letters.use_cases.finding import lock_letter


def dispatch_letter(
    uow: LettersUnitOfWork, caller: Caller, letter_id: UUID, *, force: bool = False
) -> Letter:
    """By the signer, the drafter or a registrar of the register. A letter to be
    signed with ink is not sent on before the ink is seen, unless by `force`.

    Raises: Forbidden; Conflict ``illegal_transition``, ``scan_missing``,
    ``recipient_gone``.
    """
    it = lock_letter(uow, caller, letter_id)
    held = _sender(caller, it)
    part = outgoing_review.of(it, LetterState.SIGNED, now=caller.now)
    only_paper = it.secrecy is Secrecy.SANGAT_RAHASIA
    if part.scan_missing and not only_paper and not force:
        raise Conflict("scan_missing")
    by, facts = caller.ref(held), uow.letters.facts(letter_id)
    shared = _shared_files(uow, it, part)
    born = []
    for register, recipients in sorted(_by_register(caller, part).items()):
        new = _birth(uow, caller, it, facts, register, recipients, by)
        uow.files.share(
            shared,
            letter_id=new.letter_id,
            uploaded_by=caller.actor.key,
            ids=ids_at(caller.now, len(shared)),
        )
        for one in recipients:
            one.became = new.letter_id
        born.append(new.letter_id)
    it.state, part.dispatched_at = LetterState.DISPATCHED, caller.now
    part.enter(None, caller.now)
    outside = sum(one.position_id is None for one in part.recipients)
    it.record(Action.DISPATCHED, letter_ids=[str(one) for one in born], outside=outside)
    conclude(uow, caller, it, by)
    return views_letters.one(uow.session, caller, letter_id)


def attach_scan(
    uow: LettersUnitOfWork, caller: Caller, letter_id: UUID, body: AttachScan
) -> Letter:
    """The sheet signed with ink, once; also where the letter has arrived already.

    Raises: Forbidden, Invalid, Conflict.
    """
    it = lock_letter(uow, caller, letter_id)
    held = _sender(caller, it)
    sent = (LetterState.SIGNED, LetterState.DISPATCHED)
    part = outgoing_review.of(it, *sent, now=caller.now)
    if part.method is not SigningMethod.NONE or part.scan_file_id is not None:
        raise Conflict("illegal_transition", state=it.state.value)
    if it.secrecy is Secrecy.SANGAT_RAHASIA:
        raise invalid("/file_id", "Surat ini hanya disimpan di kertas", "paper_only")
    arrived = [uow.letters.lock(one) for one in uow.letters.born_of(letter_id)]
    key = caller.actor.key
    uow.files.attach([body.file_id], uploaded_by=key, letter_id=letter_id)
    part.scan_file_id = body.file_id
    it.record(Action.SCAN_ATTACHED, file_id=str(body.file_id))
    conclude(uow, caller, it, caller.ref(held))
    for born in arrived:
        if born.secrecy is not Secrecy.SANGAT_RAHASIA:
            _bring_scan(uow, caller, born, body.file_id, caller.ref(held))
    return views_letters.one(uow.session, caller, letter_id)


def _bring_scan(
    uow: LettersUnitOfWork,
    caller: Caller,
    born: letter.Letter,
    file_id: UUID,
    by: ActorRef,
) -> None:
    """In front of what came with the letter, as if it had been there at dispatch."""
    present = uow.files.of_letter(born.letter_id)
    (new_id,) = ids_at(caller.now, 1)
    uow.files.share(
        [file_id],
        letter_id=born.letter_id,
        uploaded_by=caller.actor.key,
        ids=[new_id],
    )
    uow.files.order([new_id, *present])
    born.record(Action.SCAN_ATTACHED, file_id=str(new_id))
    conclude(uow, caller, born, by)


def _sender(caller: Caller, it: letter.Letter) -> Held:
    registrars = caller.org.registrars_of(it.register_unit_id)
    offices = {one.position_id for one in registrars}
    if it.registrar_position_id is not None:
        offices.add(it.registrar_position_id)
    if it.outgoing is not None:
        offices.add(it.outgoing.signer_position_id)
    held = caller.acts_among(offices, it.secrecy)
    if held is None:
        raise Forbidden("forbidden", reason="not_sender")
    return held


# ---- the letters it becomes -----------------------------------------------------------


def _by_register(caller: Caller, part: Outgoing) -> dict[UUID, list[Recipient]]:
    """Raises: Conflict ``recipient_gone`` for an office that is no more."""
    found: dict[UUID, list[Recipient]] = {}
    gone = []
    for one in part.recipients:
        if one.position_id is None:
            continue
        register = caller.org.register_unit_of(one.position_id)
        if register is None:
            gone.append(str(one.position_id))
        else:
            found.setdefault(register, []).append(one)
    if gone:
        raise Conflict("recipient_gone", position_ids=gone)
    return found


def _birth(
    uow: LettersUnitOfWork,
    caller: Caller,
    it: letter.Letter,
    facts: sa.RowMapping,
    register: UUID,
    recipients: list[Recipient],
    by: ActorRef,
) -> letter.Letter:
    year = numbering.register_year(caller.now)
    seq = uow.letters.next_agenda_seq(register, Direction.INCOMING, year)
    number = numbering.AgendaNumber(Direction.INCOMING, seq, year)
    new = _incoming(caller, it, register, recipients, str(number))
    new.record(
        Action.REGISTERED,
        agenda_number=new.agenda_number,
        source_letter_id=str(it.letter_id),
    )
    new.settle(None, caller.now)  # who only gets a copy has nothing to handle
    columns = {
        **_columns(caller, it, new, facts),
        "agenda_seq": seq,
        "agenda_year": year,
        "created_by": codec.dump(by),
        "replies_to": _answered(uow, facts),
    }
    conclude_new(uow, caller, new, by, columns)
    return new


def _incoming(
    caller: Caller,
    it: letter.Letter,
    register: UUID,
    recipients: list[Recipient],
    agenda_number: str,
) -> letter.Letter:
    registrars = caller.org.registrars_of(register)
    to = [one.position_id for one in recipients if not one.copy and one.position_id]
    copies = [one.position_id for one in recipients if one.copy and one.position_id]
    new = letter.Letter(
        letter_id=id_at(caller.now),
        direction=Direction.INCOMING,
        kind=it.kind,
        number=it.number,
        agenda_number=agenda_number,
        register_unit_id=register,
        registrar_position_id=registrars[0].position_id if registrars else None,
        sender_name=it.sender_name,
        subject=it.subject,
        classification_code=it.classification_code,
        urgency=it.urgency,
        secrecy=it.secrecy,
        addressees=tuple(to),
        copies=tuple(copies),
        received_at=caller.now,
        invitation=it.invitation,
    )
    due_at = due.due_by_urgency(caller.now, it.urgency)
    ids = iter(ids_at(caller.now, len(to) + len(copies)))
    for position_id in to:
        new.give(_root(caller, next(ids), position_id, Role.HANDLE)).due_at = due_at
    for position_id in copies:
        new.give(_root(caller, next(ids), position_id, Role.INFORM))
    return new


def _root(caller: Caller, task_id: UUID, position_id: UUID, role: Role) -> Task:
    return Task(
        task_id=task_id,
        position_id=position_id,
        role=role,
        created_at=caller.now,
        since=caller.now,
    )


def _columns(
    caller: Caller, it: letter.Letter, new: letter.Letter, facts: sa.RowMapping
) -> dict[str, Any]:
    same = (
        "letter_id direction kind number agenda_number register_unit_id"
        " registrar_position_id sender_name subject classification_code urgency"
        " secrecy received_at invitation"
    )
    from_source = "dated_on summary sender_unit_id secrecy_rank"
    return {
        **{name: getattr(new, name) for name in same.split()},
        **{name: facts[name] for name in from_source.split()},
        "addressees": list(new.addressees),
        "copies": list(new.copies),
        "source_letter_id": it.letter_id,
        "due_at": due.due_by_urgency(caller.now, it.urgency),
        "created_at": caller.now,
        "version": 1,
    }


def _answered(uow: LettersUnitOfWork, facts: sa.RowMapping) -> UUID | None:
    """A reply to a letter that was born of one of ours answers that one there."""
    if facts["replies_to"] is None:
        return None
    source: UUID | None = uow.letters.facts(facts["replies_to"])["source_letter_id"]
    return source


def _shared_files(
    uow: LettersUnitOfWork, it: letter.Letter, part: Outgoing
) -> list[UUID]:
    """The signed sheet first, then what was attached; not what it was made from."""
    main = part.scan_file_id or part.final_file_id
    own = [
        one
        for one in uow.files.of_letter(it.letter_id)
        if one not in (part.final_file_id, part.scan_file_id)
    ]
    attached = own if part.body_html is not None else own[1:]
    return [*([main] if main else []), *attached]
