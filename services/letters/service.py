"""The nameko service of letters: parse, call a use case or view, dump.

What belongs to one area stands in `service_<area>`, what all use in `service_core`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

import structlog
from eventlet import tpool

from chassis.config import Config
from chassis.entrypoints import every, on_event, rpc
from chassis.providers import OutboxRelay
from chassis.unit_of_work import repeatable, run_effect
from contracts import codec, holidays
from contracts.actor import ActorRef
from contracts.directory import AssignmentEnded, AssignmentStarted
from contracts.envelope import Envelope
from contracts.letters import (
    CloseLetter,
    DecideAttendance,
    Direction,
    DispositionsQuery,
    DraftLetter,
    IssueDisposition,
    RecordFile,
    RegisterLetter,
    VoidLetter,
)
from contracts.schedule_events import ActivityCancelled, ParticipantResponded
from services.letters import (
    blobs,
    reference,
)
from services.letters.caller import Caller
from services.letters.service_core import key_of
from services.letters.service_dispositions import DispositionMethods
from services.letters.service_documents import DocumentMethods
from services.letters.service_outgoing import OutgoingMethods
from services.letters.service_registers import RegisterMethods
from services.letters.service_search import SearchMethods
from services.letters.service_tasks import TaskMethods
from services.letters.service_trail import TrailMethods
from services.letters.unit_of_work import LettersUnitOfWork
from services.letters.use_cases import (
    attending,
    closing,
    disposing,
    drafting,
    hearing_answers,
    linking,
    reading,
    registering,
    storing,
    taking_over,
    upkeep,
)

log = structlog.get_logger(__name__)
holidays.prepare()


class Service(
    OutgoingMethods,
    RegisterMethods,
    SearchMethods,
    DispositionMethods,
    TrailMethods,
    DocumentMethods,
    TaskMethods,
):
    name = "letters"

    relay = OutboxRelay()

    # ---- letters -----------------------------------------------------------------

    @rpc
    def register_letter(self, body: Any) -> Any:
        """Incoming: into the register. Outgoing: a draft."""
        if isinstance(body, dict) and body.get("direction") == Direction.OUTGOING:
            draft = codec.load(DraftLetter, body)
            return self._command(lambda uow, by: drafting.draft_letter(uow, by, draft))
        request = codec.load(RegisterLetter, body)
        return self._command(
            lambda uow, by: registering.register_letter(uow, by, request)
        )

    @rpc
    def get_letter(self, letter_id: str) -> Any:
        key = key_of(letter_id)
        return self._look(lambda uow, by: reading.get_letter(uow, by, key))

    @rpc
    def get_letter_tracking(self, letter_id: str) -> Any:
        key = key_of(letter_id)
        return self._look(lambda uow, by: reading.get_letter_tracking(uow, by, key))

    @rpc
    def void_letter(self, letter_id: str, body: Any) -> Any:
        key, request = key_of(letter_id), codec.load(VoidLetter, body)
        return self._command(lambda uow, by: closing.void_letter(uow, by, key, request))

    @rpc
    def close_letter(self, letter_id: str, body: Any) -> Any:
        key, request = key_of(letter_id), codec.load(CloseLetter, body)
        return self._command(
            lambda uow, by: closing.close_letter(uow, by, key, request)
        )

    @rpc
    def decide_attendance(self, letter_id: str, body: Any) -> Any:
        key, request = key_of(letter_id), codec.load(DecideAttendance, body)
        return self._command(
            lambda uow, by: attending.decide_attendance(uow, by, key, request)
        )

    # ---- dispositions ------------------------------------------------------------

    @rpc
    def issue_disposition(self, letter_id: str, body: Any) -> Any:
        key, request = key_of(letter_id), codec.load(IssueDisposition, body)
        return self._command(
            lambda uow, by: disposing.issue_disposition(uow, by, key, request)
        )

    @rpc
    def suggest_disposition(self, letter_id: str) -> Any:
        key = key_of(letter_id)
        return self._query(lambda uow, by: reading.suggest_disposition(uow, by, key))

    @rpc
    def list_dispositions(self, query: Any = None) -> Any:
        wanted = codec.load(DispositionsQuery, query or {})
        return self._query(lambda uow, by: reading.list_prepared(uow, by, wanted))

    @rpc
    def confirm_disposition(self, disposition_id: str, body: Any = None) -> Any:
        key = key_of(disposition_id)
        return self._command(
            lambda uow, by: disposing.confirm_disposition(uow, by, key)
        )

    @rpc
    def discard_disposition(self, disposition_id: str, body: Any = None) -> Any:
        key = key_of(disposition_id)
        return self._command(
            lambda uow, by: disposing.discard_disposition(uow, by, key)
        )

    # ---- files and lists -----------------------------------------------------------

    @rpc
    def record_file(self, body: Any) -> Any:
        request = codec.load(RecordFile, body)
        return self._command(lambda uow, by: storing.record_file(uow, by, request))

    @rpc
    def get_letter_file(self, letter_id: str, file_id: str) -> Any:
        letter, file = key_of(letter_id), key_of(file_id)
        return self._query(
            lambda uow, by: reading.get_letter_file(uow, by, letter, file)
        )

    @rpc
    def get_reference(self, name: str) -> Any:
        with self.db.session() as session:
            return {"items": reference.items(session, name)}

    @rpc
    def ping(self) -> str:
        return "pong"

    # ---- events ------------------------------------------------------------------

    @on_event("schedule", "activity.proposed.v1")
    @on_event("schedule", "activity.confirmed.v1")
    @on_event("schedule", "activity.changed.v1")
    @on_event("schedule", "activity.blocked.v1")
    def on_activity(self, envelope: Envelope) -> None:
        """Remember which activity came of a letter."""
        letter_id = envelope.data.get("letter_id")
        if letter_id is None:
            return
        activity = UUID(envelope.data["activity_id"])
        caller = self._nobody()
        run_effect(
            self._opener(),
            envelope,
            "on_activity",
            lambda uow: linking.link_activity(uow, caller, UUID(letter_id), activity),
        )

    @on_event("schedule", ActivityCancelled.type)
    def on_activity_cancelled(self, envelope: Envelope) -> None:
        """Whoever answered its invitation may answer again."""
        letter_id = envelope.data.get("letter_id")
        if letter_id is None or envelope.data.get("cause") == "letter_voided":
            return
        caller = self._nobody()
        run_effect(
            self._opener(),
            envelope,
            "on_activity_cancelled",
            lambda uow: linking.note_called_off(uow, caller, UUID(letter_id)),
        )

    @on_event("schedule", ParticipantResponded.type)
    def on_participant_responded(self, envelope: Envelope) -> None:
        """Who goes in an office's stead gets the letter he goes for."""
        event = codec.load(ParticipantResponded, envelope.data)
        if event.letter_id is None:
            return
        caller, by = self._nobody(), envelope.actor or ActorRef()
        run_effect(
            self._opener(),
            envelope,
            "on_participant_responded",
            lambda uow: hearing_answers.hear_answer(uow, caller, event, by),
        )

    @on_event("directory", AssignmentStarted.type)
    @on_event("directory", AssignmentEnded.type)
    def on_assignment(self, envelope: Envelope) -> None:
        """Tell an acting official what waits in the office he takes over."""
        caller, event = self._nobody(), taking_over.read(envelope)
        run_effect(
            self._opener(),
            envelope,
            "on_assignment",
            lambda uow: taking_over.tell_taken_over(uow, caller, event),
        )

    # ---- timers ------------------------------------------------------------------

    @every(20)
    def tell_due_tasks(self) -> None:
        """What falls due soon, and what is overdue; once each."""
        caller, open_uow = self._nobody(), self._opener()
        with open_uow() as uow:
            letters = upkeep.letters_falling_due(uow)
        for letter_id in letters:
            repeatable(partial(_mark_due, open_uow, caller, letter_id))

    @every(3600)
    def collect_files(self) -> None:
        """Files nobody attached within a day, and the blobs only they used."""
        with self._opener()() as uow:
            hashes = storing.collect_files(uow)
            uow.commit()
        url = Config.from_env().blob_url
        if hashes and url:
            store = blobs.open_store(url)
            count = tpool.execute(blobs.delete_blobs, store, hashes, self.clock())
            log.info("blobs collected", count=count)


def _mark_due(
    open_uow: Callable[[], LettersUnitOfWork], caller: Caller, letter_id: UUID
) -> None:
    with open_uow() as uow:
        if upkeep.mark_due(uow, caller, letter_id):
            uow.commit()
