"""The migrations create exactly the tables that the code declares."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from services.directory.orm import metadata


def test_migrated_database_equals_the_declared_tables(database_of):
    with database_of("directory").engine.connect() as connection:
        context = MigrationContext.configure(connection)

        assert compare_metadata(context, metadata) == []
