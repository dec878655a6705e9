"""PATCH: a change of time, people or things is checked like a new activity."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from msgspec import UNSET, structs

from contracts import schedule
from contracts.errors import invalid
from contracts.schedule_events import ActivityChanged
from contracts.schedule_requests import ParticipantRequest, PlacePatch, UpdateActivity
from services.schedule.domain.activity import Activity, Attendee, ask_again
from services.schedule.domain.keepers import Caller, require_kept
from services.schedule.domain.representation import fall_back
from services.schedule.domain.transitions import LIVE, Act
from services.schedule.domain.voice import require_voice
from services.schedule.events import publish
from services.schedule.placing import prepare
from services.schedule.unit_of_work import UnitOfWork
from services.schedule.use_cases.acting import changeable
from services.schedule.use_cases.admission import admit, ask_keepers
from services.schedule.use_cases.booking import place_again
from services.schedule.use_cases.drafting import (
    attendees_of,
    equipment_of,
    override_of,
    require_unit,
)
from services.schedule.views.activities import present

_PLAIN = ("title", "kind", "starts_at", "ends_at", "organiser_unit_id", "visibility")
_OPTIONAL = ("external_ref", "all_day", "dress_code", "contact")
_TRAVEL = {
    "travel_minutes_before": "travel_before",
    "travel_minutes_after": "travel_after",
}
_TIMES = ("starts_at", "ends_at")
_TELLING = ("title", "visibility", "place", "dress_code", "contact")
_ANNOUNCING = frozenset({"visibility", "organiser_unit_id"})
_TIME = frozenset({"kind", "starts_at", "ends_at", *_TRAVEL})
_LINES = _TIME | {"participants", "resource_ids"}


@dataclass
class Change:
    """What a patch really changed, and which lines are new or newly binding."""

    fields: tuple[str, ...] = ()
    removed: tuple[UUID, ...] = ()
    asked: tuple[Attendee, ...] = ()
    added: frozenset[UUID] = frozenset()  # rooms and vehicles

    @property
    def moves(self) -> bool:
        return bool(_TIME.intersection(self.fields))

    @property
    def touches_lines(self) -> bool:
        return bool(_LINES.intersection(self.fields))


def update_activity(
    uow: UnitOfWork,
    caller: Caller,
    activity_id: UUID,
    request: UpdateActivity,
    expected_version: int | None,
) -> schedule.Activity:
    """Raises: NotFound, Forbidden, Stale, Invalid, Conflict."""
    activity = changeable(uow, caller, activity_id, expected_version=expected_version)
    activity.act(Act.UPDATE, caller.now)
    override = override_of(caller, request.override or None, binds=activity.confirmed)
    activity.override = override or activity.override
    change = apply_patch(uow, caller, activity, request)
    if activity.confirmed:
        require_kept(caller, change.asked, overriding=bool(override))
    admit_change(uow, caller, activity, change)
    warnings = _store(uow, caller, activity, change, overriding=bool(override))
    publish(
        uow,
        caller.org,
        ActivityChanged,
        activity,
        caller.signature(activity.position_ids),
        changes=change.fields,
        removed_position_ids=change.removed,
    )
    if change.moves or change.added:
        ask_keepers(uow, caller, activity)
    return present(activity, caller, warnings)


def admit_change(
    uow: UnitOfWork, caller: Caller, activity: Activity, change: Change
) -> None:
    """A keeper who agreed, agreed to another time."""
    if change.moves:
        admit(uow, caller, activity)
    elif change.added:
        admit(uow, caller, activity, only=change.added)


def _store(
    uow: UnitOfWork,
    caller: Caller,
    activity: Activity,
    change: Change,
    *,
    overriding: bool,
) -> list[schedule.Clash]:
    if activity.state not in LIVE or not (change.touches_lines or overriding):
        if change.touches_lines:
            prepare(uow, activity, caller.org)  # who is meant, though no time is taken
        uow.activities.save(activity)
        return []
    if change.moves:
        activity.blocked, activity.alternatives = False, []
    signed = caller.signature(activity.position_ids)
    return place_again(
        uow,
        caller,
        activity,
        signed,
        settled=change.moves or overriding,
        overriding=overriding,
    )


def apply_patch(
    uow: UnitOfWork, caller: Caller, activity: Activity, request: UpdateActivity
) -> Change:
    """Put the patch on a locked activity; what it changed.

    Raises: Invalid, Forbidden ``not_organiser``.
    """
    if request.organiser_unit_id is not UNSET:
        require_unit(caller.org, request.organiser_unit_id)
    change = Change(fields=_changed(activity, request))
    if _ANNOUNCING.intersection(change.fields):
        require_voice(caller, activity)
    _require_hidden(activity, change)
    activity.span  # noqa: B018  the new times are checked here
    before = {line.position_id: line for line in activity.attendees}
    if request.participants is not UNSET:
        _replace_attendees(caller, activity, request.participants, change)
    if request.resource_ids is not UNSET:
        _replace_equipment(uow, activity, request.resource_ids, change)
    if not activity.lines:
        raise invalid("/participants", "Isi peserta, ruang, atau kendaraan")
    if change.moves:
        ask_again(activity.attendees)
        change.asked = tuple(activity.binding())
    else:
        change.asked = tuple(_newly_binding(activity, before))
    return change


def _require_hidden(activity: Activity, change: Change) -> None:
    """Nothing of a restricted letter is told by renaming its activity."""
    for name in _TELLING:
        if activity.restricted and name in change.fields:
            raise invalid(f"/{name}", "Kegiatan dari surat terbatas hanya memuat waktu")


def _changed(activity: Activity, request: UpdateActivity) -> tuple[str, ...]:
    """Of an activity that takes whole days another hour of the same day is none."""
    known = {name: getattr(activity, name) for name in _TIMES}
    named = [name for name in _set_plain(activity, request) if name not in _TIMES]
    activity.fill_days()
    moved = [name for name in _TIMES if getattr(activity, name) != known[name]]
    return (*named, *moved)


def _set_plain(activity: Activity, request: UpdateActivity) -> Iterable[str]:
    names = dict.fromkeys((*_PLAIN, *_OPTIONAL))
    for name, attribute in {**{key: key for key in names}, **_TRAVEL}.items():
        value: Any = getattr(request, name)
        if value is not UNSET and value != getattr(activity, attribute):
            setattr(activity, attribute, value)
            yield name
    if request.place is not UNSET:
        place = _merged(activity.place, request.place)
        if place != activity.place:
            activity.place = place
            yield "place"


def _merged(
    place: schedule.Place | None, patch: PlacePatch | None
) -> schedule.Place | None:
    """JSON Merge Patch of an object: what the patch does not name stays."""
    if patch is None:
        return None
    named = {
        name: value
        for name in patch.__struct_fields__
        if (value := getattr(patch, name)) is not UNSET
    }
    return structs.replace(place or schedule.Place(), **named)


def _replace_attendees(
    caller: Caller,
    activity: Activity,
    wanted: list[ParticipantRequest],
    change: Change,
) -> None:
    """Who stays keeps his answer, unless who goes was sent in his stead; a new role is
    put on the same line."""
    known = {line.position_id: line for line in activity.attendees}
    lines: list[Attendee] = []
    changed = False
    for fresh in attendees_of(caller.org, wanted):
        line = known.get(fresh.position_id)
        changed |= line is None or line.role is not fresh.role
        if line is not None:
            fresh = _with_role(line, fresh)
        lines.append(fresh)
    change.removed = tuple(sorted(set(known) - {line.position_id for line in lines}))
    if changed or change.removed:
        activity.attendees = lines
        fall_back(activity)  # with whoever went, his going instead of others
        change.fields = (*change.fields, "participants")


def _with_role(line: Attendee, fresh: Attendee) -> Attendee:
    fresh.response, fresh.note = line.response, line.note
    fresh.represented_by, fresh.represents = line.represented_by, line.represents
    fresh.from_letter, fresh.decided_at = line.from_letter, line.decided_at
    fresh.key, fresh.standing = line.key, line.standing
    return fresh


def _replace_equipment(
    uow: UnitOfWork, activity: Activity, wanted: list[UUID], change: Change
) -> None:
    before = {item.resource_id: item for item in activity.equipment}
    after = [before.get(item.resource_id, item) for item in equipment_of(uow, wanted)]
    ids = {item.resource_id for item in after}
    if set(before) != ids:
        activity.equipment = after
        change.added = frozenset(ids - set(before))
        change.fields = (*change.fields, "resource_ids")


def _newly_binding(
    activity: Activity, before: dict[UUID, Attendee]
) -> Iterable[Attendee]:
    for line in activity.binding():
        old = before.get(line.position_id)
        if old is None or not old.would_bind:
            yield line
