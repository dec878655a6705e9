"""Who may be appointed for how long, and from which instant it counts.

The dates are the decree's. In force is what the instants say: from midnight in the
regency's zone to the midnight after the last day, cut short by an immediate end.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import msgspec

from contracts.codec import ZONE
from contracts.directory import (
    AppointedCapacity,
    Assignment,
    CreateAssignment,
    EndAssignment,
)
from contracts.errors import Conflict, Invalid, invalid

TERM_MONTHS = 3
TERMS = 2
#: A shorter pause does not begin a new count of an acting official's terms.
PAUSE = timedelta(days=30)

_MUST_END = frozenset({AppointedCapacity.PLT, AppointedCapacity.PLH})


@dataclass(frozen=True, order=True, slots=True)
class Term:
    """First and last day in office."""

    starts_on: date
    ends_on: date


def midnight(day: date) -> datetime:
    """When `day` begins in the regency."""
    return datetime(day.year, day.month, day.day, tzinfo=ZONE)


def day_of(instant: datetime) -> date:
    return instant.astimezone(ZONE).date()


def after_months(day: date, months: int) -> date:
    """The same day `months` later, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def appoint(
    request: CreateAssignment,
    *,
    assignment_id: UUID,
    version: int,
    not_before: datetime | None = None,
) -> Assignment:
    """A new assignment. `not_before`: when the predecessor of that day left.

    Raises: Invalid.
    """
    _check_dates(request)
    starts_at = midnight(request.starts_on)
    return Assignment(
        assignment_id=assignment_id,
        person_id=request.person_id,
        position_id=request.position_id,
        capacity=request.capacity,
        starts_on=request.starts_on,
        ends_on=request.ends_on,
        starts_at=max(starts_at, not_before) if not_before else starts_at,
        ends_at=_end_of(request.ends_on) if request.ends_on else None,
        decree=request.decree,
        version=version,
    )


def _check_dates(request: CreateAssignment) -> None:
    if request.ends_on is None:
        if request.capacity in _MUST_END:
            raise invalid("/ends_on", "Plt dan Plh memerlukan tanggal akhir.")
    elif request.ends_on < request.starts_on:
        raise invalid("/ends_on", "Tanggal akhir mendahului tanggal mulai.")


def check_acting_terms(new: Term, earlier: Iterable[Term]) -> None:
    """A Plt serves three months, extended once by three.

    A term inside another one (a corrected entry) does not count beside it.

    Raises: Invalid ``acting_term_too_long``.
    """
    terms = _unbroken(new, _outermost([*earlier, new]))
    too_long = any(_longer(term, TERM_MONTHS) for term in terms)
    whole = Term(terms[0].starts_on, terms[-1].ends_on)
    if too_long or len(terms) > TERMS or _longer(whole, TERM_MONTHS * TERMS):
        raise Invalid(
            "acting_term_too_long",
            errors=[
                {
                    "field": "/ends_on",
                    "message": "Plt paling lama 3 bulan, diperpanjang sekali 3 bulan.",
                }
            ],
        )


def _outermost(terms: Iterable[Term]) -> list[Term]:
    """Sorted, without those that lie inside another."""
    found: list[Term] = []
    for term in sorted(
        terms, key=lambda each: (each.starts_on, -each.ends_on.toordinal())
    ):
        if not found or term.ends_on > found[-1].ends_on:
            found.append(term)
    return found


def _longer(term: Term, months: int) -> bool:
    return term.ends_on > after_months(term.starts_on, months)


def _unbroken(new: Term, terms: list[Term]) -> list[Term]:
    """The run of terms without a real pause that covers `new`."""
    run: list[Term] = []
    for term in terms:
        if run and term.starts_on > run[-1].ends_on + PAUSE:
            if run[-1].ends_on >= new.ends_on:
                break
            run = []
        run.append(term)
    return run


def end(
    assignment: Assignment, request: EndAssignment, *, now: datetime, version: int
) -> Assignment:
    """The assignment as it ends by `request`; never later than it would anyway.

    Raises: Conflict ``illegal_transition`` when it is over; Invalid.
    """
    if assignment.ends_at is not None and assignment.ends_at <= now:
        raise Conflict("illegal_transition", state="ended")
    ends_on, ends_at = _wanted_end(assignment, request, now)
    return msgspec.structs.replace(
        assignment, ends_on=ends_on, ends_at=ends_at, version=version
    )


def _wanted_end(
    assignment: Assignment, request: EndAssignment, now: datetime
) -> tuple[date, datetime]:
    if request.immediately == (request.ends_on is not None):
        raise invalid("/ends_on", "Isi ends_on atau immediately, salah satu.")
    if request.ends_on is None:
        today = max(assignment.starts_on, day_of(now))
        return min(today, assignment.ends_on or today), max(assignment.starts_at, now)
    if request.ends_on < assignment.starts_on:
        raise invalid("/ends_on", "Tanggal akhir mendahului tanggal mulai.")
    if assignment.ends_on is not None and request.ends_on > assignment.ends_on:
        raise invalid(
            "/ends_on", "Masa tugas hanya diperpanjang dengan penugasan baru."
        )
    # a decree that comes late ends the office now, not in the past
    late = max(assignment.starts_at, now)
    return request.ends_on, max(_end_of(request.ends_on), late)


def _end_of(last_day: date) -> datetime:
    return midnight(last_day + timedelta(days=1))
