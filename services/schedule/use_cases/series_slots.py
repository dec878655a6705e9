"""Where else a series that met something would fit as a whole: one query."""

from __future__ import annotations

from collections.abc import Sequence

from contracts.schedule import Recurrence, Slot
from services.schedule.domain.activity import Activity
from services.schedule.domain.keepers import Caller
from services.schedule.domain.series_slots import fitting, reach
from services.schedule.placing import claims_of
from services.schedule.placing_series import ManyLines, binding
from services.schedule.unit_of_work import UnitOfWork


def other_times(
    uow: UnitOfWork,
    caller: Caller,
    activities: Sequence[Activity],
    lines: ManyLines,
    recurrence: Recurrence,
    *,
    hours: bool = True,
) -> list[Slot]:
    """Times of the first date, at which all of them are free when they move as far.
    Their own lines must not lie on the schedule."""
    laid = binding(lines)
    wanted = [
        (each.span, claims_of(each, laid[each.activity_id])) for each in activities
    ]
    keys = {claim.key for _, claims in wanted for claim in claims}
    busy = uow.bookings.busy(sorted(keys), reach(wanted), None)
    weekly = "FREQ=WEEKLY" in (recurrence.rrule or "").upper()
    found = fitting(wanted, busy, caller.now, weekly=weekly, hours=hours)
    return [Slot(starts_at=slot.start, ends_at=slot.end) for slot in found]
