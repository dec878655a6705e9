"""The read copies of the organisation, filled before the services start.

Left alone they fill themselves from the directory; but the events of the demo would
reach handlers that know no office yet, and wait for their first retry.
"""

from __future__ import annotations

import pymongo

from chassis.config import Config
from chassis.database import Database
from chassis.mongo import open_database
from chassis.organisation_copy import CopyStore, rows_of
from chassis.organisation_copy_mongo import MongoCopyStore
from chassis.organisation_copy_sql import SqlCopyStore
from services.directory import snapshots

LOAD_SECONDS = 60


def fill(config: Config, stores: dict[str, Database]) -> None:
    with stores["directory"].session() as session:
        snapshot = snapshots.snapshot(session)
    copies: list[CopyStore] = [
        SqlCopyStore(stores["letters"]),
        SqlCopyStore(stores["schedule"]),
    ]
    if config.mongo_url:
        copies.append(MongoCopyStore(open_database(config, "notify")))
    # A whole organisation at once: what a request may wait is not meant for this.
    with pymongo.timeout(LOAD_SECONDS):
        for copy in copies:
            copy.replace(rows_of(snapshot), synced_to=snapshot.revision)
