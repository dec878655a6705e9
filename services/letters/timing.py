"""A bound on one query that a caller's own words may make slow.

A merge join is never right here: a page is short, and to reach its range of letters the
join reads all that lie before it (measured in D18).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from chassis.unit_of_work import sqlstate
from contracts.errors import Invalid

_CANCELLED = "57014"
_BOUND = sa.text(
    "SELECT set_config('statement_timeout', :milliseconds, true),"
    " set_config('enable_mergejoin', 'off', true)"
)


@contextmanager
def bounded(session: Session, milliseconds: int) -> Iterator[None]:
    """Statements from here to the end of the transaction may take so long each.

    Raises: Invalid `query_too_broad`.
    """
    session.execute(_BOUND, {"milliseconds": str(milliseconds)})
    try:
        yield
    except DBAPIError as error:
        if sqlstate(error) != _CANCELLED:
            raise
        raise Invalid("query_too_broad") from error
