"""Short reads one after the other, not all at once.

::

    turns = Turns()                       # in a service class

    with self.turns.one():
        ...                               # a read

Sixteen calls that share one core by turns of a millisecond all end late; who has most to
do ends last by far. Taken up in the order they came, a few at a time, they end as early
on the whole, and the last of them much earlier. A turn is a courtesy, no lock: who has
waited `PATIENCE` seconds goes on without one, so that slow neighbours hold up nobody for
longer than that.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

import eventlet
from eventlet.event import Event
from nameko.containers import WorkerContext
from nameko.extensions import DependencyProvider

AT_ONCE = 8  # with four, a busy database left the process idle (ADR 0121)
PATIENCE = 0.1


class Queue:
    """Who stands in line for a turn; for greenthreads of one process."""

    def __init__(self, at_once: int = AT_ONCE, patience: float = PATIENCE) -> None:
        self._free, self._patience = at_once, patience
        self._line: deque[Event] = deque()

    @contextmanager
    def one(self) -> Iterator[bool]:
        """Wait for a turn and keep it for the block; False: it goes without."""
        mine = self._taken()
        try:
            yield mine
        finally:
            if mine:
                self._pass_on()

    def _taken(self) -> bool:
        # While somebody waits none is free: who ends hands his turn to the first.
        if self._free:
            self._free -= 1
            return True
        place = Event()
        self._line.append(place)
        try:
            with eventlet.Timeout(self._patience, False):
                place.wait()
        except BaseException:
            if not self._left(place):
                self._pass_on()
            raise
        return not self._left(place)

    def _left(self, place: Event) -> bool:
        """Whether he still stood in line and does so no more."""
        try:
            self._line.remove(place)
        except ValueError:
            return False
        return True

    def _pass_on(self) -> None:
        if self._line:
            self._line.popleft().send(True)
        else:
            self._free += 1


class Turns(DependencyProvider):
    """Injects the process's `Queue` of one kind of reads."""

    def __init__(self, at_once: int = AT_ONCE, patience: float = PATIENCE) -> None:
        self._at_once, self._patience = at_once, patience

    def setup(self) -> None:
        self._queue = Queue(self._at_once, self._patience)

    def get_dependency(self, worker_ctx: WorkerContext) -> Queue:
        return self._queue
