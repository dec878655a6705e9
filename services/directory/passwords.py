"""Password hashes (argon2id), computed off the hub and a few at a time.

A hash takes about 25 ms and 19 MiB on purpose. In a service process it runs on a
native thread, so that other greenthreads go on; not more run at once than help.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TypeVar

import eventlet
import eventlet.tpool
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from eventlet import patcher
from eventlet.semaphore import Semaphore

AT_ONCE = 4

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_room = Semaphore(AT_ONCE)

T = TypeVar("T")


def hash_password(password: str) -> str:
    return _off_the_hub(lambda: _hasher.hash(_bytes(password)))


def matches(password_hash: str | None, password: str) -> bool:
    """Whether the password is right; an unknown account costs the same time."""
    stored = password_hash or _nobodys()
    right = _off_the_hub(lambda: _verify(stored, password))
    return right and password_hash is not None


def _verify(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, _bytes(password))
    except (VerifyMismatchError, InvalidHashError):
        return False


def _bytes(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")


@functools.cache
def _nobodys() -> str:
    """A hash like the others, of a password that does not matter."""
    return hash_password("nobody")


def _off_the_hub(work: Callable[[], T]) -> T:
    if not patcher.is_monkey_patched("thread"):
        return work()
    with _room:
        found: T = eventlet.tpool.execute(work)
        return found
