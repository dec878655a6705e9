"""Many acknowledgements in one command, and the giver's reminder."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from uuid import UUID

from contracts.codec import ZONE
from contracts.errors import RakatError, TooMany
from contracts.letters import Task
from contracts.letters.dispositions import (
    Acknowledged,
    AcknowledgedTasks,
    AcknowledgeTasks,
    RemindTask,
)
from services.letters import repository_dispositions as store
from services.letters import views, views_tasks
from services.letters.caller import Caller
from services.letters.domain import acts
from services.letters.unit_of_work import LettersUnitOfWork
from services.letters.use_cases.concluding import conclude
from services.letters.use_cases.finding import lock_task
from services.letters.use_cases.working import giver_of


def acknowledge_tasks(
    uow: LettersUnitOfWork, caller: Caller, body: AcknowledgeTasks
) -> AcknowledgedTasks:
    """All in one transaction. Letters are locked in the order of their ids, so that
    two overlapping calls never wait for each other in a ring."""
    letters = views.letters_of_tasks(uow.session, caller.reaches(), body.task_ids)
    wanted = dict.fromkeys(body.task_ids)
    in_order = sorted(wanted, key=lambda one: (str(letters.get(one, "")), str(one)))
    codes = {one: _acknowledge(uow, caller, one) for one in in_order}
    shown = _shown(uow, caller, [one for one in wanted if one in letters])
    return AcknowledgedTasks(
        results=[
            Acknowledged(
                task_id=one,
                ok=codes[one] is None,
                task=shown.get(one),
                code=codes[one],
            )
            for one in body.task_ids
        ]
    )


def _acknowledge(uow: LettersUnitOfWork, caller: Caller, task_id: UUID) -> str | None:
    """The code of a refusal; a refused act has written nothing."""
    try:
        letter, on = lock_task(uow, caller, task_id)
        held = caller.act_as(on.position_id, letter.secrecy)
        acts.acknowledge(letter, on, caller.now)
    except RakatError as refusal:
        return refusal.code
    conclude(uow, caller, letter, caller.ref(held))
    return None


def _shown(
    uow: LettersUnitOfWork, caller: Caller, task_ids: Sequence[UUID]
) -> dict[UUID, Task]:
    found = views_tasks.by_ids(uow.session, caller, task_ids)
    return {one.task_id: one for one in found}


def remind_task(
    uow: LettersUnitOfWork, caller: Caller, task_id: UUID, body: RemindTask
) -> Task:
    """By the giver, once a day (of the regency) and task.

    Raises: TooMany, with the seconds until tomorrow.
    """
    letter, on = lock_task(uow, caller, task_id)
    held = giver_of(caller, letter, on)
    today = caller.now.astimezone(ZONE).date()
    acts.remind(letter, on, caller.now, day=today.isoformat())
    if not store.remind(uow.session, task_id, today, caller.now, body.note):
        raise TooMany("already_reminded", retry_after=_until_tomorrow(caller.now))
    conclude(uow, caller, letter, caller.ref(held))
    return views_tasks.one(uow.session, caller, task_id)


def _until_tomorrow(now: datetime) -> int:
    local = now.astimezone(ZONE)
    midnight = datetime.combine(local.date() + timedelta(days=1), time.min, ZONE)
    return int((midnight - local).total_seconds()) + 1
