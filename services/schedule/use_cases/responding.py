"""A participant's answer: attend, decline, or send another in one's stead."""

from __future__ import annotations

from uuid import UUID

from contracts import schedule
from contracts.actor import ActorRef
from contracts.errors import Forbidden, NotFound, invalid
from contracts.schedule import Response
from contracts.schedule_events import ParticipantResponded
from contracts.schedule_requests import RespondToActivity
from services.schedule.domain.activity import Activity, Attendee
from services.schedule.domain.keepers import Caller, keepers_of_all, organisers_of, sees
from services.schedule.domain.representation import (
    dismiss_representative,
    fall_back,
    send,
)
from services.schedule.domain.transitions import Act
from services.schedule.events import publish
from services.schedule.unit_of_work import UnitOfWork
from services.schedule.use_cases.booking import place_again, place_what_fits
from services.schedule.use_cases.drafting import require_position
from services.schedule.views.activities import present, subject_of


def respond_to_activity(
    uow: UnitOfWork,
    caller: Caller,
    activity_id: UUID,
    position_id: UUID,
    request: RespondToActivity,
) -> schedule.Activity:
    """`represented` frees the one and books the other, or changes nothing. Whoever was
    sent and declines, is not refused for who sent him: that one is asked again.

    Raises: NotFound, Forbidden ``not_schedule_keeper``, Invalid, Conflict.
    """
    activity = uow.activities.get(activity_id, lock=True)
    line = _own_line(caller, activity, position_id)
    response = Response(request.response)
    _require_coherent(caller, line, request)
    activity.act(Act.RESPOND, caller.now)
    _answer(activity, line, response, request, caller)
    alone = fall_back(activity)
    signed = caller.signature((position_id,))
    warnings = _place(uow, caller, activity, signed, line, fallen=bool(alone))
    publish(
        uow,
        caller.org,
        ParticipantResponded,
        activity,
        signed,
        position_id=position_id,
        response=response,
        represented_by=line.represented_by,
        note=line.note,
        deserted_organiser_ids=_organisers(caller, activity),
        unrepresented_position_ids=tuple(one.position_id for one in alone),
        unrepresented_keeper_ids=tuple(sorted(keepers_of_all(caller.org, alone))),
    )
    return present(activity, caller, warnings)


def _place(
    uow: UnitOfWork,
    caller: Caller,
    activity: Activity,
    signed: ActorRef,
    line: Attendee,
    *,
    fallen: bool,
) -> list[schedule.Clash]:
    if fallen:
        return place_what_fits(uow, caller, activity)
    answered = {line.position_id, line.represented_by or line.position_id}
    return place_again(
        uow, caller, activity, signed, settled=False, retry=frozenset(answered)
    )


def _organisers(caller: Caller, activity: Activity) -> tuple[UUID, ...]:
    """Who decides what becomes of it, when nobody comes any more."""
    if not activity.deserted:
        return ()
    return tuple(sorted(organisers_of(caller.org, activity.organiser_unit_id)))


def _own_line(caller: Caller, activity: Activity, position_id: UUID) -> Attendee:
    line = activity.attendee(position_id)
    if line is None or not sees(caller, subject_of(activity)):
        raise NotFound
    if position_id not in caller.kept:
        raise Forbidden("not_schedule_keeper", position_ids=[str(position_id)])
    return line


def _require_coherent(
    caller: Caller, line: Attendee, request: RespondToActivity
) -> None:
    """A representative is kept by the caller, or stands below who sends him."""
    other = request.represented_by
    if (request.response == "represented") != (other is not None):
        raise invalid("/represented_by", "Isi wakil bila, dan hanya bila, diwakilkan")
    if other is None:
        return
    require_position(caller.org, other, "/represented_by")
    if other == line.position_id:
        raise invalid("/represented_by", "Tidak dapat mewakili diri sendiri")
    below = caller.org.is_above(line.position_id, other)
    if not below and other not in caller.kept:
        raise Forbidden("not_schedule_keeper", position_ids=[str(other)])


def _answer(
    activity: Activity,
    line: Attendee,
    response: Response,
    request: RespondToActivity,
    caller: Caller,
) -> None:
    dismiss_representative(activity, line)
    line.response, line.note = response, request.note
    line.represented_by, line.decided_at = request.represented_by, caller.now
    if request.represented_by is not None:
        send(activity, line, request.represented_by).decided_at = caller.now
