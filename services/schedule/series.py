"""Series to and from their table: what occurrences are made of, and until when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import Session

from contracts import codec
from contracts.actor import ActorRef
from contracts.errors import NotFound
from contracts.schedule import Recurrence
from contracts.schedule_requests import CreateActivity
from services.schedule import tables
from services.schedule.domain.recurrence import Rule, rule_of

_S = tables.series.c


@dataclass
class Series:
    """`template.starts_at` is where the rule begins and never moves; `shift` is by
    how much later the occurrences were moved since.

    `continues`: the series whose rule this one changed. `agreed`: rooms and vehicles
    whose keepers said yes to the nights to come as well.
    """

    series_id: UUID
    recurrence: Recurrence
    template: CreateActivity
    created_by: ActorRef
    expanded_until: datetime
    finished: bool
    shift: timedelta = timedelta()
    continues: UUID | None = None
    agreed: list[UUID] = field(default_factory=list)

    @property
    def rule(self) -> Rule:
        return rule_of(self.template.starts_at, self.recurrence, since=self.since)

    def agree(self, resource_ids: Iterable[UUID]) -> None:
        """Their keepers need not be asked again for the nights to come."""
        self.agreed = sorted({*self.agreed, *resource_ids})

    def withdraw(self, resource_id: UUID) -> None:
        self.agreed = [key for key in self.agreed if key != resource_id]

    @property
    def since(self) -> datetime:
        """Of a changed rule an added date may lie before the first that it names."""
        return min([self.template.starts_at, *self.recurrence.rdates])


class SeriesRows:
    """Series of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, series: Series) -> None:
        self._session.execute(sa.insert(tables.series).values(_row_of(series)))

    def save(self, series: Series) -> None:
        own = _S.series_id == series.series_id
        statement = sa.update(tables.series).where(own)
        self._session.execute(statement.values(_row_of(series)))

    def withdraw_all(self, resource_id: UUID) -> None:
        """Nobody's yes to this thing holds for the nights to come."""
        lent = sa.any_(_S.agreed) == resource_id
        less = sa.func.array_remove(_S.agreed, resource_id)
        self._session.execute(sa.update(tables.series).where(lent).values(agreed=less))

    def get(self, series_id: UUID) -> Series:
        """Locked: acts on one series follow each other. Raises: NotFound."""
        query = sa.select(tables.series).where(_S.series_id == series_id)
        row = self._session.execute(query.with_for_update()).first()
        if row is None:
            raise NotFound
        return _series_of(row)

    def look_at(self, series_id: UUID) -> Series | None:
        """For readers: not locked."""
        query = sa.select(tables.series).where(_S.series_id == series_id)
        row = self._session.execute(query).first()
        return _series_of(row) if row is not None else None

    def behind(self, until: datetime) -> list[UUID]:
        """Series whose occurrences do not reach as far as `until`."""
        query = (
            sa.select(_S.series_id)
            .where(_S.finished.is_(False), _S.expanded_until < until)
            .order_by(_S.expanded_until, _S.series_id)
        )
        return list(self._session.scalars(query))


def _row_of(series: Series) -> dict[str, Any]:
    return {
        "series_id": series.series_id,
        "recurrence": codec.dump(series.recurrence),
        "template": codec.dump(series.template),
        "shift_seconds": round(series.shift.total_seconds()),
        "created_by": codec.dump(series.created_by),
        "expanded_until": series.expanded_until,
        "finished": series.finished,
        "continues": series.continues,
        "agreed": series.agreed,
    }


def _series_of(row: sa.Row[Any]) -> Series:
    return Series(
        series_id=row.series_id,
        recurrence=codec.load(Recurrence, row.recurrence),
        template=codec.load(CreateActivity, row.template),
        created_by=msgspec.convert(row.created_by, ActorRef),
        expanded_until=row.expanded_until,
        finished=row.finished,
        shift=timedelta(seconds=row.shift_seconds),
        continues=row.continues,
        agreed=list(row.agreed),
    )
