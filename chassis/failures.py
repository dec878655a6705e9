"""Which failures pass by themselves: the database away, a peer away, a lost race."""

from __future__ import annotations

from eventlet.timeout import Timeout
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from chassis.confirms import NotConfirmed
from chassis.unit_of_work import REPEATABLE, sqlstate
from contracts.errors import RakatError, TooMany, Unavailable

#: Admin shutdown, crash, cannot connect now, too many connections, timeouts.
_PASSING = REPEATABLE | {"57P01", "57P02", "57P03", "53300", "57014", "25P03", "55P03"}

_TRANSIENT = (
    OperationalError,
    PoolTimeout,
    Unavailable,
    TooMany,
    NotConfirmed,
    ConnectionError,
    TimeoutError,
    Timeout,
)


class HandlerTimeout(TimeoutError):
    """A handler ran longer than ``handler_timeout``."""


def is_transient(error: BaseException) -> bool:
    """Whether the same work may succeed a little later, unchanged."""
    if isinstance(error, _TRANSIENT):
        return True
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or sqlstate(error) in _PASSING
    return type(error).__module__.startswith("pymongo") and _retryable_mongo(error)


def to_error(error: BaseException) -> RakatError | None:
    """The error a caller may see; None = an internal one."""
    if isinstance(error, RakatError):
        return error
    if is_transient(error):
        return Unavailable(retry_after=1)
    return None


def _retryable_mongo(error: BaseException) -> bool:
    # by name: the chassis does not import pymongo where no service uses it
    names = {kind.__name__ for kind in type(error).__mro__}
    return bool(names & {"ConnectionFailure", "ExecutionTimeout", "WTimeoutError"})
