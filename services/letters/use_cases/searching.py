"""Lists of letters; who finds a secret letter by its content has read of it."""

from __future__ import annotations

from contracts.letters import LettersQuery, Secrecy
from contracts.letters.search import FoundLetter, MatchedOn
from contracts.paging import Page
from services.letters import views_letters
from services.letters.caller import Caller
from services.letters.unit_of_work import LettersUnitOfWork
from services.letters.use_cases.reading import note_view


def list_letters(
    uow: LettersUnitOfWork, caller: Caller, query: LettersQuery
) -> Page[FoundLetter]:
    found = views_letters.listed(uow.session, caller, query)
    secret = [one for one in found.items if _tells_content(one)]
    for one in sorted(secret, key=lambda one: one.letter_id):  # locks in one order
        note_view(uow, caller, one.letter_id, one.secrecy, "search")
    return found


def _tells_content(one: FoundLetter) -> bool:
    """Asked for words, the answer says that they stand in the letter's files."""
    by_file = one.match is not None and one.match.on is MatchedOn.FILE
    return by_file and one.secrecy.rank >= Secrecy.RAHASIA.rank
