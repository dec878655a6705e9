"""How a nameko service follows the directory: inherit `FollowsDirectory`.

::

    class Service(FollowsDirectory):      # brings `org`, its event handler, its timer
        name = "letters"

        @rpc
        def get_letter(self, letter_id):
            org = self.org()              # chassis.organisation.Organisation

A MongoDB service says ``org = Org(open_index)`` itself, with a function that opens
an `OrganisationCopy` over its `MongoCopyStore`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import structlog
from nameko.containers import WorkerContext
from nameko.extensions import DependencyProvider

from chassis import logs
from chassis.config import Config
from chassis.database import Database
from chassis.entrypoints import every, on_event
from chassis.organisation_copy import OrganisationCopy, OrganisationIndex
from chassis.organisation_copy_sql import SqlCopyStore
from chassis.providers import Remote
from contracts.directory import DirectoryChanged
from contracts.envelope import Envelope
from contracts.errors import Unavailable

POLL = 0.5
RESYNC = 60.0
RETRY = 10.0

log = structlog.get_logger(__name__)


OpenIndex = Callable[[Config, str], OrganisationIndex]


def sql_copy(config: Config, service: str) -> OrganisationCopy:
    """The copy in the service's own PostgreSQL database."""
    db = Database.of_service(config, service, pool_size=2)
    return OrganisationCopy(SqlCopyStore(db))


class Org(DependencyProvider):
    """Injects the process's index: ``self.org()`` is the organisation."""

    def __init__(self, open_index: OpenIndex = sql_copy) -> None:
        self._open_index = open_index
        self._stopping = False

    def setup(self) -> None:
        self._index = self._open_index(
            self.container.config, self.container.service_name
        )

    def start(self) -> None:
        self.container.spawn_managed_thread(self._watch, identifier="organisation")

    def stop(self) -> None:
        self._stopping = True
        self._index.close()

    def check_health(self) -> None:
        """Ready once the organisation is known. Raises: Unavailable."""
        self._index()

    def get_dependency(self, worker_ctx: WorkerContext) -> OrganisationIndex:
        return self._index

    def _watch(self) -> None:
        """Notice what other processes wrote; a store that is away changes nothing."""
        while not self._stopping:
            try:
                self._index.refresh()
            except Exception as error:
                # Border of a background thread: the index in memory keeps serving.
                log.warning("organisation not refreshed", **logs.describe(error))
            time.sleep(POLL)


class FollowsDirectory:
    """Mixin of a nameko service that keeps a read copy of the directory."""

    org: Any = Org()
    remote: Any = Remote()

    @on_event("directory", DirectoryChanged.type)
    def on_directory_changed(self, envelope: Envelope) -> None:
        self.org.apply(envelope.data)

    @every(2, eager=True)
    def follow_directory(self) -> None:
        """Fill the copy at the start, and complete it once a minute after."""
        if self.org.due(time.monotonic()):
            complete(self.org, self.remote)


def complete(copy: OrganisationCopy, remote: Any) -> None:
    """Bring the copy up to the directory's present revision, if it can be asked."""
    try:
        since = copy.store.synced_to()
        if not copy.fill(remote.call("directory", "snapshot", timeout=5, since=since)):
            copy.refill(remote.call("directory", "snapshot", timeout=5, since=0))
        copy.ask_again_at(time.monotonic() + RESYNC)
    except Unavailable as error:
        copy.ask_again_at(time.monotonic() + (RETRY if copy.filled else 0.0))
        log.warning("organisation not completed", code=error.code)
