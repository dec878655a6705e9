"""Who stands in for whom: whoever is represented, is so by somebody who is to come."""

from __future__ import annotations

from uuid import UUID

from contracts.schedule import Response
from services.schedule.domain.activity import Activity, Attendee


def send(activity: Activity, line: Attendee, position_id: UUID) -> Attendee:
    """The line of who comes instead: an own one, or a new one that binds."""
    other = activity.attendee(position_id)
    if other is None:
        other = Attendee(position_id, line.role, represents=line.position_id)
        activity.attendees.append(other)
    other.response, other.represented_by = Response.ATTENDING, None
    return other


def dismiss_representative(activity: Activity, line: Attendee) -> None:
    """Whoever was sent for this line, and only for it, need not come any more; nor
    whom he sent himself."""
    line.represented_by = None
    for sent in [x for x in activity.attendees if x.represents == line.position_id]:
        others = [
            other.position_id
            for other in activity.attendees
            if other.represented_by == sent.position_id
        ]
        if others:
            sent.represents = others[0]
        else:
            activity.attendees.remove(sent)
            dismiss_representative(activity, sent)


def fall_back(activity: Activity) -> list[Attendee]:
    """Lines whose representative left or declined: they are asked again themselves,
    and take their own time."""
    alone = [line for line in activity.attendees if _is_alone(activity, line)]
    for line in alone:
        line.response, line.represented_by = Response.PENDING, None
        line.decided_at = None
    for line in activity.attendees:
        if line.represents is not None and not _stands_in(activity, line):
            line.represents = None
    return alone


def _is_alone(activity: Activity, line: Attendee) -> bool:
    if line.response is not Response.REPRESENTED:
        return False
    sent = activity.attendee(line.represented_by) if line.represented_by else None
    return sent is None or sent.response is Response.NOT_ATTENDING


def _stands_in(activity: Activity, line: Attendee) -> bool:
    return any(
        other.position_id == line.represents
        and other.represented_by == line.position_id
        for other in activity.attendees
    )
