"""The leader's overview over all units he may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from chassis.organisation import Organisation
from contracts.codec import ZONE
from contracts.errors import Forbidden, NotFound
from contracts.letters.dispositions import Overview, OverviewQuery
from services.letters import views_overview
from services.letters.caller import Caller
from services.letters.domain import overview
from services.letters.unit_of_work import LettersUnitOfWork
from services.letters.views_listing import day_start


@dataclass(frozen=True)
class Question:
    """All an overview depends on but the letters and the minute."""

    positions: frozenset[UUID]
    period: overview.Period
    unit_id: UUID | None
    org: Organisation


def get_overview(
    uow: LettersUnitOfWork, caller: Caller, query: OverviewQuery
) -> Overview:
    """Raises: Forbidden, NotFound, Invalid."""
    return answer(uow, caller, question_of(caller, query))


def question_of(caller: Caller, query: OverviewQuery) -> Question:
    """For heads, deputies, secretaries and assistants, in that office themselves;
    duties such as administrator give nothing. Raises: Forbidden, NotFound, Invalid."""
    positions = _leading(caller)
    if query.unit_id is not None and caller.org.unit(query.unit_id) is None:
        raise NotFound
    first, last = _day("/from", query.from_), _day("/to", query.to)
    period = overview.period(first, last, caller.now)
    return Question(frozenset(positions), period, query.unit_id, caller.org)


def answer(uow: LettersUnitOfWork, caller: Caller, asked: Question) -> Overview:
    return views_overview.overview_of(
        uow.session, caller, sorted(asked.positions), asked.period, asked.unit_id
    )


def _leading(caller: Caller) -> list[UUID]:
    """Every office he leads in; a read covers them all."""
    found = [one.position_id for one in caller.held if overview.leads(caller.org, one)]
    if not found:
        raise Forbidden("forbidden", reason="not_a_leader")
    return found


def _day(field: str, text: str | None) -> date | None:
    if text is None:
        return None
    moment: datetime = day_start(field, text)
    return moment.astimezone(ZONE).date()
