"""How long an activity claims time: open ends, travel buffers, half-open ranges.

"Until finished" must still protect the hours somebody will really be there, and no
more: an assumed length per kind (`contracts.lengths`), not midnight, because a leader's
evening would be lost to every open-ended meeting.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from contracts.codec import ZONE
from contracts.errors import invalid
from contracts.lengths import assumed
from contracts.schedule import ActivityKind

LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open: back to back is legal."""

    start: datetime
    end: datetime

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end

    def widened(self, before: int, after: int) -> Span:
        """With travel minutes on both sides."""
        return Span(
            self.start - timedelta(minutes=before), self.end + timedelta(minutes=after)
        )

    def moved_to(self, start: datetime) -> Span:
        return Span(start, start + (self.end - self.start))

    @property
    def whole_days(self) -> bool:
        """From local midnight to midnight."""
        return all(at == day_start(local_date(at)) for at in (self.start, self.end))

    @property
    def length(self) -> timedelta:
        return self.end - self.start


def span_of(kind: ActivityKind, starts_at: datetime, ends_at: datetime | None) -> Span:
    """The time an activity claims, before travel.

    Raises: Invalid about ``/ends_at``.
    """
    if ends_at is None:
        return Span(starts_at, assumed_end(kind, starts_at))
    if ends_at <= starts_at:
        raise invalid("/ends_at", "Selesai harus sesudah mulai")
    if ends_at - starts_at > LONGEST:
        raise invalid("/ends_at", "Kegiatan paling lama 366 hari")
    return Span(starts_at, ends_at)


def whole_days(
    starts_at: datetime, ends_at: datetime | None
) -> tuple[datetime, datetime]:
    """From local midnight to midnight of the days named; an end at midnight names the
    day before it, none names the day it starts on.

    Raises: Invalid about ``/ends_at``.
    """
    try:
        start = day_start(local_date(starts_at))
        if ends_at is None or local_date(ends_at) == local_date(starts_at):
            return start, start + timedelta(days=1)
        if ends_at < start:
            raise invalid("/ends_at", "Selesai harus sesudah mulai")
        end = day_start(local_date(ends_at))
        return start, end if end == ends_at else end + timedelta(days=1)
    except OverflowError as error:
        raise invalid("/ends_at", "Tanggal di luar jangkauan") from error


def assumed_end(kind: ActivityKind, starts_at: datetime) -> datetime:
    length = assumed(kind)
    if length is None:
        return day_start(local_date(starts_at) + timedelta(days=1))
    return starts_at + length


def parse_when(text: str | None, field: str, *, end: bool = False) -> datetime | None:
    """A query's instant; a bare date means the local day, as an end all of it.

    Raises: Invalid about `field`.
    """
    if text is None:
        return None
    try:
        if len(text) == len("2026-11-26"):
            day = date.fromisoformat(text)
            return day_start(day + timedelta(days=1) if end else day)
        # a "+" that was not escaped arrives as a space
        at = datetime.fromisoformat(re.sub(r" (?=\d\d:\d\d$)", "+", text))
        local = at if at.tzinfo else at.replace(tzinfo=ZONE)
        return local.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise invalid(field, "Tanggal atau waktu tidak sah") from error


def period(
    begins: str | None, ends: str | None
) -> tuple[datetime | None, datetime | None]:
    """A query's `from` and `to`. Raises: Invalid, also when it ends before it begins."""
    start, end = parse_when(begins, "/from"), parse_when(ends, "/to", end=True)
    if start is not None and end is not None and end < start:
        raise invalid("/to", "Akhir rentang harus sesudah awalnya")
    return start, end


def local_date(at: datetime) -> date:
    return at.astimezone(ZONE).date()


def day_start(day: date) -> datetime:
    return datetime.combine(day, time.min, ZONE)
