"""Register an incoming letter: number, root tasks, warnings about duplicates."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from contracts import codec
from contracts.codec import ZONE
from contracts.directory import Duty
from contracts.errors import Conflict, FieldError, Forbidden, Invalid
from contracts.letters import (
    Action,
    Direction,
    Letter,
    Notice,
    RegisterLetter,
    Role,
    Secrecy,
)
from services.letters import reference, views, views_letters, views_similar
from services.letters.caller import Caller
from services.letters.domain import due, letter, numbering
from services.letters.domain.task import Task
from services.letters.ids import id_at, ids_at
from services.letters.unit_of_work import LettersUnitOfWork
from services.letters.use_cases.concluding import conclude_new

CLOCKS_DIFFER_BY = timedelta(minutes=10)


def register_letter(
    uow: LettersUnitOfWork, caller: Caller, body: RegisterLetter
) -> Letter:
    register_unit_id, registrar = _register_of(caller, body)
    _check(uow, caller, body)
    number = _number(uow, caller, register_unit_id)
    new = _letter(caller, body, number, register_unit_id, registrar)
    by = caller.ref(
        caller.org.held(caller.actor.person_id, registrar, caller.now)
        if caller.actor.client is None
        else None
    )
    new.record(Action.REGISTERED, agenda_number=new.agenda_number)
    facts = _facts(caller, body, new, number)
    conclude_new(uow, caller, new, by, {**facts, "created_by": codec.dump(by)})
    _claim(uow, caller, new, body)
    uow.files.attach(
        body.file_ids, uploaded_by=caller.actor.key, letter_id=new.letter_id
    )
    answer = views_letters.one(uow.session, caller, new.letter_id)
    answer.warnings = [
        Notice(code="possible_duplicate", letter_id=one)
        for one in views_similar.duplicates(uow.session, caller, body, new.letter_id)
    ]
    answer.warnings += warnings_of(body)
    return answer


def _claim(
    uow: LettersUnitOfWork, caller: Caller, new: letter.Letter, body: RegisterLetter
) -> None:
    """What an application sent before is named, where it may know of that letter.

    Raises: Conflict ``external_ref_taken``.
    """
    external = body.external_ref
    if caller.actor.client is None or external is None:
        return
    first = uow.letters.claim(new, external.system, external.id)
    if first is not None:
        known: dict[str, Any] = (
            {"letter_id": str(first)} if _sees(uow, caller, first) else {}
        )
        raise Conflict("external_ref_taken", **known)


def warnings_of(body: RegisterLetter) -> list[Notice]:
    """Letters do bear a later day than the one they come on, but rarely: more often
    the year was typed wrong. The registrar looks, nobody is refused."""
    received_on = body.received_at.astimezone(ZONE).date()
    is_later = body.dated_on is not None and body.dated_on > received_on
    return [Notice(code="dated_later")] if is_later else []


def _register_of(caller: Caller, body: RegisterLetter) -> tuple[UUID, UUID]:
    """Whose register it goes to and who registers it.

    A registrar registers for the positions of his register, a client for those of
    its unit. Raises: Invalid for unknown positions, Forbidden ``outside_register``.
    """
    _check_positions(caller, body)
    client = caller.actor.client
    if client is not None:
        _check_client_units(caller, body, client.unit_id)
        register = caller.org.register_unit_of(body.addressees[0])
        registrar = _stand_in(caller, register, client.unit_id)
    else:
        held = caller.acting()
        position = caller.org.position(held.position_id)
        register = caller.org.register_unit_of(held.position_id)
        registrar = held.position_id
        if position is None or position.duty is not Duty.REGISTRAR:
            raise Forbidden("outside_register", position_id=str(registrar))
    outside = [
        str(one)
        for one in body.addressees
        if caller.org.register_unit_of(one) != register
    ]
    if outside or register is None:
        raise Forbidden("outside_register", position_ids=outside)
    return register, registrar


def _check_client_units(caller: Caller, body: RegisterLetter, unit_id: UUID) -> None:
    """A client registers to positions of its own unit and the units below only."""
    units = {unit_id, *caller.org.units_below(unit_id)}
    outside = [
        str(one)
        for one in body.addressees
        if getattr(caller.org.position(one), "unit_id", None) not in units
    ]
    if outside or body.secrecy.rank >= Secrecy.RAHASIA.rank:
        raise Forbidden("outside_register", position_ids=outside)


def _stand_in(caller: Caller, register: UUID | None, unit_id: UUID) -> UUID:
    """The office that answers for what a client registered: the register's
    registrar, else the head of the unit."""
    found = [
        *(caller.org.registrars_of(register) if register else ()),
        *caller.org.with_duty(unit_id, Duty.HEAD),
    ]
    if not found:
        raise Forbidden("outside_register", unit_id=str(unit_id))
    return found[0].position_id


def _check_positions(caller: Caller, body: RegisterLetter) -> None:
    errors: list[FieldError] = []
    seen: set[UUID] = set()
    for field, ids in (("addressees", body.addressees), ("copies", body.copies)):
        for index, position_id in enumerate(ids):
            if caller.org.position(position_id) is None:
                errors.append(_error(f"/{field}/{index}", "Jabatan tidak dikenal"))
            elif position_id in seen:
                errors.append(_error(f"/{field}/{index}", "Jabatan disebut dua kali"))
            seen.add(position_id)
    if errors:
        raise Invalid(errors=errors)


def _check(uow: LettersUnitOfWork, caller: Caller, body: RegisterLetter) -> None:
    """What the schema cannot know. Raises: Invalid naming every wrong field."""
    check_facts(uow, caller, body)
    if body.secrecy is Secrecy.SANGAT_RAHASIA and body.file_ids:
        message = "Surat sangat rahasia tidak disimpan sebagai berkas"
        raise Invalid("paper_only", errors=[_error("/file_ids", message)])


def check_facts(
    uow: LettersUnitOfWork,
    caller: Caller,
    body: RegisterLetter,
    *,
    only: Collection[str] | None = None,
) -> None:
    """`only`: fields to complain of; what stands from before is not judged again.

    Raises: Invalid naming every wrong field.
    """
    errors = [*_wrong_codes(uow, body), *_wrong_facts(caller, body)]
    if body.replies_to is not None and not _sees(uow, caller, body.replies_to):
        errors.append(_error("/replies_to", "Surat tidak dikenal"))
    errors = [
        one for one in errors if only is None or one["field"].split("/")[1] in only
    ]
    if errors:
        raise Invalid(errors=errors)


def _wrong_codes(uow: LettersUnitOfWork, body: RegisterLetter) -> Iterable[FieldError]:
    kinds = {
        one["code"]
        for one in reference.items(uow.session, "kinds")
        if one.get("incoming", True)
    }
    if body.kind not in kinds:
        yield _error("/kind", "Jenis naskah tidak dikenal")
    code = body.classification_code
    if code and code not in reference.codes(uow.session, "classifications"):
        yield _error("/classification_code", "Kode klasifikasi tidak dikenal")


def _wrong_facts(caller: Caller, body: RegisterLetter) -> Iterable[FieldError]:
    if body.received_at > caller.now + CLOCKS_DIFFER_BY:
        yield _error("/received_at", "Waktu terima belum terjadi")
    if body.sender.unit_id and caller.org.unit(body.sender.unit_id) is None:
        yield _error("/sender/unit_id", "Unit kerja tidak dikenal")
    given = body.invitation
    if given and given.ends_at and given.ends_at <= given.starts_at:
        yield _error("/invitation/ends_at", "Selesai harus sesudah mulai")


def _sees(uow: LettersUnitOfWork, caller: Caller, letter_id: UUID) -> bool:
    return views.sees_letter(uow.session, caller.reaches(), letter_id)


def _number(
    uow: LettersUnitOfWork, caller: Caller, register_unit_id: UUID
) -> numbering.AgendaNumber:
    year = numbering.register_year(caller.now)
    seq = uow.letters.next_agenda_seq(register_unit_id, Direction.INCOMING, year)
    return numbering.AgendaNumber(Direction.INCOMING, seq, year)


def _letter(
    caller: Caller,
    body: RegisterLetter,
    number: numbering.AgendaNumber,
    register_unit_id: UUID,
    registrar: UUID,
) -> letter.Letter:
    new = letter.Letter(
        letter_id=id_at(caller.now),
        direction=Direction.INCOMING,
        kind=body.kind,
        number=body.number,
        agenda_number=str(number),
        register_unit_id=register_unit_id,
        registrar_position_id=registrar,
        sender_name=body.sender.name,
        subject=body.subject,
        classification_code=body.classification_code,
        urgency=body.urgency,
        secrecy=body.secrecy,
        addressees=tuple(body.addressees),
        copies=tuple(body.copies),
        received_at=body.received_at,
        invitation=codec.dump(body.invitation) if body.invitation else None,
    )
    due_at = due.due_by_urgency(body.received_at, body.urgency)
    ids = iter(ids_at(caller.now, len(body.addressees) + len(body.copies)))
    for position_id in body.addressees:
        new.give(_root(caller, next(ids), position_id, Role.HANDLE)).due_at = due_at
    for position_id in body.copies:
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


def _facts(
    caller: Caller,
    body: RegisterLetter,
    new: letter.Letter,
    number: numbering.AgendaNumber,
) -> dict[str, Any]:
    same = (
        "letter_id direction kind number agenda_number register_unit_id"
        " registrar_position_id sender_name subject classification_code urgency"
        " secrecy received_at invitation"
    )
    external = body.external_ref
    return {
        **{name: getattr(new, name) for name in same.split()},
        "dated_on": body.dated_on,
        "summary": body.summary,
        "sender_unit_id": body.sender.unit_id,
        "sender_address": body.sender.address,
        "secrecy_rank": body.secrecy.rank,
        "agenda_seq": number.seq,
        "agenda_year": number.year,
        "addressees": list(new.addressees),
        "copies": list(new.copies),
        "replies_to": body.replies_to,
        "external_system": external.system if external else None,
        "external_id": external.id if external else None,
        "due_at": due.due_by_urgency(body.received_at, body.urgency),
        "created_at": caller.now,
        "version": 1,
    }


def _error(field: str, message: str) -> FieldError:
    return {"field": field, "message": message}
