"""The organisation of the demo: units, offices, one holder and account per office."""

from __future__ import annotations

from chassis import clock
from chassis.config import Config
from chassis.database import Database
from ops.demo.story import FACTS
from ops.stack.settings import DEMO_PASSWORD
from services.directory.importing import import_organisation
from services.directory.unit_of_work import opener


def fill(db: Database, config: Config) -> str:
    with opener(db, clock.now)() as uow:
        done = import_organisation(
            uow,
            FACTS / "units.csv",
            FACTS / "positions.csv",
            officials_csv=FACTS / "officials.csv",
            password=config.demo_password or DEMO_PASSWORD,
            demo=True,
        )
        uow.commit()
    return f"{done.units} units, {done.positions} offices"
