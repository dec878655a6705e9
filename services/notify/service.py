"""notify as a nameko service: parse, call, dump."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.config import Config
from chassis.entrypoints import every, on_event, rpc
from chassis.mongo import Mongo, open_database
from chassis.organisation_copy import OrganisationCopy
from chassis.organisation_copy_mongo import MongoCopyStore
from chassis.organisation_copy_provider import FollowsDirectory, Org
from chassis.providers import Call, Clock
from contracts import codec, notify
from contracts.actor import Actor
from contracts.directory import AssignmentEnded, AssignmentStarted
from contracts.envelope import Envelope
from contracts.errors import Forbidden, NotFound
from contracts.letters import (
    DispositionIssued,
    LetterClosed,
    LetterCompleted,
    LetterCorrected,
    LetterDispatched,
    LetterRedirected,
    LetterRegistered,
    LetterReopened,
    LetterReviewAsked,
    LetterRevisionAsked,
    LetterSecrecyRaised,
    LetterSigned,
    LetterVoided,
    PaperHandedOver,
    PaperReceived,
    TaskCancelled,
    TaskCompleted,
    TaskDueChanged,
    TaskDueSoon,
    TaskOverdue,
    TaskRejected,
    TaskReminded,
    TaskReported,
    TaskReturned,
    TasksTakenOver,
    TaskWithdrawn,
)
from contracts.schedule_events import (
    ActivityBlocked,
    ActivityCancelled,
    ActivityChanged,
    ActivityConfirmed,
    ActivityDisplaced,
    ActivityLetterClosed,
    ActivityProposed,
    ParticipantResponded,
)
from services.notify import retention, telemetry, use_cases, views
from services.notify.idempotency import run_once
from services.notify.indexes import ensure_indexes
from services.notify.repository import Notifications
from services.notify.writer import StreamRelay


def organisation_copy(config: Config, service: str) -> OrganisationCopy:
    """The read copy of the directory lies beside the notifications."""
    return OrganisationCopy(MongoCopyStore(open_database(config, service)))


class Service(FollowsDirectory):
    name = notify.SERVICE

    mongo = Mongo(prepare=ensure_indexes)
    org = Org(organisation_copy)
    call = Call()
    clock = Clock()
    wake = StreamRelay()

    # ---- commands ----------------------------------------------------------------

    @rpc
    def read_notification(
        self, notification_id: str, body: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        wanted = _uuid(notification_id)
        return self._once(
            lambda at: use_cases.read_notification(
                self._notifications,
                person_id=self._person(),
                notification_id=wanted,
                at=at,
            )
        )

    @rpc
    def read_all_notifications(
        self, body: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        return self._once(
            lambda at: use_cases.read_all_notifications(
                self._notifications,
                person_id=self._person(),
                at=at,
            )
        )

    # ---- queries -----------------------------------------------------------------

    @rpc
    def list_notifications(self, query: dict[str, Any] | None = None) -> Any:
        asked = codec.load(notify.NotificationsQuery, query or {})
        page = views.list_notifications(self._notifications, self._person(), asked)
        return codec.dump(page)

    @rpc
    def count_unread(self) -> Any:
        return codec.dump(views.count_unread(self._notifications, self._person()))

    @rpc
    def read_stream(self, after: int, limit: int = notify.STREAM_PAGE_LIMIT) -> Any:
        page = views.read_stream(
            self._notifications, self._person(), after=after, limit=limit
        )
        return codec.dump(page)

    @rpc
    def read_watermarks(self, people: list[str]) -> dict[str, int]:
        """For gateways: how far the streams they hold open may be read."""
        return views.read_watermarks(self._notifications, map(UUID, people))

    # ---- events ------------------------------------------------------------------

    @on_event("letters", LetterRegistered.type)
    @on_event("letters", DispositionIssued.type)
    @on_event("letters", TaskReported.type)
    @on_event("letters", TaskRejected.type)
    @on_event("letters", TaskCompleted.type)
    @on_event("letters", TaskReturned.type)
    @on_event("letters", TaskWithdrawn.type)
    @on_event("letters", TaskCancelled.type)
    @on_event("letters", TaskDueChanged.type)
    @on_event("letters", TaskDueSoon.type)
    @on_event("letters", TaskOverdue.type)
    @on_event("letters", LetterCompleted.type)
    @on_event("letters", LetterClosed.type)
    @on_event("letters", LetterVoided.type)
    @on_event("letters", LetterReviewAsked.type)
    @on_event("letters", LetterRevisionAsked.type)
    @on_event("letters", LetterSigned.type)
    @on_event("letters", LetterDispatched.type)
    @on_event("letters", LetterRedirected.type)
    @on_event("letters", LetterReopened.type)
    @on_event("letters", TaskReminded.type)
    @on_event("letters", TasksTakenOver.type)
    @on_event("letters", PaperHandedOver.type)
    @on_event("letters", PaperReceived.type)
    @on_event("letters", LetterCorrected.type)
    @on_event("letters", LetterSecrecyRaised.type)
    @on_event("schedule", ActivityProposed.type)
    @on_event("schedule", ActivityConfirmed.type)
    @on_event("schedule", ActivityChanged.type)
    @on_event("schedule", ActivityCancelled.type)
    @on_event("schedule", ActivityDisplaced.type)
    @on_event("schedule", ActivityBlocked.type)
    @on_event("schedule", ActivityLetterClosed.type)
    @on_event("schedule", ParticipantResponded.type)
    @on_event("directory", AssignmentStarted.type)
    @on_event("directory", AssignmentEnded.type)
    def tell(self, envelope: Envelope) -> None:
        """Every event with a row in the rule table; all of them alike."""
        use_cases.tell(self._notifications, self.org(), envelope, self._now())
        self.wake()

    # ---- the clock ---------------------------------------------------------------

    @every(3_600)
    def forget_old(self) -> None:
        """In every copy alike: what is gone already stays gone."""
        retention.forget_old(self.mongo, self._now())
        retention.forget_answers(self.mongo, self._now())

    @every(30)
    def count_stuck(self) -> None:
        telemetry.count_stuck(self.mongo, self._now())

    # ---- parts -------------------------------------------------------------------

    @property
    def _notifications(self) -> Notifications:
        return Notifications(self.mongo)

    def _person(self) -> UUID:
        """Streams and inboxes belong to people; applications have none."""
        actor: Actor | None = self.call.actor
        if actor is None or actor.person_id is None:
            raise Forbidden
        return actor.person_id

    def _once(self, effect: Callable[[datetime], Any]) -> dict[str, Any]:
        self._person()
        return run_once(
            self.mongo, self.call, self._now(), lambda at: codec.dump(effect(at))
        )

    def _now(self) -> datetime:
        """As MongoDB keeps it: to the millisecond."""
        now: datetime = self.clock()
        return now.replace(microsecond=now.microsecond // 1000 * 1000)


def _uuid(text: str) -> UUID:
    """What is no id names nothing."""
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound from error
