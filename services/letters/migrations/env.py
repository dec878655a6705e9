"""Alembic's entry: applied by `python -m ops migrate` on its open connection."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context

from services.letters import (  # noqa: F401 - their tables
    orm_dispositions,
    orm_outgoing,
    orm_registers,
    orm_search,
    orm_trail,
)
from services.letters.orm import metadata


def run(connection: sa.Connection) -> None:
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    engine = sa.create_engine(context.config.get_main_option("sqlalchemy.url") or "")
    with engine.begin() as opened:
        run(opened)
