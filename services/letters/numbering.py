"""Which number an outgoing letter has or would get: templates met with its facts."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from contracts import codec
from contracts.actor import ActorRef
from contracts.errors import invalid
from contracts.letters import NumberPreview
from services.letters import reference
from services.letters.caller import Caller
from services.letters.domain import outgoing_number
from services.letters.domain.letter import Letter
from services.letters.domain.outgoing_number import Template, Values
from services.letters.ids import id_at
from services.letters.repository_numbers import Numbers
from services.letters.unit_of_work import LettersUnitOfWork


def is_numbered(uow_session: Any, kind: str) -> bool:
    """Notes, announcements and the like carry no number."""
    items = reference.items(uow_session, "kinds")
    return next((bool(one["numbered"]) for one in items if one["code"] == kind), True)


def template_of(numbers: Numbers, caller: Caller, it: Letter) -> Template:
    signer = it.outgoing.signer_position_id if it.outgoing else None
    position = caller.org.position(signer)
    if position is None:
        return outgoing_number.USUAL
    units = (position.unit_id, *caller.org.units_above(position.unit_id))
    return outgoing_number.choose(
        numbers.templates(),
        kind=it.kind,
        units=units,
        signer_position_id=position.position_id,
    )


def printed(caller: Caller, it: Letter, pattern: str, seq: int, day: date) -> str:
    signer = it.outgoing.signer_position_id if it.outgoing else None
    position = caller.org.position(signer)
    unit = caller.org.unit(position.unit_id) if position else None
    values = Values(
        seq=seq,
        day=day,
        secrecy=it.secrecy,
        classification=it.classification_code,
        unit_code=outgoing_number.unit_code(unit.code) if unit else None,
    )
    return outgoing_number.render(pattern, values)


def preview(session: Any, caller: Caller, it: Letter) -> NumberPreview:
    """The number it has, or the next one of its series."""
    if it.number is not None:
        return NumberPreview(number=it.number, provisional=False)
    if not is_numbered(session, it.kind):
        return NumberPreview(number=None, provisional=True)
    numbers = Numbers(session)
    row = numbers.of_letter(it.letter_id)
    if row is not None:  # bound by a signing that failed
        text = printed(caller, it, row["pattern"], row["seq"], row["dated_on"])
        return NumberPreview(number=text, provisional=True)
    template = template_of(numbers, caller, it)
    day = outgoing_number.today(caller.now)
    seq = numbers.last(it.register_unit_id, template.series, day.year) + 1
    text = printed(caller, it, template.pattern, seq, day)
    return NumberPreview(number=text, provisional=True)


# ---- binding ------------------------------------------------------------------------


def bind(
    uow: LettersUnitOfWork,
    caller: Caller,
    it: Letter,
    by: ActorRef,
    reservation_id: UUID | None,
) -> tuple[str | None, date]:
    """Fix number and date to this letter; the same ones again after a failed signing.

    Raises: Invalid ``/reservation_id``; Conflict ``number_taken``.
    """
    row: Any = uow.numbers.of_letter(it.letter_id)
    if row is None and reservation_id is None and not is_numbered(uow.session, it.kind):
        return None, outgoing_number.today(caller.now)
    if row is None:
        row = _reserved(uow, it, reservation_id) if reservation_id else None
    elif reservation_id not in (None, row["number_id"]):
        raise invalid("/reservation_id", "Surat ini sudah terikat nomor lain")
    if row is None:
        row = _taken(uow, caller, it, by)
    pattern = _pattern(uow, caller, it, row)
    number = printed(caller, it, pattern, row["seq"], row["dated_on"])
    uow.numbers.bind(row["number_id"], it.letter_id, number, pattern)
    return number, row["dated_on"]


def _pattern(uow: LettersUnitOfWork, caller: Caller, it: Letter, row: Any) -> str:
    """Who signs was not known when a number was reserved: his own pattern prints it,
    unless it counts in another series."""
    if row["letter_id"] is None:
        template = template_of(uow.numbers, caller, it)
        if template.series == row["series"]:
            return template.pattern
    return str(row["pattern"])


def _reserved(uow: LettersUnitOfWork, it: Letter, reservation_id: UUID) -> Any:
    row = uow.numbers.lock_reserved(reservation_id, it.register_unit_id)
    if row is None:
        raise invalid("/reservation_id", "Pesanan nomor tidak dikenal atau terpakai")
    if row["kind"] != it.kind:
        raise invalid("/reservation_id", "Nomor dipesan untuk jenis naskah lain")
    return row


def _taken(
    uow: LettersUnitOfWork, caller: Caller, it: Letter, by: ActorRef
) -> dict[str, Any]:
    """The next number of the series, with today's date."""
    template = template_of(uow.numbers, caller, it)
    day = outgoing_number.today(caller.now)
    row = {
        "number_id": id_at(caller.now),
        "register_unit_id": it.register_unit_id,
        "series": template.series,
        "year": day.year,
        "seq": uow.numbers.take(it.register_unit_id, template.series, day.year),
        "pattern": template.pattern,
        "kind": it.kind,
        "dated_on": day,
        "created_by": codec.dump(by),
        "created_at": caller.now,
        "letter_id": it.letter_id,
    }
    uow.numbers.add(**row)
    return row
