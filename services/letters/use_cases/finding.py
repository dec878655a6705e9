"""The way into a letter: only who may see it gets near it, then it is locked."""

from __future__ import annotations

from uuid import UUID

from contracts.letters import Secrecy
from services.letters import views
from services.letters.caller import Caller
from services.letters.domain.letter import Letter
from services.letters.domain.task import Task
from services.letters.unit_of_work import LettersUnitOfWork


def lock_letter(uow: LettersUnitOfWork, caller: Caller, letter_id: UUID) -> Letter:
    """Raises: NotFound, also for who may not know of the letter."""
    views.seen_letter(uow.session, caller.reaches(), letter_id)
    return uow.letters.lock(letter_id)


def lock_task(
    uow: LettersUnitOfWork, caller: Caller, task_id: UUID
) -> tuple[Letter, Task]:
    """The letter of a task, locked, and the task in it."""
    letter_id, _ = views.letter_of_task(uow.session, caller.reaches(), task_id)
    letter = uow.letters.lock(letter_id)
    return letter, letter.tasks[task_id]


def see(uow: LettersUnitOfWork, caller: Caller, letter_id: UUID) -> Secrecy:
    """Raises: NotFound, also for who may not know of the letter."""
    _, secrecy = views.seen_letter(uow.session, caller.reaches(), letter_id)
    return Secrecy(secrecy)
