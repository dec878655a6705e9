"""Both real stores of the read copy keep newer rows only and count their changes."""

from __future__ import annotations

import os
import uuid

import pytest
import sqlalchemy as sa
from pymongo import MongoClient

from chassis.database import Database
from chassis.organisation_copy import CopyRow
from chassis.organisation_copy_mongo import MongoCopyStore
from chassis.organisation_copy_sql import SqlCopyStore, create_organisation_tables

PERSON = uuid.UUID(int=1)


def row(version, name, row_id=PERSON):
    body = {"person_id": str(row_id), "name": name, "version": version}
    return CopyRow("person", row_id, version, body if name else None)


@pytest.fixture
def sql_store():
    server = sa.make_url(os.environ["RAKAT_TEST_DATABASE_URL"])
    name = f"copy_{uuid.uuid4().hex[:12]}"
    admin = sa.create_engine(
        server.set(drivername="postgresql+psycopg2"), isolation_level="AUTOCOMMIT"
    )
    with admin.connect() as connection:
        connection.execute(sa.text(f'CREATE DATABASE "{name}"'))
    db = Database(server.set(database=name), "copy")
    with db.engine.begin() as connection:
        create_organisation_tables(connection)
    yield SqlCopyStore(db)
    db.close()
    with admin.connect() as connection:
        connection.execute(sa.text(f'DROP DATABASE "{name}"'))
    admin.dispose()


@pytest.fixture
def mongo_store():
    client = MongoClient(os.environ["RAKAT_TEST_MONGO_URL"])
    name = f"copy_{uuid.uuid4().hex[:12]}"
    yield MongoCopyStore(client[name])
    client.drop_database(name)
    client.close()


@pytest.fixture(params=["sql_store", "mongo_store"])
def store(request):
    return request.getfixturevalue(request.param)


def test_store_keeps_the_newest_version_whatever_comes_last(store):
    store.apply([row(2, "new"), row(1, "other", uuid.UUID(int=2))])
    store.apply([row(1, "old")])

    assert sorted(body["name"] for _, body in store.rows()) == ["new", "other"]


def test_tombstone_hides_a_row_even_when_the_row_arrives_late(store):
    store.apply([row(2, None)])
    store.apply([row(1, "old")])

    assert store.rows() == []


def test_revision_is_zero_until_a_snapshot_and_moves_with_each_change(store):
    assert store.revision() == 0
    store.apply([row(5, "early")])
    assert store.revision() == 0

    store.apply([], synced_to=4)
    first = store.revision()
    store.apply([row(6, "later")])

    assert first > 0
    assert store.revision() > first
    assert store.synced_to() == 4


def test_older_snapshot_never_moves_the_mark_back(store):
    store.apply([], synced_to=7)
    store.apply([], synced_to=3)

    assert store.synced_to() == 7


def test_replace_forgets_what_was_newer(store):
    store.apply([row(9, "newer")], synced_to=9)
    store.replace([row(3, "restored")], synced_to=3)

    assert [body["name"] for _, body in store.rows()] == ["restored"]
    assert store.synced_to() == 3
