"""Letters on a real database: the demo regency, a clock that stands still."""

from chassis.testing import patch_eventlet

patch_eventlet()

from collections.abc import Callable, Iterator  # noqa: E402

import pytest  # noqa: E402

from chassis.database import Database  # noqa: E402
from services.letters import reference  # noqa: E402
from services.letters.unit_of_work import opener  # noqa: E402
from tests.integration.letters.desk import Desk  # noqa: E402
from tests.unit.letters import offices  # noqa: E402


@pytest.fixture(scope="module")
def database(database_of: Callable[[str], Database]) -> Database:
    db = database_of("letters")
    with opener(db, lambda: offices.NOW)() as uow:
        reference.load(uow.session, offices.DEMO)
        uow.commit()
    return db


@pytest.fixture
def desk(database: Database) -> Iterator[Desk]:
    return Desk(database, offices.regency())
