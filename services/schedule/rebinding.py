"""When to look for lines of offices that changed hands, in this process."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from chassis.organisation import Organisation
from chassis.unit_of_work import repeatable
from contracts.errors import Unavailable
from services.schedule.unit_of_work import UnitOfWork
from services.schedule.use_cases.rebinding import find_stale, rebind_activity

SURELY = timedelta(minutes=5)

log = structlog.get_logger(__name__)


class Rebinding:
    """Remembers for which organisation the lines were last compared.

    Every replica compares; the row lock of an activity lets one of them move its
    lines, the others find nothing to do.
    """

    def __init__(self) -> None:
        self._done_for: Organisation | None = None
        self._done_at: datetime | None = None

    def run(
        self,
        open_uow: Callable[[], UnitOfWork],
        ask_org: Callable[[], Organisation],
        now: datetime,
    ) -> int:
        """How many activities were moved; 0 without a look when nothing changed."""
        try:
            org = ask_org()
        except Unavailable:
            return 0  # the read copy was never filled: nothing is bound yet
        recent = self._done_at is not None and now - self._done_at < SURELY
        if org is self._done_for and recent:
            return 0
        moved = rebind_lines(open_uow, org, now, self._written(org))
        self._done_for, self._done_at = org, now
        return moved

    def _written(self, org: Organisation) -> datetime | None:
        """All lines were compared with this organisation: what is left are those
        written since, or at the time, by who did not know it yet."""
        if org is not self._done_for or self._done_at is None:
            return None
        return self._done_at - SURELY


def rebind_lines(
    open_uow: Callable[[], UnitOfWork],
    org: Organisation,
    now: datetime,
    written: datetime | None = None,
) -> int:
    """Move every stale activity (`written` since) in a transaction of its own."""
    with open_uow() as uow:
        stale = find_stale(uow.session, org, now, written)
    moved = 0
    for activity_id in stale:

        def attempt(activity_id: UUID = activity_id) -> bool:
            with open_uow() as uow:
                changed = rebind_activity(uow, org, activity_id)
                uow.commit()
                return changed

        moved += repeatable(attempt)
    if stale:
        log.info("lines rebound", stale=len(stale), moved=moved)
    return moved
