"""The end of every act: tasks, letter, visibility, trail and events, in this order."""

from __future__ import annotations

from uuid import UUID

from contracts import codec
from contracts.actor import ActorRef
from services.letters.caller import Caller
from services.letters.domain.audit import ORIGIN, TrailLine, seal
from services.letters.domain.letter import Letter, Record
from services.letters.domain.visibility import Why, rows_for
from services.letters.publishing import Publishing
from services.letters.unit_of_work import LettersUnitOfWork


def conclude(
    uow: LettersUnitOfWork, caller: Caller, letter: Letter, by: ActorRef | None
) -> None:
    """Write what the act changed on an existing letter."""
    letter.mark_end(caller.now)
    letter.mark_progress(caller.now)
    lines = _trail(letter, caller, by)
    new = set(map(id, letter.given))
    changed = {
        record.task.task_id: record.task
        for record in letter.records
        if record.task is not None and id(record.task) not in new
    }
    visible = _take_in(caller, letter)
    uow.letters.save(letter, changed.values())
    uow.letters.append_trail(lines)
    if visible:
        uow.letters.grant(letter.letter_id, visible, caller.now)
    _publish(uow, caller, letter, by, lines)


def conclude_new(
    uow: LettersUnitOfWork,
    caller: Caller,
    letter: Letter,
    by: ActorRef,
    facts: dict[str, object],
) -> None:
    """Write a letter that was just registered; `facts`: its unchanging columns."""
    letter.mark_end(caller.now)
    letter.mark_progress(caller.now)
    lines = _trail(letter, caller, by)
    visible = _take_in(caller, letter)
    uow.letters.add(letter, facts)
    uow.letters.add_tasks(letter)
    uow.letters.append_trail(lines)
    if visible:
        uow.letters.grant(letter.letter_id, visible, caller.now)
    _publish(uow, caller, letter, by, lines)


def _trail(letter: Letter, caller: Caller, by: ActorRef | None) -> list[TrailLine]:
    actor = codec.dump(by) if by else None
    return [_seal_next(letter, caller, record, actor) for record in letter.records]


def _seal_next(
    letter: Letter, caller: Caller, record: Record, actor: dict[str, object] | None
) -> TrailLine:
    """One line after the last, and the letter's head moved to it."""
    letter.trail_seq += 1
    values = {
        "letter_id": letter.letter_id,
        "seq": letter.trail_seq,
        "at": caller.now,
        "action": record.action.value,
        "actor": actor,
        "task_id": record.task.task_id if record.task else None,
        "detail": codec.dump(record.detail),
        "prev_hash": letter.trail_hash or ORIGIN,
    }
    letter.trail_hash = seal(TrailLine(**values))
    return TrailLine(**values, hash=letter.trail_hash)


def _take_in(caller: Caller, letter: Letter) -> dict[UUID, Why]:
    """Whoever the act brought into the chain sees the letter from now on."""
    recipients = [*(task.position_id for task in letter.given), *letter.entered]
    is_first_act = letter.trail_seq == len(letter.records)
    registering = letter.registrar_position_id if is_first_act else None
    for position_id in (*recipients, registering):
        position = caller.org.position(position_id)
        if position is not None:
            letter.unit_ids.add(position.unit_id)
    return rows_for(caller.org, recipients, registering, letter.secrecy)


def _publish(
    uow: LettersUnitOfWork,
    caller: Caller,
    letter: Letter,
    by: ActorRef | None,
    lines: list[TrailLine],
) -> None:
    acting = by.position.position_id if by and by.position else None
    wishes = uow.instructions if letter.given else {}
    publishing = Publishing(letter, caller.org, wishes, acting, caller.now)
    subject = f"letter/{letter.letter_id}"
    for record, line in zip(letter.records, lines, strict=True):
        event = publishing.event(record)
        if event is not None:
            uow.publish(event, subject=subject, actor=by, sequence=line.seq)
