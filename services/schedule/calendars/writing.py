"""Activities as an RFC 5545 calendar.

Times are UTC, so that no reader needs a zone of ours; whole days are dates. The UID is the activity's id and
never changes; SEQUENCE is its version. What is off the schedule stays, CANCELLED: a
reader who has it must learn that it is off.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from icalendar import Calendar, Event, vText

from contracts import schedule
from contracts.schedule import ActivityState, Visibility
from contracts.schedule_calendars import PublicActivity
from services.schedule.domain.span import local_date

BUSY = "Sibuk"
REFRESH = timedelta(hours=1)
_OFF = frozenset({ActivityState.CANCELLED, ActivityState.POSTPONED})
_STATUS = {
    ActivityState.PROPOSED: "TENTATIVE",
    ActivityState.TENTATIVE: "TENTATIVE",
    ActivityState.CONFIRMED: "CONFIRMED",
    ActivityState.COMPLETED: "CONFIRMED",
    ActivityState.POSTPONED: "CANCELLED",
    ActivityState.CANCELLED: "CANCELLED",
}
_CLASS = {
    Visibility.PUBLIC: "PUBLIC",
    Visibility.INTERNAL: "PRIVATE",
    Visibility.BUSY_ONLY: "CONFIDENTIAL",
}
_ESCAPES = (("\\", r"\\"), (";", r"\;"), (",", r"\,"), ("\r\n", r"\n"), ("\n", r"\n"))
Shown = schedule.Activity | PublicActivity


class Line(vText):  # type: ignore[misc]  # the library is not typed
    """Text as RFC 5545 3.3.11 escapes it; the library's own takes a written ``\\N``,
    as in a folder's name, for a line break."""

    def to_ical(self) -> bytes:
        text = str(self)
        for plain, escaped in _ESCAPES:
            text = text.replace(plain, escaped)
        return text.encode()


def written(name: str, events: Iterable[Event]) -> str:
    """The calendar's text; the same events give the same bytes."""
    calendar: Any = Calendar()
    calendar.add("prodid", "-//Rakat//e-Jadwal//ID")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", "Asia/Makassar")
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for event in events:
        calendar.add_component(event)
    return str(calendar.to_ical().decode())


def busy_event(activity: schedule.Activity) -> Event:
    """Taken time, whatever the reader might know."""
    return _event(activity, BUSY, {"class": "PRIVATE"})


def full_event(activity: schedule.Activity) -> Event:
    """What the reader may see; masked, it is taken time."""
    if activity.masked:
        return busy_event(activity)
    place = activity.place
    return _event(
        activity,
        activity.title,
        {
            "class": _CLASS[activity.visibility],
            "categories": [activity.kind.value],
            "location": Line(place.name) if place else None,
            "url": place.online_url if place else None,
            "description": Line(_description(activity)),
        },
    )


def public_event(activity: PublicActivity) -> Event:
    told = [f"Penyelenggara: {activity.organiser_unit_name}", _open_end(activity)]
    return _event(
        activity,
        activity.title,
        {
            "class": "PUBLIC",
            "location": Line(activity.place_name or ""),
            "description": Line("\n".join(filter(None, told))),
        },
    )


def _event(activity: Shown, title: str, more: dict[str, Any]) -> Event:
    event: Any = Event()
    event.add("uid", f"{activity.activity_id}@rakat")
    event.add("sequence", activity.version)
    # Of a published event DTSTAMP is when it last changed: bytes stay, ETags hold.
    event.add("dtstamp", _utc(activity.updated_at))
    event.add("created", _utc(activity.created_at))
    event.add("last-modified", _utc(activity.updated_at))
    at = local_date if activity.all_day else _utc
    event.add("dtstart", at(activity.starts_at))
    event.add("dtend", at(activity.ends_at or activity.assumed_ends_at))
    event.add("summary", Line(title))
    event.add("status", _STATUS[activity.state])
    event.add("transp", "OPAQUE" if _takes_time(activity) else "TRANSPARENT")
    for key, value in more.items():
        if value:
            event.add(key, value)
    return event


def _takes_time(activity: Shown) -> bool:
    """What is only asked for takes nobody's time yet."""
    return activity.state not in (*_OFF, ActivityState.PROPOSED)


def _description(activity: schedule.Activity) -> str:
    people = ", ".join(line.title for line in activity.participants)
    things = ", ".join(item.name for item in activity.resources)
    told = [
        f"Penyelenggara: {activity.organiser_unit_name}",
        f"Peserta: {people}" if people else None,
        f"Ruang dan kendaraan: {things}" if things else None,
        f"Pakaian: {activity.dress_code}" if activity.dress_code else None,
        f"Narahubung: {activity.contact}" if activity.contact else None,
        _open_end(activity),
        f"Keterangan: {activity.reason}" if activity.reason else None,
    ]
    return "\n".join(filter(None, told))


def _open_end(activity: Shown) -> str | None:
    return None if activity.ends_at else "Sampai dengan selesai"


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(microsecond=0)
