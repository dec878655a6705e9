"""Schedule's use cases on a real database, in an eventlet-patched process."""

from chassis.testing import patch_eventlet

patch_eventlet()

from collections.abc import Callable, Iterator  # noqa: E402

import pytest  # noqa: E402

from chassis.database import Database  # noqa: E402
from tests.integration.schedule.desk import Desk  # noqa: E402


@pytest.fixture(scope="module")
def database(database_of: Callable[[str], Database]) -> Iterator[Database]:
    """Wide enough for a race of 32 clients."""
    narrow = database_of("schedule")
    wide = Database(narrow.url, "schedule", pool_size=40)
    yield wide
    wide.close()


@pytest.fixture
def desk(database: Database) -> Desk:
    """An empty schedule with a few rooms and vehicles."""
    desk = Desk(database)
    desk.clear()
    desk.furnish()
    return desk
