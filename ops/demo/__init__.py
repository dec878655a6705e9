"""The demo: the regency's organisation and a few days of its work.

Seeding runs once, on empty databases, before the services start. Each store is filled in
one transaction, so an interrupted seeding leaves nothing half done. The events wait in
the outboxes; notify hears of everything as soon as the services run.
"""

from __future__ import annotations

from chassis import clock
from chassis.config import Config
from chassis.database import Database


def seed(config: Config) -> str:
    """What was done, in words."""
    # Imported here: a start on databases that are full already needs none of it.
    import sqlalchemy as sa

    stores = {
        name: Database.of_service(config, name, pool_size=1)
        for name in ("directory", "letters", "schedule")
    }
    probes = {"directory": "position", "letters": "letter", "schedule": "resource"}
    empty = []
    for name, table in probes.items():
        with stores[name].engine.connect() as connection:
            query = sa.text(f"SELECT NOT EXISTS (SELECT FROM {table})")
            if connection.scalar(query):
                empty.append(name)
    done = _fill(config, stores, empty) if empty else "the demo is there already"
    for store in stores.values():
        store.close()
    return done


def _fill(config: Config, stores: dict[str, Database], empty: list[str]) -> str:
    from ops.demo import copies, directory, letters, schedule
    from ops.demo.moments import Moments
    from services.directory.unit_of_work import read_organisation

    told = []
    if "directory" in empty:
        told.append(directory.fill(stores["directory"], config))
        copies.fill(config, stores)
    moments = Moments(clock.now())
    org = read_organisation(stores["directory"])
    if "letters" in empty:
        told.append(letters.fill(stores["letters"], org, moments, config.blob_url))
    if "schedule" in empty:
        told.append(schedule.fill(stores["schedule"], org, moments))
    return "; ".join(told)
