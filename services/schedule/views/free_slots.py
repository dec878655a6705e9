"""When several people, rooms and vehicles are all free: four queries, by keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from uuid import UUID

from contracts.errors import invalid
from contracts.fields import EARLIEST_YEAR, LATEST_YEAR
from contracts.schedule import Resource, Slot
from contracts.schedule_slots import MOST_DAYS, FreeSlots, FreeSlotsQuery
from services.schedule.domain.activity import Equipment
from services.schedule.domain.keepers import Caller
from services.schedule.domain.lines import Bookable, bookable_of, resource_bookable
from services.schedule.domain.slots import NO_KEY, Claim, earliest
from services.schedule.domain.span import Span, day_start, local_date, parse_when
from services.schedule.unit_of_work import UnitOfWork
from services.schedule.use_cases.drafting import equipment_among, require_positions


def list_free_slots(
    uow: UnitOfWork, caller: Caller, query: FreeSlotsQuery
) -> FreeSlots:
    """Raises: Invalid."""
    if not query.position_ids and not query.resource_ids:
        raise invalid("/position_ids", "Isi jabatan, ruang, atau kendaraan")
    fields = [f"/position_ids/{index}" for index in range(len(query.position_ids))]
    require_positions(caller.org, query.position_ids, fields)
    within = _bounds(query)
    resources = uow.resources.find(query.resource_ids)
    equipment = equipment_among(resources, query.resource_ids)
    within = Span(max(within.start, caller.now), within.end)
    if within.start >= within.end or not _in_use(resources):
        return FreeSlots(slots=[], more=False)
    bound_on = _bookables(caller, query, equipment)
    keys = uow.bookings.known_keys(
        {item for day in _days(within) for item in bound_on(day)}
    )
    reach = within.widened(query.travel_minutes_before, query.travel_minutes_after)

    @cache
    def claims(day: date) -> Sequence[Claim]:
        return [
            replace(claim, key=keys.get(item, NO_KEY))
            for item, claim in bound_on(day).items()
        ]

    found = earliest(
        within,
        timedelta(minutes=query.duration_minutes),
        claims,
        uow.bookings.busy(list(keys.values()), reach, None),
        count=query.limit + 1,
        any_hour=not query.working_hours,
    )
    return FreeSlots(
        slots=[
            Slot(starts_at=slot.start, ends_at=slot.end)
            for slot in found[: query.limit]
        ],
        more=len(found) > query.limit,
    )


def _in_use(things: Mapping[UUID, Resource]) -> bool:
    """A thing that is lent no longer is never free."""
    return all(thing.active for thing in things.values())


def _bounds(query: FreeSlotsQuery) -> Span:
    start = parse_when(query.from_, "/from")
    end = parse_when(query.to, "/to", end=True)
    if start is None or end is None:
        raise invalid("/from", "Isi awal dan akhir rentang")
    for field, at in (("/from", start), ("/to", end)):
        if not EARLIEST_YEAR <= at.year <= LATEST_YEAR:
            raise invalid(field, "Tanggal di luar jangkauan")
    if end <= start:
        raise invalid("/to", "Akhir rentang harus sesudah awalnya")
    if end - start > timedelta(days=MOST_DAYS):
        raise invalid("/to", f"Rentang paling lama {MOST_DAYS} hari")
    return Span(start, end)


def _bookables(
    caller: Caller, query: FreeSlotsQuery, equipment: list[Equipment]
) -> Callable[[date], dict[Bookable, Claim]]:
    """Whose time a slot of a day takes, with the travel it needs: an office's holder
    may change within the range, though only at midnight of a day to come."""
    travelling = Claim(NO_KEY, query.travel_minutes_before, query.travel_minutes_after)
    things = {
        resource_bookable(item.resource_id): replace(
            travelling if item.travels else Claim(NO_KEY), hours=item.hours
        )
        for item in equipment
    }

    @cache
    def bound_on(day: date) -> dict[Bookable, Claim]:
        at = max(day_start(day), caller.now)
        people = {
            bookable_of(caller.org, position_id, at): travelling
            for position_id in query.position_ids
        }
        return {**people, **things}

    return bound_on


def _days(within: Span) -> list[date]:
    first, last = local_date(within.start), local_date(within.end)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
