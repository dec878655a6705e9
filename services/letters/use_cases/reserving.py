"""Numbers reserved for a past date, and the templates numbers are made by."""

from __future__ import annotations

from uuid import UUID

from chassis.organisation import Held
from contracts import codec
from contracts.directory import Duty
from contracts.errors import FieldError, Forbidden, Invalid, NotFound, invalid
from contracts.letters import (
    NumberTemplate,
    NumberTemplatesQuery,
    PutNumberTemplates,
    Reservation,
    ReservationsQuery,
    ReserveNumber,
)
from contracts.paging import Page
from services.letters import reference, views_numbers
from services.letters.caller import Caller
from services.letters.domain import outgoing_number
from services.letters.ids import id_at, ids_at
from services.letters.unit_of_work import LettersUnitOfWork


def reserve_number(
    uow: LettersUnitOfWork, caller: Caller, unit_id: UUID, body: ReserveNumber
) -> Reservation:
    """By a registrar of this register: the next number of that year's series, never
    one that was left out; sealed with its reason. Raises: Forbidden ``outside_register``, Invalid."""
    held = _registrar(caller, unit_id)
    _check(uow, caller, body)
    units = (unit_id, *caller.org.units_above(unit_id))
    template = outgoing_number.choose(
        [one for one in uow.numbers.templates() if one.signer_position_id is None],
        kind=body.kind,
        units=units,
        signer_position_id=unit_id,  # nobody's: the signer is not known yet
    )
    number_id = id_at(caller.now)
    uow.numbers.reserve(
        number_id=number_id,
        register_unit_id=unit_id,
        series=template.series,
        year=body.dated_on.year,
        seq=uow.numbers.take(unit_id, template.series, body.dated_on.year),
        pattern=template.pattern,
        kind=body.kind,
        dated_on=body.dated_on,
        reason=body.reason,
        created_by=codec.dump(caller.ref(held)),
        created_at=caller.now,
    )
    return views_numbers.reservation(uow.session, number_id)


def list_reservations(
    uow: LettersUnitOfWork, caller: Caller, unit_id: UUID, query: ReservationsQuery
) -> Page[Reservation]:
    """For the registrars of the register, newest first."""
    _registrar(caller, unit_id)
    return views_numbers.reservations(uow.session, unit_id, query)


def list_templates(
    uow: LettersUnitOfWork, caller: Caller, query: NumberTemplatesQuery
) -> Page[NumberTemplate]:
    return views_numbers.templates(uow.session, query)


def put_templates(
    uow: LettersUnitOfWork, caller: Caller, body: PutNumberTemplates
) -> Page[NumberTemplate]:
    """All templates of one unit anew: by an administrator, of a unit also by a
    registrar of its register. Raises: Forbidden, Invalid."""
    held = _require_keeper(caller, body.unit_id)
    _check_templates(uow, caller, body)
    ids = ids_at(caller.now, len(body.items))
    rows = [
        {
            "template_id": template_id,
            "kind": one.kind,
            "signer_position_id": one.signer_position_id,
            "pattern": one.pattern,
            "series": one.series,
        }
        for template_id, one in zip(ids, body.items, strict=True)
    ]
    by = codec.dump(caller.ref(held))
    uow.numbers.replace_templates(body.unit_id, rows, at=caller.now, actor=by)
    query = NumberTemplatesQuery(unit_id=body.unit_id, limit=200)
    return views_numbers.templates(uow.session, query, only_unit=True)


# ---- who ----------------------------------------------------------------------------


def _registrar(caller: Caller, unit_id: UUID) -> Held:
    """Raises: NotFound for no unit; Forbidden ``outside_register``."""
    if caller.org.unit(unit_id) is None:
        raise NotFound
    offices = {one.position_id for one in caller.org.registrars_of(unit_id)}
    for held in caller.held:
        chosen = caller.actor.acting_as in (None, held.position_id)
        if held.position_id in offices and held.delegation_id is None and chosen:
            return held
    raise Forbidden("outside_register", unit_id=str(unit_id))


def _require_keeper(caller: Caller, unit_id: UUID | None) -> Held:
    if caller.actor.client is not None:
        raise Forbidden
    held = caller.acting()
    position = caller.org.position(held.position_id)
    if position is not None and position.duty is Duty.ADMINISTRATOR:
        return held
    unit = caller.org.unit(unit_id)
    if unit is None:
        raise Forbidden
    return _registrar(caller, unit.register_unit_id)


# ---- what ---------------------------------------------------------------------------


def _check(uow: LettersUnitOfWork, caller: Caller, body: ReserveNumber) -> None:
    """A past date of this year or the last one; a kind that is numbered here."""
    today = outgoing_number.today(caller.now)
    if body.dated_on > today:
        raise invalid("/dated_on", "Nomor hanya dipesan untuk hari ini atau yang lalu")
    if body.dated_on.year < today.year - 1:
        raise invalid("/dated_on", "Paling jauh tahun lalu")
    kinds = reference.items(uow.session, "kinds")
    known = {one["code"] for one in kinds if one.get("outgoing") and one["numbered"]}
    if body.kind not in known:
        raise invalid("/kind", "Jenis naskah bernomor tidak dikenal")


def _check_templates(
    uow: LettersUnitOfWork, caller: Caller, body: PutNumberTemplates
) -> None:
    kinds = {one["code"] for one in reference.items(uow.session, "kinds")}
    errors: list[FieldError] = []
    if body.unit_id is not None and caller.org.unit(body.unit_id) is None:
        errors.append({"field": "/unit_id", "message": "Unit kerja tidak dikenal"})
    seen: set[tuple[object, object]] = set()
    for index, one in enumerate(body.items):
        key, where = (one.kind, one.signer_position_id), f"/items/{index}"
        signer = one.signer_position_id
        mistakes = {
            "/pattern": outgoing_number.mistake_in(one.pattern),
            "/kind": _if(one.kind and one.kind not in kinds, "Jenis tidak dikenal"),
            "/signer_position_id": _if(
                signer and caller.org.position(signer) is None, "Jabatan tidak dikenal"
            ),
            "": _if(key in seen, "Jenis dan penanda tangan ini sudah disebut"),
        }
        seen.add(key)
        errors += [
            {"field": where + field, "message": message}
            for field, message in mistakes.items()
            if message
        ]
    if errors:
        raise Invalid(errors=errors)


def _if(wrong: object, message: str) -> str | None:
    return message if wrong else None
