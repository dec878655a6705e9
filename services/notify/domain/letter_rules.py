"""Rules of letters and tasks.

`recipients` of an event are the positions letters wants told; rows narrow them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from contracts.envelope import Event
from contracts.letters import (
    DispositionIssued,
    LetterClosed,
    LetterCompleted,
    LetterFacts,
    LetterRedirected,
    LetterRegistered,
    LetterReopened,
    LetterSecrecyRaised,
    LetterVoided,
    PaperHandedOver,
    PaperReceived,
    Role,
    Secrecy,
    TaskCancelled,
    TaskCompleted,
    TaskDueChanged,
    TaskDueSoon,
    TaskFacts,
    TaskOverdue,
    TaskRejected,
    TaskReminded,
    TaskReported,
    TaskReturned,
    TaskState,
    TaskWithdrawn,
)
from contracts.notify import Topic
from services.notify.domain.notices import Scene, Target
from services.notify.domain.rule import Frame, Rule, Selector, when
from services.notify.domain.wording import (
    office,
    restricted_letter,
    sentence,
    short,
)

_LETTER = "/surat/{letter_id}"
_TASK = "/tugas/{task_id}"

_GivesTasks = LetterRegistered | DispositionIssued | LetterRedirected | LetterReopened


# ---- selectors -------------------------------------------------------------------


def new_tasks(*roles: Role) -> Selector:
    """Each new task of one of these roles, to its office."""

    def select(event: _GivesTasks) -> Iterator[Target]:
        for task in event.tasks:
            if task.role in roles:
                yield Target(
                    positions=(task.position_id,),
                    task_id=task.task_id,
                    due_at=task.due_at,
                )

    return select


def recipients(event: LetterFacts) -> Iterator[Target]:
    yield Target(positions=event.recipients)


def holder(event: TaskFacts) -> Iterator[Target]:
    """The office that has the task."""
    yield _of_task(event, event.position_id)


def others(event: TaskFacts) -> Iterator[Target]:
    """Who else is to be told: the giver, or who stands for him."""
    rest = (each for each in event.recipients if each != event.position_id)
    yield _of_task(event, *rest)


def returned_to(event: TaskReturned) -> Iterator[Target]:
    """Whoever has the work now, with the new task."""
    if event.new_task is None:
        yield from others(event)
    else:
        new = event.new_task
        yield Target(
            positions=(new.position_id,), task_id=new.task_id, due_at=new.due_at
        )


def no_more_addressed(event: LetterRedirected) -> Iterator[Target]:
    left = (one for one in event.previous if one not in event.addressees)
    yield Target(positions=tuple(left))


def without_new_task(event: LetterReopened) -> Iterator[Target]:
    """Who gets a task is told of that, once."""
    tasked = {task.position_id for task in event.tasks}
    rest = (one for one in event.recipients if one not in tasked)
    yield Target(positions=tuple(rest))


def _signed(event: PaperReceived) -> bool:
    return event.accepted


def _refused(event: PaperReceived) -> bool:
    return not event.accepted


def _awaits_approval(event: TaskReported) -> bool:
    return event.state is TaskState.REPORTED


def _is_done_already(event: TaskReported) -> bool:
    return event.final and not _awaits_approval(event)


def _numbered(event: LetterVoided) -> bool:
    return event.agenda_number is not None


def _draft(event: LetterVoided) -> bool:
    return event.agenda_number is None


def _in_progress(event: TaskReported) -> bool:
    return not event.final


def _by(*ways: str) -> Any:
    return lambda event: event.by in ways


def _coordinated(event: TaskCompleted) -> bool:
    return event.by == "acknowledgement" and event.role is Role.COORDINATE


def _of_task(event: TaskFacts, *positions: UUID) -> Target:
    return Target(positions=positions, task_id=event.task_id, due_at=event.due_at)


# ---- rows ------------------------------------------------------------------------


def _assigned(title: str, body: str, *roles: Role) -> Rule:
    return Rule(
        topic=Topic.TASK_ASSIGNED,
        to=new_tasks(*roles),
        title=title,
        body=body,
        link=_TASK,
        common_link=_LETTER,
    )


def _told(topic: Topic, to: Selector, title: str, body: str, link: str = _TASK) -> Rule:
    return Rule(topic=topic, to=to, title=title, body=body, link=link)


RULES: Mapping[type[Event], tuple[Rule, ...]] = {
    LetterRegistered: (
        _assigned(
            "Surat masuk baru",
            "{about}{due}",
            Role.HANDLE,
            Role.REPRESENT,
            Role.COORDINATE,
        ),
        _assigned("Tembusan surat", "{about}", Role.INFORM),
    ),
    DispositionIssued: (
        _assigned(
            "Disposisi baru dari {giver}", "Menangani: {about}{due}", Role.HANDLE
        ),
        _assigned("Anda mewakili {giver}", "Mewakili: {about}{due}", Role.REPRESENT),
        _assigned(
            "Disposisi baru dari {giver}", "Koordinasi: {about}{due}", Role.COORDINATE
        ),
        _assigned("Untuk diketahui, dari {giver}", "{about}", Role.INFORM),
    ),
    TaskReported: (
        _told(
            Topic.TASK_REPORTED,
            when(_awaits_approval, others),
            "Laporan menunggu persetujuan Anda",
            "{office} melaporkan: {about}",
        ),
        _told(
            Topic.TASK_REPORTED,
            when(_is_done_already, others),
            "Laporan akhir dari {office}",
            "{about}",
        ),
        _told(
            Topic.TASK_REPORTED,
            when(_in_progress, others),
            "Laporan kemajuan dari {office}",
            "{about}",
        ),
    ),
    TaskRejected: (
        _told(
            Topic.TASK_RETURNED,
            holder,
            "Laporan perlu diperbaiki",
            "{actor} mengembalikan laporan: {about}",
        ),
    ),
    TaskCompleted: (
        _told(
            Topic.TASK_REPORTED,
            when(_by("approval"), holder),
            "Laporan disetujui",
            "{actor} menyetujui laporan: {about}",
        ),
        _told(
            Topic.TASK_REPORTED,
            when(_by("children"), holder),
            "Semua bawahan selesai",
            "Tugas Anda selesai: {about}",
        ),
        _told(
            Topic.TASK_REPORTED,
            when(_coordinated, others),
            "Koordinasi selesai",
            "{office} menyelesaikan koordinasi: {about}",
        ),
    ),
    TaskReturned: (
        _told(
            Topic.TASK_RETURNED,
            returned_to,
            "Tugas dikembalikan {office}",
            "{about}",
        ),
    ),
    TaskWithdrawn: (
        _told(Topic.TASK_RETURNED, holder, "Disposisi ditarik {giver}", "{about}"),
    ),
    TaskCancelled: (
        _told(Topic.TASK_RETURNED, holder, "Tugas dibatalkan {actor}", "{about}"),
    ),
    TaskDueChanged: (
        _told(Topic.TASK_DUE, holder, "Tenggat diubah {actor}", "{about}{due}"),
    ),
    TaskDueSoon: (_told(Topic.TASK_DUE, holder, "Tenggat mendekat", "{about}{due}"),),
    TaskOverdue: (
        _told(Topic.TASK_OVERDUE, holder, "Tugas Anda terlambat", "{about}{due}"),
        _told(
            Topic.TASK_OVERDUE,
            others,
            "Bawahan terlambat",
            "{office} melewati tenggat: {about}",
        ),
    ),
    TaskReminded: (
        _told(Topic.TASK_DUE, holder, "Pengingat dari {giver}", "{about}{due}"),
    ),
    LetterRedirected: (
        _assigned("Surat dialihkan kepada Anda", "{about}{due}", Role.HANDLE),
        _told(
            Topic.TASK_RETURNED,
            no_more_addressed,
            "Surat dialihkan ke jabatan lain",
            "{about}",
            _LETTER,
        ),
    ),
    LetterReopened: (
        _assigned("Surat dibuka kembali", "{about}{due}", Role.HANDLE),
        _told(
            Topic.LETTER_COMPLETED,
            without_new_task,
            "Surat dibuka kembali {actor}",
            "{about}",
            _LETTER,
        ),
    ),
    PaperHandedOver: (
        _told(
            Topic.SYSTEM,
            recipients,
            "Surat fisik diserahkan kepada Anda",
            "{about} Tandai bila sudah diterima.",
            _LETTER,
        ),
    ),
    PaperReceived: (
        _told(
            Topic.SYSTEM,
            when(_signed, recipients),
            "Surat fisik diterima {actor}",
            "{about}",
            _LETTER,
        ),
        _told(
            Topic.SYSTEM,
            when(_refused, recipients),
            "Surat fisik tidak diterima",
            "{about} Kertasnya tetap pada pengirim.",
            _LETTER,
        ),
    ),
    LetterCompleted: (
        _told(Topic.LETTER_COMPLETED, recipients, "Surat selesai", "{about}", _LETTER),
    ),
    LetterClosed: (
        _told(
            Topic.LETTER_COMPLETED,
            recipients,
            "Surat ditutup {actor}",
            "{about}",
            _LETTER,
        ),
    ),
    LetterVoided: (
        _told(
            Topic.LETTER_COMPLETED,
            when(_numbered, recipients),
            "Surat dibatalkan",
            "{about} Nomor {agenda} tetap terpakai.",
            _LETTER,
        ),
        _told(
            Topic.LETTER_COMPLETED,
            when(_draft, recipients),
            "Konsep dibuang {actor}",
            "{about}",
            _LETTER,
        ),
    ),
    LetterSecrecyRaised: (
        _told(Topic.SYSTEM, recipients, "Sifat surat dinaikkan", "{about}", _LETTER),
    ),
}


# ---- words -----------------------------------------------------------------------


def frame_of(event: LetterFacts, scene: Scene) -> Frame:
    return Frame(
        at=scene.at,
        words={
            "about": _about(event),
            "agenda": event.agenda_number or "",
            "letter_id": str(event.letter_id),
            "actor": _actor(scene),
            "office": _office(getattr(event, "position_id", None), scene),
            "giver": _office(getattr(event, "giver_position_id", None), scene),
        },
        letter_id=event.letter_id,
        urgency=event.urgency.value,
        secrecy=event.secrecy,
    )


def _about(event: LetterFacts) -> str:
    """What the letter is about; of `terbatas` only its number in the register."""
    if event.secrecy is not Secrecy.BIASA or event.subject is None:
        return restricted_letter(event.agenda_number)
    sender = event.sender_name and f"dari {event.sender_name}"
    return sentence(short(event.subject), sender)


def _actor(scene: Scene) -> str:
    actor = scene.actor
    if actor is None or actor.position is None:
        return "Rakat"
    return _office(actor.position.position_id, scene)


def _office(position_id: UUID | None, scene: Scene) -> str:
    """The office by its short title, as acting where it acted in this event."""
    actor = scene.actor.position if scene.actor else None
    acted = actor is not None and actor.position_id == position_id
    position = scene.org.position(position_id)
    if position:
        title = position.short_title
    else:
        title = actor.title if actor is not None and acted else "sebuah jabatan"
    return office(title, scene.actor.capacity if scene.actor and acted else None)
