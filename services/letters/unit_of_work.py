"""The transaction border of letters.

Outside nameko (seeding, tests, operations)::

    db = Database("postgresql://…/rakat_letters", "letters")
    open_uow = opener(db, lambda: some_instant)
    with open_uow() as uow:
        register_letter(uow, caller, request)
        uow.commit()
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Self

from chassis.clock import Now
from chassis.context import CallContext
from chassis.database import Database
from chassis.unit_of_work import UnitOfWork
from services.letters import reference
from services.letters.repository import Letters
from services.letters.repository_files import Files
from services.letters.repository_numbers import Numbers
from services.letters.repository_outgoing import OutgoingLetters


class LettersUnitOfWork(UnitOfWork):
    letters: Letters
    files: Files
    numbers: Numbers
    outgoing: OutgoingLetters

    def __enter__(self) -> Self:
        super().__enter__()
        self.letters = Letters(self.session)
        self.files = Files(self.session)
        self.numbers = Numbers(self.session)
        self.outgoing = OutgoingLetters(self.session)
        return self

    @cached_property
    def instructions(self) -> dict[str, str | None]:
        """Instructions by code, with whom an activity is for; read once."""
        return reference.instructions(self.session)


def opener(
    db: Database, clock: Now, call: CallContext | None = None
) -> Callable[[], LettersUnitOfWork]:
    """A function that opens one unit of work after another."""
    return lambda: LettersUnitOfWork(db, clock, call)
