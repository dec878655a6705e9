"""Who may look over many letters at once, and over which time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from chassis.organisation import Held, Organisation
from contracts.codec import ZONE
from contracts.directory import Duty
from contracts.errors import invalid
from contracts.fields import EARLIEST_YEAR, LATEST_YEAR

LEADERS = frozenset({Duty.HEAD, Duty.DEPUTY, Duty.SECRETARY, Duty.ASSISTANT})
USUAL, LONGEST = timedelta(days=30), timedelta(days=366)
UNREAD_AFTER = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """Days of registration, both counted."""

    first: date
    last: date

    @property
    def starts_at(self) -> datetime:
        return datetime.combine(self.first, time.min, ZONE)

    @property
    def ends_at(self) -> datetime:
        """The first instant after it."""
        return datetime.combine(self.last + timedelta(days=1), time.min, ZONE)


def period(first: date | None, last: date | None, now: datetime) -> Period:
    """The last 30 days when nothing is said. Raises: Invalid."""
    for field, day in (("/from", first), ("/to", last)):
        if day and not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
            raise invalid(field, "Tanggal di luar jangkauan")
    last = last or now.astimezone(ZONE).date()
    first = first or last - USUAL + timedelta(days=1)
    if first > last:
        raise invalid("/to", "Akhir harus sesudah awal")
    if last - first >= LONGEST:
        raise invalid("/from", "Paling lama 366 hari")
    return Period(first, last)


def leads(org: Organisation, held: Held) -> bool:
    """An office that leads, held by oneself: what is lent is for single letters."""
    position = org.position(held.position_id)
    return held.own and position is not None and position.duty in LEADERS


def group_of(org: Organisation, position_id: UUID, narrowed: bool) -> UUID | None:
    """The unit an office counts for: its agency, or within one agency its own."""
    position = org.position(position_id)
    if position is None:
        return None
    return position.unit_id if narrowed else org.register_unit_of(position_id)
