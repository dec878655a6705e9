"""What a new rule of a series comes to: which dates stay, are over, or are new."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from msgspec import structs

from chassis.ids import new_id
from contracts.codec import ZONE
from contracts.errors import Forbidden, invalid
from contracts.schedule import Recurrence
from services.schedule.domain.activity import Activity
from services.schedule.domain.keepers import Caller, may_change
from services.schedule.domain.recurrence import AHEAD, expand, rule_of
from services.schedule.domain.series_rule import (
    Plan,
    first_of,
    is_open,
    own_date,
    plan,
)
from services.schedule.domain.span import local_date
from services.schedule.series import Series
from services.schedule.unit_of_work import UnitOfWork
from services.schedule.use_cases.creating import draft
from services.schedule.use_cases.occurring import occurrences_of, require_bounded
from services.schedule.use_cases.series_scope import Scope, due

Dated = list[tuple[Activity, datetime]]


@dataclass(frozen=True)
class NewRule:
    """Nothing of it is stored yet."""

    series: Series  # the one that continues the old one
    plan: Plan
    drafts: list[Activity]
    since: datetime  # the old rule's first date that is the new one's to decide on


def draw(
    uow: UnitOfWork,
    caller: Caller,
    named: Activity,
    old: Series,
    wanted: Recurrence,
    scope: Scope,
) -> NewRule:
    """Raises: Invalid about ``/recurrence/…`` or ``/scope``, Forbidden."""
    dated = _ahead(uow, caller, named, old, scope)
    start = min((own for each, own in dated if is_open(each, caller.now)), default=None)
    if start is None:
        raise invalid("/scope", "Tidak ada tanggal yang akan datang menurut aturan ini")
    series, starts = _successor(caller, old, wanted, start)
    found = plan(dated, starts, wanted.rdates, caller.now)
    if not all(may_change(caller, each) for each in _touched(found)):
        raise Forbidden
    since = min(due(each) for each, _ in dated)
    return NewRule(series, found, _drafts(uow, caller, series, found), since)


def _ahead(
    uow: UnitOfWork, caller: Caller, named: Activity, old: Series, scope: Scope
) -> Dated:
    """Dates of the old rule that are meant; one that was put off from a day that is
    over stays what it is."""
    rows = uow.activities.dated_from(old.series_id, caller.now, old.shift)
    mine = [named if row.activity_id == named.activity_id else row for row in rows]
    return [
        (each, own)
        for each in mine
        if (own := own_date(each, old.shift)) >= caller.now
        and (scope == "all" or due(each) >= due(named))
    ]


def _successor(
    caller: Caller, old: Series, wanted: Recurrence, start: datetime
) -> tuple[Series, tuple[datetime, ...]]:
    """At the hour the nights to come would have had."""
    template = old.template
    hour = (template.starts_at + old.shift).astimezone(ZONE).time()
    begin = datetime.combine(local_date(start), hour, ZONE)
    first = first_of(wanted, begin, caller.now)
    since = max(begin, caller.now)
    rule = rule_of(first, wanted, since=since)
    until = max(caller.now, first) + AHEAD
    expansion = expand(rule, since, until)
    if not expansion.starts:
        raise invalid("/recurrence/exdates", "Tidak ada tanggal yang tersisa")
    length = template.ends_at - template.starts_at if template.ends_at else None
    series = Series(
        series_id=new_id(),
        recurrence=wanted,
        template=structs.replace(
            template,
            starts_at=first,
            ends_at=first + length if length is not None else None,
            recurrence=wanted,
            external_ref=None,
        ),
        created_by=old.created_by,
        expanded_until=until,
        finished=expansion.finished,
        continues=old.series_id,
    )
    return series, expansion.starts


def _touched(found: Plan) -> list[Activity]:
    return [*found.off, *(each for each, _ in found.kept)]


def _drafts(
    uow: UnitOfWork, caller: Caller, series: Series, found: Plan
) -> list[Activity]:
    if not found.made:
        return []
    first = draft(uow, caller, series.template, new_id())
    first.created_by = series.created_by
    drafts = occurrences_of(first, series, found.made)
    require_bounded(drafts)
    return drafts
