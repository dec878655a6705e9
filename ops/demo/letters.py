"""Letters of the demo: registered, disposed of and answered through the use cases."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from uuid import UUID

from obstore.store import from_url

from chassis.database import Database
from chassis.organisation import Organisation
from contracts import letters as c
from ops.demo.moments import Moments, in_words, with_weekday
from ops.demo.offices import Offices, StoryClock
from ops.demo.paper import set_letter
from ops.demo.story import FACTS, Act, DemoLetter, Invitation, letters
from services.letters import number_defaults, reference, retention
from services.letters.caller import Caller
from services.letters.domain.task import Task
from services.letters.unit_of_work import LettersUnitOfWork, opener
from services.letters.use_cases import (
    attending,
    disposing,
    registering,
    storing,
    working,
)


def fill(db: Database, org: Organisation, moments: Moments, blob_url: str) -> str:
    told = letters()
    clock = StoryClock(moments.now)
    with opener(db, clock)() as uow:
        reference.load(uow.session, FACTS)
        number_defaults.load(uow, org, FACTS)
        retention.load(uow.session, FACTS)
        teller = _Teller(uow, org, moments, clock, blob_url)
        for letter in told:
            teller.tell(letter)
        uow.commit()
    return f"{len(told)} letters"


class _Teller:
    """Plays letter after letter, moving the clock to the instant of each act."""

    def __init__(
        self,
        uow: LettersUnitOfWork,
        org: Organisation,
        moments: Moments,
        clock: StoryClock,
        blob_url: str,
    ) -> None:
        self._uow = uow
        self._org = org
        self._offices = Offices(org)
        self._moments = moments
        self._clock = clock
        self._blobs = from_url(blob_url)

    def tell(self, letter: DemoLetter) -> None:
        caller = self._caller(letter.registrar, letter.when)
        file = self._file(letter, caller)
        body = self._registration(letter, file.file_id)
        registered = registering.register_letter(self._uow, caller, body)
        for act in letter.acts:
            self._act(registered.letter_id, act)

    def _caller(self, office: str, when: tuple[int, int, int]) -> Caller:
        self._clock.at = self._moments.past(*when)
        actor = self._offices.actor(office, self._clock.at)
        return Caller.of(actor, self._org, self._clock.at)

    # --- registration --------------------------------------------------------

    def _registration(self, letter: DemoLetter, file_id: UUID) -> c.RegisterLetter:
        return c.RegisterLetter(
            direction="incoming",
            kind=letter.kind,
            number=self._number(letter),
            dated_on=self._dated(letter).date(),
            received_at=self._clock.at,
            sender=c.SenderBody(name=letter.sender.name, address=letter.sender.address),
            subject=letter.subject,
            urgency=c.Urgency(letter.urgency),
            secrecy=c.Secrecy(letter.secrecy),
            classification_code=letter.classification,
            addressees=[self._offices.position_id(code) for code in letter.to],
            copies=[self._offices.position_id(code) for code in letter.copies],
            file_ids=[file_id],
            invitation=self._invitation(letter.invitation),
        )

    def _invitation(self, told: Invitation | None) -> c.InvitationBody | None:
        if told is None:
            return None
        starts_at, ends_at = self._span(told)
        return c.InvitationBody(
            starts_at=starts_at,
            ends_at=ends_at,
            place=told.place,
            dress_code=told.dress,
        )

    def _span(self, told: Invitation) -> tuple[datetime, datetime | None]:
        starts_at = self._moments.coming(told.day, told.hour, told.minute)
        if told.minutes is None:
            return starts_at, None
        return starts_at, starts_at + timedelta(minutes=told.minutes)

    def _number(self, letter: DemoLetter) -> str | None:
        year = self._moments.today.year
        return letter.number.format(year=year) if letter.number else None

    def _dated(self, letter: DemoLetter) -> datetime:
        days, hour, minute = letter.when
        return self._moments.past(days + 2, hour, minute)

    # --- its page ------------------------------------------------------------

    def _file(self, letter: DemoLetter, caller: Caller) -> c.File:
        content = set_letter(self._page(letter))
        digest = hashlib.sha256(content).hexdigest()
        self._blobs.put(f"blobs/{digest[:2]}/{digest}", content)
        name = letter.subject.lower().replace(" ", "-")[:60]
        body = c.RecordFile(
            sha256=digest,
            size_bytes=len(content),
            media_type="application/pdf",
            filename=f"{name}.pdf",
            page_count=1,
        )
        return storing.record_file(self._uow, caller, body)

    def _page(self, letter: DemoLetter) -> dict[str, object]:
        sender = letter.sender
        addressed = [self._offices.position(code).title for code in letter.to]
        copies = [self._offices.position(code).title for code in letter.copies]
        return {
            "over": sender.over,
            "sender": sender.name,
            "address": sender.address,
            "town": sender.town,
            "signer": sender.signer,
            "date": in_words(self._dated(letter).date()),
            "number": self._number(letter) or "–",
            "nature": letter.urgency.replace("_", " ").capitalize(),
            "enclosure": "–",
            "subject": letter.subject,
            "to": " dan ".join(addressed),
            "at": "Kandangan",
            "paragraphs": letter.paragraphs,
            "details": self._details(letter.invitation),
            "closing": [letter.closing],
            "copies": copies,
        }

    def _details(self, told: Invitation | None) -> list[tuple[str, str]]:
        if told is None:
            return []
        starts_at, ends_at = self._span(told)
        until = f"{ends_at:%H.%M}" if ends_at else "selesai"
        rows = [
            ("Hari, tanggal", with_weekday(starts_at.date())),
            ("Waktu", f"pukul {starts_at:%H.%M} s.d. {until} WITA"),
            ("Tempat", told.place),
        ]
        return [*rows, ("Pakaian", told.dress)] if told.dress else rows

    # --- acts ----------------------------------------------------------------

    def _act(self, letter_id: UUID, act: Act) -> None:
        caller, uow = self._caller(act.by, act.when), self._uow
        if act.verb == "dispose":
            body = c.IssueDisposition(recipients=self._recipients(act), note=act.note)
            disposing.issue_disposition(uow, caller, letter_id, body)
            return
        if act.verb == "attend":
            decided = c.DecideAttendance(decision=c.Attendance.ATTEND)
            attending.decide_attendance(uow, caller, letter_id, decided)
            return
        task_id = self._task(letter_id, act.task_of or act.by).task_id
        if act.verb == "report":
            report = c.ReportTask(text=act.note or act.verb, final=act.final)
            working.report_task(uow, caller, task_id, report)
            return
        simple = {
            "read": working.read_task,
            "accept": working.accept_task,
            "approve": working.approve_task,
            "acknowledge": working.acknowledge_task,
        }
        simple[act.verb](uow, caller, task_id)

    def _recipients(self, act: Act) -> list[c.RecipientBody]:
        return [
            c.RecipientBody(
                position_id=self._offices.position_id(line.office),
                role=c.Role(line.role),
                instructions=line.instructions,
            )
            for line in act.to
        ]

    def _task(self, letter_id: UUID, office: str) -> Task:
        """The office's open task on the letter."""
        position_id = self._offices.position_id(office)
        for task in self._uow.letters.read(letter_id).tasks.values():
            if task.position_id == position_id and task.is_open:
                return task
        raise LookupError(f"{office} has no open task on {letter_id} in the demo")
