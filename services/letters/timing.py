"""A bound on one query that a caller's own words may make slow.

A merge join is never right here: a page is short, and to reach its range of letters the
join reads all that lie before it (measured in D18).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from chassis.database import PRELUDE
from chassis.unit_of_work import sqlstate
from contracts.errors import Invalid

_CANCELLED = "57014"
_BOUND = "SET LOCAL statement_timeout = {}; SET LOCAL enable_mergejoin = off; "


@contextmanager
def bounded(session: Session, milliseconds: int) -> Iterator[None]:
    """Statements in the block may take so long each.

    Raises: Invalid `query_too_broad`.
    """
    try:
        with preceded(session, _BOUND.format(int(milliseconds))):
            yield
    except DBAPIError as error:
        if sqlstate(error) != _CANCELLED:
            raise
        raise Invalid("query_too_broad") from error


@contextmanager
def preceded(session: Session, settings: str) -> Iterator[None]:
    """Statements in the block are sent behind these settings, which end with them."""
    told = session.connection().info
    told[PRELUDE] = settings
    try:
        yield
    finally:
        told.pop(PRELUDE, None)
