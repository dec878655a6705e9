"""The PostgreSQL databases: made when missing, migrated by each service's Alembic.

One database per service on one server (ADR D8). Alembic gets the open connection in
`config.attributes["connection"]` and the address as `sqlalchemy.url`. An advisory lock
lets several machines migrate at once: the later ones find nothing to do.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config as AlembicConfig

from chassis.config import Config

SERVICES = ("directory", "letters", "schedule")

_ROOT = Path(__file__).resolve().parent.parent
_LOCK = 7_254_001


def database_url(config: Config, service: str) -> sa.URL:
    server = sa.make_url(config.need("database_url")).set(
        drivername="postgresql+psycopg2"
    )
    return server.set(database=config.database_name(service))


def migrate(config: Config, services: tuple[str, ...] = SERVICES) -> None:
    create_databases(config, services)
    for service in services:
        upgrade(database_url(config, service), service)


def create_databases(config: Config, services: tuple[str, ...]) -> None:
    server = sa.make_url(config.need("database_url")).set(
        drivername="postgresql+psycopg2"
    )
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text("select pg_advisory_lock(:key)"), {"key": _LOCK})
        present = set(connection.scalars(sa.text("select datname from pg_database")))
        for service in services:
            name = config.database_name(service)
            if name not in present:
                quoted = engine.dialect.identifier_preparer.quote_identifier(name)
                connection.execute(sa.text(f"create database {quoted}"))
    engine.dispose()


def upgrade(url: sa.URL, service: str) -> None:
    script = AlembicConfig()
    script.set_main_option(
        "script_location", str(_ROOT / "services" / service / "migrations")
    )
    address = url.render_as_string(hide_password=False)
    script.set_main_option("sqlalchemy.url", address.replace("%", "%%"))
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        connection.execute(sa.text("select pg_advisory_lock(:key)"), {"key": _LOCK})
        connection.commit()
        script.attributes["connection"] = connection
        command.upgrade(script, "head")
        connection.commit()
    engine.dispose()
