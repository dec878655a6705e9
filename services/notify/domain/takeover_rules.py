"""Rules of who takes an office's open tasks over, and of whom they come back to: one
notification per beginning and end, however many tasks there are. Who gave one that
falls due in the absence hears that, too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from contracts.envelope import Event
from contracts.letters import TasksTakenOver
from contracts.notify import Topic
from services.notify.domain.notices import Scene, Target
from services.notify.domain.rule import Frame, Rule, when
from services.notify.domain.wording import office


def stand_in(event: TasksTakenOver) -> Iterator[Target]:
    yield Target(people=(event.person_id,))


def its_holders(event: TasksTakenOver) -> Iterator[Target]:
    yield Target(positions=(event.position_id,))


def givers(event: TasksTakenOver) -> Iterator[Target]:
    """Each once, with the first of his tasks that falls due."""
    for one in event.givers:
        yield Target(positions=(one.position_id,), due_at=one.first_due_at)


def _began(event: TasksTakenOver) -> bool:
    return event.began


def _ended(event: TasksTakenOver) -> bool:
    return not event.began


RULES: Mapping[type[Event], tuple[Rule, ...]] = {
    TasksTakenOver: (
        Rule(
            topic=Topic.TASK_ASSIGNED,
            to=when(_began, stand_in),
            title="{open} tugas {office} kini pada Anda",
            body="{overdue}{due_soon}",
            link="/",
        ),
        Rule(
            topic=Topic.TASK_ASSIGNED,
            to=when(_ended, its_holders),
            title="{open} tugas terbuka kembali pada Anda",
            body="Selesai masa {office}. {overdue}",
            link="/",
        ),
        Rule(
            topic=Topic.TASK_DUE,
            to=givers,
            title="Tugas yang Anda berikan kini pada {office}",
            body="Pejabatnya berhalangan saat jatuh tempo.{due} Ubah tenggat bila perlu.",
            link="/diberikan",
        ),
    ),
}


def frame_of(event: TasksTakenOver, scene: Scene) -> Frame:
    position = scene.org.position(event.position_id)
    title = position.short_title if position else "jabatan ini"
    late, due = event.overdue_tasks, event.due_while_acting - event.overdue_tasks
    return Frame(
        at=scene.at,
        words={
            "office": office(title, event.capacity),
            "open": str(event.open_tasks),
            "overdue": f"{late} sudah terlambat."
            if late
            else "Belum ada yang terlambat.",
            "due_soon": f" {due} jatuh tempo selama masa Anda." if due > 0 else "",
        },
    )
