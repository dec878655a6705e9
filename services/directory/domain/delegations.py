"""What a holder may lend to another position, and for how long."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from chassis.organisation import with_included
from contracts.codec import ZONE
from contracts.directory import CreateDelegation, Delegation, Right
from contracts.errors import invalid


def delegate(
    request: CreateDelegation,
    *,
    delegation_id: UUID,
    position_id: UUID,
    given_by: UUID,
    now: datetime,
    version: int,
) -> Delegation:
    """A new delegation of `position_id`. Raises: Invalid."""
    if request.to_position_id == position_id:
        raise invalid("/to_position_id", "Jabatan yang sama.")
    starts_at = _instant(request.starts, "/from", last=False) or now
    ends_at = _instant(request.until, "/until", last=True)
    if ends_at is not None and ends_at <= max(starts_at, now):
        raise invalid("/until", "Batas akhir harus setelah awal dan belum lewat.")
    return Delegation(
        delegation_id=delegation_id,
        position_id=position_id,
        to_position_id=request.to_position_id,
        rights=tuple(
            right for right in Right if right in with_included(request.rights)
        ),
        starts_at=starts_at,
        ends_at=ends_at,
        include_secret=request.include_secret,
        given_by=given_by,
        version=version,
    )


def _instant(text: str | None, field: str, *, last: bool) -> datetime | None:
    """An instant, or a whole day: its beginning, or its end where it is the last."""
    if text is None:
        return None
    try:
        if len(text) == len("2026-11-24"):
            day = date.fromisoformat(text) + timedelta(days=int(last))
            instant = datetime(day.year, day.month, day.day, tzinfo=ZONE)
        else:
            instant = datetime.fromisoformat(text)
        if instant.tzinfo is None or not 1900 <= instant.year <= 2200:
            raise ValueError(text)
    except (ValueError, OverflowError):
        raise invalid(field, "Bukan tanggal atau waktu dengan zona.") from None
    return instant
