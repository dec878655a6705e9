"""A service that follows the directory: filled, in force within 2 s, outlives it."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
import sqlalchemy as sa

from chassis import clock
from chassis.checks import Checks
from chassis.config import Config
from chassis.database import Database as Store
from chassis.entrypoints import rpc
from chassis.organisation_copy_provider import FollowsDirectory, sql_copy
from chassis.organisation_copy_sql import create_organisation_tables
from chassis.providers import Call, Clock, Database
from chassis.testing import wait_until
from contracts.errors import Unavailable
from services.directory.domain.appointments import day_of
from services.directory.service import Service as Directory


class Follower(FollowsDirectory):
    name = "follower"

    db = Database()
    call = Call()
    clock = Clock()

    @rpc
    def holders(self, code: str) -> list[str]:
        org = self.org()
        position = org.position_by_code(code)
        return [row.capacity for row in org.holders(position.position_id, self.clock())]


@pytest.fixture(scope="module")
def directory(regency, run_service):
    return run_service(Directory)


@pytest.fixture(scope="module")
def follower(database_of, run_service):
    database: Store = database_of("follower")
    with database.engine.begin() as connection:
        create_organisation_tables(connection)
    return run_service(Follower)


@pytest.fixture
def holders(rpc_call):
    return lambda code: rpc_call("follower", "holders", code=code)


def test_copy_follows_within_two_seconds_and_outlives_the_directory(
    config: Config, regency, follower, rpc_call, holders, request
):
    with pytest.raises(Unavailable):
        holders("kadis.dkp")
    assert not ready(follower)
    directory = request.getfixturevalue("directory")
    wait_until(lambda: filled(holders), timeout=8)
    assert ready(follower)
    second_process = sql_copy(config, "follower")
    second_process.refresh()

    began = time.monotonic()
    created = appoint_plh(regency, rpc_call, "sekretaris.dkp", "kadis.dkp")
    wait_until(lambda: holders("kadis.dkp") == ["plh", "definitive"])
    assert time.monotonic() - began < 2
    second_process.refresh()
    position = regency.position("kadis.dkp")
    assert len(second_process().holders(position, clock.now())) == 2

    began = time.monotonic()
    end_now(regency, rpc_call, created)
    wait_until(lambda: holders("kadis.dkp") == ["definitive"])
    assert time.monotonic() - began < 2

    directory.drain()
    assert holders("kadis.dkp") == ["definitive"]
    restarted = sql_copy(config, "follower")
    assert restarted().holder(position, clock.now()) is not None
    for index in (second_process, restarted):
        index.close()


def ready(container):
    return Checks(container).run()["org"].ok


def filled(holders):
    try:
        return holders("kadis.dkp") == ["definitive"]
    except Unavailable:
        return False


def appoint_plh(regency, rpc_call, person, position):
    today = day_of(clock.now())
    body = {
        "person_id": str(regency.people[person]),
        "position_id": str(regency.position(position)),
        "capacity": "plh",
        "starts_on": today.isoformat(),
        "ends_on": (today + timedelta(days=3)).isoformat(),
    }
    answer = rpc_call(
        "directory", "create_assignment", context=regency.context("admin"), body=body
    )
    return answer["body"]["assignment_id"]


def end_now(regency, rpc_call, assignment_id):
    rpc_call(
        "directory",
        "end_assignment",
        context=regency.context("admin"),
        assignment_id=assignment_id,
        body={"immediately": True},
    )


def test_store_that_fails_leaves_the_index_serving(config: Config, follower, directory):
    index = sql_copy(config, "follower")
    before = index()

    index.store._db.engine.dispose()
    index.store._db.engine = sa.create_engine("postgresql+psycopg2://127.0.0.1:1/none")
    with pytest.raises(sa.exc.OperationalError):
        index.refresh()

    assert index() is before
