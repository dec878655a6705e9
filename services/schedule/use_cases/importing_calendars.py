"""A calendar file into one position's time: each occurrence booked, or told why not.

UID and recurrence id are the key: the same file again changes nothing, a changed file
changes what differs. Only what clashes or cannot be read is left out; the rest is kept.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from uuid import UUID

import msgspec
import sqlalchemy as sa
from msgspec import UNSET

from contracts import schedule
from contracts.errors import Conflict, Forbidden, NotFound, invalid
from contracts.schedule import (
    ActivityExternalRef,
    ActivityKind,
    ActivityState,
    Clash,
    ParticipantRole,
    Place,
    Visibility,
)
from contracts.schedule_calendars import (
    ImportedEvent,
    ImportOutcome,
    ImportQuery,
    ImportReport,
)
from contracts.schedule_events import ActivityChanged
from contracts.schedule_requests import (
    ActOnActivity,
    ConfirmActivity,
    CreateActivity,
    ParticipantRequest,
    PlacePatch,
    UpdateActivity,
)
from services.schedule import tables
from services.schedule.calendars.occurrence import Occurrence
from services.schedule.calendars.reading import Reading
from services.schedule.calendars.sifting import Unreadable
from services.schedule.domain.activity import Activity
from services.schedule.domain.keepers import Caller
from services.schedule.domain.lines import bookable_of
from services.schedule.domain.span import LONGEST
from services.schedule.events import publish
from services.schedule.unit_of_work import UnitOfWork
from services.schedule.use_cases.acting import cancel_activity, confirm_activity
from services.schedule.use_cases.changing import update_activity
from services.schedule.use_cases.creating import create_activity

OURS = "@rakat"
_OPEN = frozenset(
    {ActivityState.PROPOSED, ActivityState.TENTATIVE, ActivityState.CONFIRMED}
)
_STORED = frozenset(
    {ImportOutcome.CREATED, ImportOutcome.UPDATED, ImportOutcome.CANCELLED}
)
_SEVERAL = 2
_A = tables.activity.c
Act = Callable[[], tuple[ImportOutcome, schedule.Activity | None]]


def import_activities(
    uow: UnitOfWork, caller: Caller, query: ImportQuery, reading: Reading
) -> ImportReport:
    """Raises: Invalid, Forbidden ``not_schedule_keeper``."""
    position_id, found = _position(caller, query), reading.found
    _lock(uow, caller, position_id, found)
    known = _known(uow, position_id, found)
    items = [
        _Import(uow, caller, position_id, item, known.get(_key(item))).run()
        for item in found
    ]
    _tell_as_one(uow, caller, position_id, items)
    items += map(_invalid, reading.invalid)
    if query.dry_run:
        for item in items:
            if item.outcome is ImportOutcome.CREATED:
                item.activity_id = None
    counted = Counter(item.outcome for item in items)
    return ImportReport(
        position_id=position_id,
        dry_run=query.dry_run,
        read_from=reading.start,
        read_until=reading.until,
        outside=reading.outside,
        counts={outcome: counted[outcome] for outcome in ImportOutcome},
        items=items,
    )


def _invalid(event: Unreadable) -> ImportedEvent:
    return ImportedEvent(
        uid=event.uid,
        recurrence_id=None,
        title=event.title,
        starts_at=event.starts_at,
        ends_at=None,
        outcome=ImportOutcome.INVALID,
        reason=event.reason,
    )


def _tell_as_one(
    uow: UnitOfWork, caller: Caller, position_id: UUID, items: Sequence[ImportedEvent]
) -> None:
    """Whose calendar it is hears of a file once, not of hundreds of activities."""
    done = [item.activity_id for item in items if item.outcome in _STORED]
    known = [activity_id for activity_id in done if activity_id]
    if len(known) < _SEVERAL:
        return
    uow.add_to_events(known, imported_into=str(position_id))
    (named,) = uow.activities.find(known[:1])
    publish(
        uow,
        caller.org,
        ActivityChanged,
        named,
        caller.signature(named.position_ids),
        imported_into=position_id,
        imported=len(known),
    )


def _position(caller: Caller, query: ImportQuery) -> UUID:
    if caller.is_client or not caller.acting:
        raise Forbidden
    position_id = query.position_id or caller.acting[0].position_id
    if caller.org.position(position_id) is None:
        raise invalid("/position_id", "Jabatan ini tidak dikenal")
    if position_id not in caller.kept:
        raise Forbidden("not_schedule_keeper", position_ids=[str(position_id)])
    return position_id


def _lock(
    uow: UnitOfWork, caller: Caller, position_id: UUID, found: Sequence[Occurrence]
) -> None:
    """Everybody whose time it will take, at once and exclusively: two imports of the
    same calendar take turns, and no later change waits for a lock it shares."""
    wanted = {bookable_of(caller.org, position_id, item.starts_at) for item in found}
    uow.bookings.lock(uow.bookings.keys_of(wanted).values(), exclusive=True)


def _known(
    uow: UnitOfWork, position_id: UUID, found: Sequence[Occurrence]
) -> dict[str, Activity]:
    query = sa.select(tables.activity).where(
        _A.external_system == _system(position_id),
        _A.external_id.in_({_key(item) for item in found}),
    )
    activities = uow.activities.complete(uow.session.execute(query).all())
    return {each.external_ref.id: each for each in activities if each.external_ref}


def _system(position_id: UUID) -> str:
    """The same meeting stands in many calendars: once in each."""
    return f"ics:{position_id}"


def _key(item: Occurrence) -> str:
    """A UID may be long and of any letters."""
    when = item.recurrence_id.isoformat() if item.recurrence_id else ""
    return hashlib.sha256(f"{item.uid}\n{when}".encode()).hexdigest()


class _Import:
    """One occurrence, in a savepoint of its own."""

    def __init__(
        self,
        uow: UnitOfWork,
        caller: Caller,
        position_id: UUID,
        item: Occurrence,
        known: Activity | None,
    ) -> None:
        self._uow, self._caller = uow, caller
        self._position_id, self._item, self._known = position_id, item, known

    def run(self) -> ImportedEvent:
        if reason := self._unfit():
            return self._told(ImportOutcome.SKIPPED, reason=reason)
        try:
            with self._uow.savepoint():
                outcome, activity = self._act()()
        except Conflict as error:
            return self._refused(error)
        except (Forbidden, NotFound):
            reason = "Kegiatan ini sudah diurus orang lain"
            return self._told(ImportOutcome.SKIPPED, reason=reason)
        warnings = activity.warnings if activity else []
        activity_id = activity.activity_id if activity else None
        return self._told(outcome, activity_id=activity_id, warnings=warnings)

    def _unfit(self) -> str | None:
        item = self._item
        if item.uid.endswith(OURS):
            return "Berasal dari Rakat"
        if item.ends_at and item.ends_at - item.starts_at > LONGEST:
            return "Lebih lama dari 366 hari"
        if item.cancelled and self._known is None:
            return "Dibatalkan"
        if item.free and self._known is None:
            return "Tidak menyita waktu"
        return None

    def _act(self) -> Act:
        known = self._known
        if known is None:
            return self._create
        if known.state not in _OPEN:  # off or over: people's word stands
            return self._keep
        return self._cancel if self._item.cancelled or self._item.free else self._update

    def _create(self) -> tuple[ImportOutcome, schedule.Activity]:
        item = self._item
        position = self._caller.org.position(self._position_id)
        assert position is not None  # noqa: S101  asked before
        request = CreateActivity(
            title=item.title,
            kind=ActivityKind.LAINNYA,
            starts_at=item.starts_at,
            ends_at=item.ends_at,
            organiser_unit_id=position.unit_id,
            state="tentative" if item.tentative else "confirmed",
            visibility=self._visibility,
            place=Place(name=item.place) if item.place else None,
            all_day=item.all_day,
            participants=[
                ParticipantRequest(
                    position_id=self._position_id, role=ParticipantRole.HOST
                )
            ],
            external_ref=ActivityExternalRef(
                system=_system(self._position_id), id=_key(item)
            ),
        )
        made = create_activity(self._uow, self._caller, request)
        return ImportOutcome.CREATED, made

    def _cancel(self) -> tuple[ImportOutcome, schedule.Activity]:
        known_id = self._known_id
        done = cancel_activity(self._uow, self._caller, known_id, ActOnActivity())
        return ImportOutcome.CANCELLED, done

    def _update(self) -> tuple[ImportOutcome, schedule.Activity | None]:
        patch, done = self._patch(), None
        if patch is not None:
            done = update_activity(self._uow, self._caller, self._known_id, patch, None)
        if self._settles():
            done = confirm_activity(
                self._uow, self._caller, self._known_id, ConfirmActivity()
            )
        return (ImportOutcome.UPDATED, done) if done else self._keep()

    def _keep(self) -> tuple[ImportOutcome, None]:
        return ImportOutcome.UNCHANGED, None

    def _settles(self) -> bool:
        known = self._known
        waits = known is not None and known.state is not ActivityState.CONFIRMED
        return waits and not self._item.tentative

    def _patch(self) -> UpdateActivity | None:
        """What the file says otherwise; None when it says the same."""
        item, known = self._item, self._known
        wanted = {
            "title": item.title,
            "starts_at": item.starts_at,
            "ends_at": item.ends_at,
            "visibility": self._visibility,
            "all_day": item.all_day,
        }
        changes = {
            name: value
            for name, value in wanted.items()
            if value != getattr(known, name)
        }
        patch = UpdateActivity(**changes)  # type: ignore[arg-type]
        place = known.place.name if known and known.place else None
        if place != item.place:
            patch.place = PlacePatch(name=item.place)
        return patch if changes or patch.place is not UNSET else None

    @property
    def _known_id(self) -> UUID:
        assert self._known is not None  # noqa: S101  `_act` asked
        return self._known.activity_id

    @property
    def _visibility(self) -> Visibility:
        return Visibility.BUSY_ONLY if self._item.hidden else Visibility.INTERNAL

    def _refused(self, error: Conflict) -> ImportedEvent:
        if error.code != "schedule_conflict":
            reason = "Sudah tercatat dengan keadaan lain"
            return self._told(ImportOutcome.SKIPPED, reason=reason)
        conflicts = msgspec.convert(error.facts["conflicts"], list[Clash])
        return self._told(ImportOutcome.CLASH, conflicts=conflicts)

    def _told(
        self,
        outcome: ImportOutcome,
        *,
        activity_id: UUID | None = None,
        reason: str | None = None,
        conflicts: Sequence[Clash] = (),
        warnings: Sequence[Clash] = (),
    ) -> ImportedEvent:
        known_id = self._known.activity_id if self._known else None
        return ImportedEvent(
            uid=self._item.uid,
            recurrence_id=self._item.recurrence_id,
            title=self._item.title,
            starts_at=self._item.starts_at,
            ends_at=self._item.ends_at,
            outcome=outcome,
            activity_id=activity_id or known_id,
            reason=reason,
            conflicts=list(conflicts),
            warnings=list(warnings),
            read_until=self._item.read_until,
        )
