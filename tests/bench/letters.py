"""The letters service at ten thousand and at a million letters.

Each read goes over RPC through a service process, and beside it the very statements it
sends are sent bare, by threads with a connection each. Every round of one contestant is
followed by a round of the other.
"""

from __future__ import annotations

import asyncio
import dataclasses
import tempfile
import time
import uuid
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from chassis import migrations
from chassis.clock import now
from chassis.config import Config
from chassis.context import CallContext
from chassis.database import Database
from chassis.organisation_copy import OrganisationCopy
from chassis.organisation_copy_sql import SqlCopyStore
from chassis.sharing import Answers
from chassis.turns import Queue
from contracts import codec
from gateway.bus import RabbitBus
from gateway.client import Client
from ops.stack import Stores
from ops.stack.ports import free_run
from services.letters.service import Service
from tests.bench import letters_generator as generator
from tests.bench import letters_regency as regency
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

SIZES = (10_000, 1_000_000)
QUICK = (10_000, 100_000)
CLIENTS = (1, 16)
READERS = (
    *(regency.REGENT, 1, regency.ASSISTANT, regency.HEAD, regency.HEAD + 33),
    *(regency.STAFF, regency.STAFF + 5, regency.REGISTRAR),
)
EACH = 6  # letters of each reader
MONTHS = 60  # of each leader, more than are asked for
READY = Ask(regency.REGENT, "count_my_tasks", {})


def main(*, quick: bool) -> str:
    """The table, as Markdown."""
    lines: list[Line] = []
    notes: list[str] = []
    with tempfile.TemporaryDirectory(prefix="rakat-bench-") as folder:
        Path(folder).chmod(0o755)
        stores = Stores.throw_away(Path(folder) / "stores")
        # Unlike in tests, a commit here costs what it costs in production.
        stores.settings = dataclasses.replace(stores.settings, durable=True)
        with stores:
            environ = stores.test_environ()
            for count in QUICK if quick else SIZES:
                config = _config(environ, count)
                found, note = _measure(config, count, quick=quick)
                lines += found
                notes.append(note)
    return "\n".join([*notes, "", *table(lines)])


def _config(environ: Mapping[str, str], count: int) -> Config:
    return Config(
        amqp_uri=environ["RAKAT_TEST_AMQP_URI"],
        database_url=environ["RAKAT_TEST_DATABASE_URL"],
        db_prefix=f"bench{count}_",
        ops_port=free_run(5),
    )


def _measure(config: Config, count: int, *, quick: bool) -> tuple[list[Line], str]:
    migrations.migrate(config, "letters")
    database = Database.of_service(config, "letters", pool_size=max(CLIENTS))
    seconds = generator.load(database, count)
    OrganisationCopy(SqlCopyStore(database)).fill(codec.dump(regency.snapshot()))
    print(f"{count:,} letters loaded in {seconds:.0f} s", flush=True)
    asks = _asks(database)
    with running(config, "letters"):
        lines = asyncio.run(_compare(config, database, asks, count, quick=quick))
    database.close()
    migrations.drop_database(config, "letters")
    return lines, f"{count:,} letters, made and analysed in {seconds:.0f} s."


# ---- what is asked ---------------------------------------------------------------


def _asks(database: Database) -> dict[str, list[Ask]]:
    service = _Unbound(database)
    lists: dict[str, list[Ask]] = {
        "my tasks": [
            Ask(who, "list_tasks", {"query": {"state": "open"}}) for who in READERS
        ],
        "inbox": [
            Ask(who, "list_letters", {"query": {"box": "inbox"}}) for who in READERS
        ],
        "sorted by due time": [
            Ask(who, "list_letters", {"query": {"sort": "due_at"}}) for who in READERS
        ],
        "filter: state void": [
            Ask(who, "list_letters", {"query": {"state": "void"}}) for who in READERS
        ],
        "filter: rahasia": [
            Ask(who, "list_letters", {"query": {"secrecy": "rahasia"}})
            for who in READERS
        ],
        "words, common": _words(generator.COMMON_WORD),
        "words, rare": _words(generator.RARE_WORD),
        "words, two common": _words("rapat koordinasi"),
        "register page": [
            Ask(
                who,
                "list_register",
                {"unit_id": str(regency.identity("unit", unit)), "year": "2026"},
            )
            for who, unit in (
                *((regency.FIRST + 33 * n + 2, n + 1) for n in range(6)),
                *((regency.FIRST + 33 * n, n + 1) for n in range(6)),
            )
        ],
    }
    letters = [
        (who, row["letter_id"]) for who in READERS for row in service.letters_of(who)
    ]
    lists["letter"] = [
        Ask(who, "get_letter", {"letter_id": one}) for who, one in letters
    ]
    lists["tracking"] = [
        Ask(who, "get_letter_tracking", {"letter_id": one}) for who, one in letters
    ]
    # Last: what it costs at 16 clients is more than a call waits for.
    lists["overview"] = [
        Ask(who, "get_overview", {"query": {}})
        for who in (*(0, 1, 2, 3, 4), *(regency.FIRST + 33 * n for n in range(5)))
    ]
    found = {
        what: [service.with_statements(one) for one in asks]
        for what, asks in lists.items()
    }
    found["overview, first asked"] = _first_asked(found["overview"])
    return found


def _first_asked(overviews: list[Ask]) -> list[Ask]:
    """The same of ever another month, so that none is answered from what was kept."""
    today = now().date()
    return [
        Ask(
            one.reader,
            one.method,
            {"query": {"to": (today - timedelta(days=back)).isoformat()}},
            one.sent,
        )
        for back in range(1, MONTHS + 1)
        for one in overviews
    ]


def _words(text: str) -> list[Ask]:
    return [
        Ask(who, "list_letters", {"query": {"box": "all", "q": text}})
        for who in READERS
    ]


class _Unbound:
    """The service's methods without a bus, to see what they send."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._org = regency.organisation()

    def call(self, reader: int, method: str, arguments: dict[str, Any]) -> Any:
        service = Service()
        service.db, service.clock = self._database, now
        service.org, service.overviews = lambda: self._org, Answers(0)
        service.turns = service.searches = service.tallies = Queue()
        service.call = CallContext(
            actor=regency.actor(reader), request_id=str(uuid.uuid4())
        )
        return getattr(service, method)(**arguments)

    def letters_of(self, reader: int) -> list[Any]:
        """Ordinary ones from all of its time."""
        found = []
        for day in (
            "2024-03-01",
            "2025-02-01",
            "2025-11-01",
            "2026-05-01",
            "2026-08-01",
        ):
            query = {"secrecy": "biasa", "to": day, "limit": 4}
            items = self.call(reader, "list_letters", {"query": query})["items"]
            found += [row for row in items if row["direction"] == "incoming"][:2]
        return found[:EACH]

    def with_statements(self, ask: Ask) -> Ask:
        sent = sent_by(
            self._database, lambda: self.call(ask.reader, ask.method, ask.arguments)
        )
        return Ask(ask.reader, ask.method, ask.arguments, tuple(sent))


# ---- how it is asked -------------------------------------------------------------


async def _compare(
    config: Config,
    database: Database,
    asks: dict[str, list[Ask]],
    count: int,
    *,
    quick: bool,
) -> list[Line]:
    bus = RabbitBus(config.amqp_uri)
    await bus.open()
    client = Client(bus)
    await until_answers(client, "letters", READY)
    lines = []
    try:
        for what, each in asks.items():
            heavy = what.startswith("overview")
            turn = endless(each)
            for clients in CLIENTS:
                calls = (32 if heavy else 96) * (1 if clients == 1 else 2)
                service = OverRpc(client, "letters", turn)
                samples = await alternate(
                    {"bare": bare(database, endless(each)), "service": service},
                    rounds=2 if quick else 4,
                    calls=calls // (2 if quick else 1),
                    in_flight=clients,
                )
                lines.append(Line(what, count, clients, samples, service.refused))
                print(said(lines[-1]), flush=True)
    finally:
        await bus.close()
    return lines


def timed_main(*, quick: bool) -> str:
    began = time.monotonic()
    text = main(quick=quick)
    return (
        f"{text}\n\nTimes are ms, p50 / p99. {time.monotonic() - began:.0f} s in all."
    )
