"""A database of its own on the real server, dropped at the end of each test."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from pymongo.database import Database

from chassis.config import Config
from chassis.ids import new_id
from chassis.mongo import open_database
from services.notify.indexes import ensure_indexes
from services.notify.repository import Notifications


@pytest.fixture
def config() -> Config:
    return Config(
        mongo_url=os.environ["RAKAT_TEST_MONGO_URL"],
        db_prefix=f"test_{new_id().hex[-12:]}_",
    )


@pytest.fixture
def database(config: Config) -> Iterator[Database[dict[str, Any]]]:
    opened = open_database(config, "notify")
    ensure_indexes(opened)
    yield opened
    opened.client.drop_database(opened.name)
    opened.client.close()


@pytest.fixture
def notifications(database: Database[dict[str, Any]]) -> Notifications:
    return Notifications(database)
