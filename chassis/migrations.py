"""Alembic per service: ``services/<service>/migrations`` on the service's database."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.script import ScriptDirectory
from sqlalchemy.exc import ProgrammingError

from chassis.config import Config
from chassis.database import service_url

_DUPLICATE_DATABASE = "42P04"


def migrations_folder(service: str) -> Path | None:
    """Where the service keeps its migrations; None when it has none."""
    spec = find_spec(f"services.{service}") if find_spec("services") else None
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent / "migrations"
    return folder if (folder / "env.py").is_file() else None


def head_revision(service: str) -> set[str] | None:
    """The revisions a migrated database is at; None without migrations."""
    folder = migrations_folder(service)
    if folder is None:
        return None
    return set(ScriptDirectory(str(folder)).get_heads())


def migrate(config: Config, service: str) -> None:
    """Create the service's database when missing and bring it to the head."""
    create_database(config, service)
    url = service_url(config, service).set(drivername="postgresql+psycopg2")
    upgrade(service, url)


def upgrade(service: str, url: sa.URL, revision: str = "head") -> None:
    """Run the service's migrations on `url`."""
    folder = migrations_folder(service)
    if folder is None:
        return
    command.upgrade(alembic_config(folder, url), revision)


def alembic_config(folder: Path, url: sa.URL) -> AlembicConfig:
    """What `env.py` reads: ``sqlalchemy.url`` (with % escaped) and the folder."""
    config = AlembicConfig()
    config.set_main_option("script_location", str(folder))
    text = url.render_as_string(hide_password=False)
    config.set_main_option("sqlalchemy.url", text.replace("%", "%%"))
    return config


def create_database(config: Config, service: str) -> None:
    """``CREATE DATABASE`` unless it is there."""
    name = config.database_name(service)
    server = sa.make_url(config.need("database_url"))
    engine = _admin_engine(server)
    try:
        with engine.connect() as connection:
            _create(connection, name)
    finally:
        engine.dispose()


def drop_database(config: Config, service: str) -> None:
    """For tests: drop the service's database with whoever is connected."""
    engine = _admin_engine(sa.make_url(config.need("database_url")))
    name = config.database_name(service)
    try:
        with engine.connect() as connection:
            statement = f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'
            connection.execute(sa.text(statement))
    finally:
        engine.dispose()


def _admin_engine(server: sa.URL) -> sa.Engine:
    url = server.set(drivername="postgresql+psycopg2")
    return sa.create_engine(
        url, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 5}
    )


def _create(connection: Any, name: str) -> None:
    query = sa.text("SELECT 1 FROM pg_database WHERE datname = :name")
    if connection.execute(query, {"name": name}).first():
        return
    try:
        connection.execute(sa.text(f'CREATE DATABASE "{name}"'))
    except ProgrammingError as error:
        if getattr(error.orig, "pgcode", None) != _DUPLICATE_DATABASE:
            raise
