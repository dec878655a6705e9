"""The schedule service at ten thousand and at a million lines.

Both times the same questions about the same weeks of the same offices, which are as
busy: the smaller schedule holds sixty offices for two months, the larger 500 for two
years. What grows is only what nobody asks about.
"""

from __future__ import annotations

import asyncio
import dataclasses
import tempfile
import time
import uuid
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from chassis import migrations
from chassis.clock import now
from chassis.config import Config
from chassis.context import CallContext
from chassis.database import Database
from chassis.organisation_copy import OrganisationCopy
from chassis.organisation_copy_sql import SqlCopyStore
from contracts import codec
from gateway.bus import RabbitBus
from gateway.client import Client
from ops.stack import Stores
from ops.stack.ports import free_run
from services.schedule.domain.span import local_date
from services.schedule.service import Service
from tests.bench import schedule_asks
from tests.bench import schedule_loader as loader
from tests.bench import schedule_regency as regency
from tests.bench.asking import (
    Ask,
    Line,
    OverRpc,
    bare,
    endless,
    running,
    said,
    table,
    until_answers,
)
from tests.bench.figures import alternate
from tests.bench.letters_plans import sent_by

# How many lines of how many offices.
SMALL = (10_000, regency.LEADERS + regency.SIZE)
LARGE, QUICK = (1_000_000, regency.OFFICES), (100_000, regency.OFFICES)
CLIENTS, BOOKERS = (1, 16), (1, 20)
ROUNDS = 4
READY = Ask(regency.REGENT, "list_resources", {"query": {"limit": 1}})


def timed_main(*, quick: bool) -> str:
    """The table, as Markdown."""
    began = time.monotonic()
    lines: list[Line] = []
    notes: list[str] = []
    with tempfile.TemporaryDirectory(prefix="rakat-bench-") as folder:
        Path(folder).chmod(0o755)
        stores = Stores.throw_away(Path(folder) / "stores")
        # Unlike in tests, a commit here costs what it costs in production.
        stores.settings = dataclasses.replace(stores.settings, durable=True)
        with stores:
            environ = stores.test_environ()
            for count, offices in (SMALL, QUICK if quick else LARGE):
                found, note = _measure(environ, count, offices, quick=quick)
                lines += found
                notes.append(note)
    notes.append(f"Times are ms, p50 / p99. {time.monotonic() - began:.0f} s in all.")
    return "\n".join([*notes, "", *table(lines), "", *_rates(lines)])


def _measure(
    environ: Mapping[str, str], count: int, offices: int, *, quick: bool
) -> tuple[list[Line], str]:
    config = Config(
        amqp_uri=environ["RAKAT_TEST_AMQP_URI"],
        database_url=environ["RAKAT_TEST_DATABASE_URL"],
        db_prefix=f"bench{count}_",
        ops_port=free_run(5),
    )
    migrations.migrate(config, "schedule")
    database = Database.of_service(config, "schedule", pool_size=max(BOOKERS))
    today = local_date(now())
    monday = today - timedelta(days=today.weekday())
    made, seconds = loader.load(database, count, monday, offices)
    OrganisationCopy(SqlCopyStore(database)).fill(codec.dump(regency.snapshot()))
    note = f"{made:,} lines of {offices} offices, made and analysed in {seconds:.0f} s."
    print(note, flush=True)
    reads, bookings = _asks(database, monday, quick=quick)
    with running(config, "schedule"):
        lines = asyncio.run(
            _compare(config, database, count, reads, bookings, quick=quick)
        )
    database.close()
    migrations.drop_database(config, "schedule")
    return lines, note


def _asks(
    database: Database, monday: date, *, quick: bool
) -> tuple[dict[str, list[Ask]], dict[int, list[Ask]]]:
    """The reads, and the bookings for each number of clients."""
    service = _Unbound(database)
    reads = {
        what: [service.with_statements(ask) for ask in asks]
        for what, asks in schedule_asks.reads(monday).items()
    }
    made = schedule_asks.bookings(monday)
    bookings = {
        clients: [
            next(made) for _ in range(2 * (ROUNDS + 1) * _calls(clients, quick=quick))
        ]
        for clients in BOOKERS
    }
    for clients, asks in bookings.items():
        # half of them are sent bare: carried out once, noted and taken back
        half = len(asks) // 2
        noted = [service.with_statements(ask) for ask in asks[:half]]
        bookings[clients] = [*noted, *asks[half:]]
    loader.forget(database, schedule_asks.BOOKED)
    return reads, bookings


def _calls(clients: int, *, quick: bool) -> int:
    return (60 if clients == 1 else 160) // (2 if quick else 1)


def _reads(what: str, clients: int, *, quick: bool) -> int:
    """Fewer of the week, whose pages take longest: the whole stays below 8 minutes."""
    calls = (32 if what == schedule_asks.WEEK else 96) * (1 if clients == 1 else 2)
    return calls // (2 if quick else 1)


class _Unbound:
    """The service's methods without a bus, to see what they send."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def call(self, ask: Ask) -> None:
        arguments = ask.arguments
        while True:
            found = self._method(ask)(**arguments)
            if not ask.whole or found["next_cursor"] is None:
                return
            arguments = ask.following(found["next_cursor"])

    def _method(self, ask: Ask) -> Any:
        service = Service()
        service.db, service.clock = self._database, now
        service.org = regency.organisation
        service.call = CallContext(
            actor=regency.actor(ask.reader),
            request_id=str(uuid.uuid4()),
        )
        return getattr(service, ask.method)

    def with_statements(self, ask: Ask) -> Ask:
        sent = sent_by(self._database, lambda: self.call(ask))
        return dataclasses.replace(ask, sent=tuple(sent))


async def _compare(
    config: Config,
    database: Database,
    count: int,
    reads: dict[str, list[Ask]],
    bookings: dict[int, list[Ask]],
    *,
    quick: bool,
) -> list[Line]:
    bus = RabbitBus(config.amqp_uri)
    await bus.open()
    client = Client(bus)
    await until_answers(client, "schedule", READY)
    lines = []
    runs = [
        *((what, n, asks) for what, asks in reads.items() for n in CLIENTS),
        *(("booking", n, asks) for n, asks in bookings.items()),
    ]
    try:
        for what, clients, asks in runs:
            books, half = what == "booking", len(asks) // 2
            first, second = (
                (iter(asks[:half]), iter(asks[half:]))
                if books
                else (endless(asks), endless(asks))
            )
            calls = _reads(what, clients, quick=quick)
            service = OverRpc(client, "schedule", second)
            samples = await alternate(
                {"bare": bare(database, first), "service": service},
                rounds=ROUNDS if books or not quick else 2,
                calls=_calls(clients, quick=quick) if books else calls,
                in_flight=clients,
            )
            lines.append(Line(what, count, clients, samples, service.refused))
            print(said(lines[-1]), flush=True)
    finally:
        await bus.close()
    return lines


def _rates(lines: list[Line]) -> list[str]:
    """Bookings a second."""
    return [
        f"- {line.size:,} lines, {line.clients} clients:"
        f" {line.samples['service'].rate:,.0f} bookings a second"
        f" (the statements bare: {line.samples['bare'].rate:,.0f})"
        for line in lines
        if line.what == "booking"
    ]
