"""The balance: the client's file against the stores of letters, schedule and notify.

lost        acknowledged to the client, or owed by an event, but not in a store
duplicates  the same effect twice
unexpected  an effect nobody asked for, or an answer nobody documents
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg2
import pymongo

from tests.kill.journal import Command


@dataclass
class Balance:
    """Three lists that must be empty."""

    lost: list[str] = field(default_factory=list)
    duplicates: list[str] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)

    @property
    def even(self) -> bool:
        return not (self.lost or self.duplicates or self.unexpected)

    def compare(self, what: str, wanted: Iterable[Any], found: Iterable[Any]) -> None:
        """Each wanted thing exactly once, and nothing else."""
        counts, wishes = Counter(found), set(wanted)
        self.lost += [f"{what} {one}" for one in wishes - counts.keys()]
        self.unexpected += [f"{what} {one}" for one in counts.keys() - wishes]
        self.duplicates += [f"{what} {one}" for one, n in counts.items() if n > 1]

    def __str__(self) -> str:
        return (
            f"lost {len(self.lost)}, duplicate effects {len(self.duplicates)},"
            f" unexpected {len(self.unexpected)}"
        )


class Stores:
    """Read-only looks into the stores of a stack."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.prefix = environ.get("RAKAT_DB_PREFIX", "rakat_")

    def rows(self, service: str, query: str, *values: Any) -> list[tuple[Any, ...]]:
        url = psycopg2.extensions.parse_dsn(self.environ["DATABASE_URL"])
        connection = psycopg2.connect(**{**url, "dbname": self.prefix + service})
        try:
            with connection.cursor() as cursor:
                cursor.execute(query, values)
                return cursor.fetchall()
        finally:
            connection.close()

    def outbox(self) -> int:
        """Events of all services that have not left yet."""
        services = ("directory", "letters", "schedule")
        return sum(
            self.rows(name, "SELECT count(*) FROM outbox")[0][0] for name in services
        )

    def notifications(self, letters: list[UUID]) -> list[dict[str, Any]]:
        with self._mongo() as client:
            found = client[f"{self.prefix}notify"].notifications.find(
                {"letter_id": {"$in": letters}, "topic": "task.assigned"}
            )
            return list(found)

    def streams(self) -> dict[UUID, list[int]]:
        """The numbers of every person's stream, sorted."""
        streams: dict[UUID, list[int]] = {}
        with self._mongo() as client:
            for entry in client[f"{self.prefix}notify"].stream.find().sort("seq", 1):
                streams.setdefault(entry["person_id"], []).append(entry["seq"])
        return streams

    def _mongo(self) -> pymongo.MongoClient[dict[str, Any]]:
        return pymongo.MongoClient(
            self.environ["MONGO_URL"], uuidRepresentation="standard"
        )


def settle(
    commands: list[Command], stores: Stores, holders: Mapping[str, set[str]]
) -> Balance:
    """Balance `commands` (disposals); `holders`: who must hear for a position."""
    balance = Balance()
    _answers(balance, commands)
    answered = [body for each in commands if (body := each.success)]
    letters = _letters(balance, answered, stores)
    _activities(balance, commands, letters, stores)
    _inboxes(balance, answered, stores, holders)
    _numbering(balance, stores)
    return balance


def _answers(balance: Balance, commands: list[Command]) -> None:
    """Every key got its one answer, the same however often it was asked."""
    for command in commands:
        if command.success is None:
            balance.lost.append(f"answer of {command.act} {command.key}")
        for status, body in command.unexpected:
            balance.unexpected.append(f"answer {status} {body.get('code')}")
        ids = {body["disposition_id"] for s, body in command.answers if s == 201}
        if len(ids) > 1:
            balance.duplicates.append(f"answers of {command.key}")


def _letters(
    balance: Balance, answered: list[dict[str, Any]], stores: Stores
) -> list[str]:
    """The letters' store holds what was answered: dispositions, tasks, trail."""
    letters = [body["tasks"][0]["letter_id"] for body in answered]
    kept = stores.rows(
        "letters",
        "SELECT letter_id::text FROM disposition WHERE letter_id::text = ANY(%s)",
        letters,
    )
    balance.compare("disposition of letter", letters, (row[0] for row in kept))
    tasks = [task["task_id"] for body in answered for task in body["tasks"]]
    kept = stores.rows(
        "letters",
        "SELECT task_id::text FROM task WHERE disposition_id IS NOT NULL"
        " AND letter_id::text = ANY(%s)",
        letters,
    )
    balance.compare("task", tasks, (row[0] for row in kept))
    return letters


def _activities(
    balance: Balance, commands: list[Command], letters: list[str], stores: Stores
) -> None:
    """Every invitation that somebody was told to attend has its one activity."""
    invited = [
        body["tasks"][0]["letter_id"]
        for each in commands
        if each.act == "invite" and (body := each.success)
    ]
    kept = stores.rows(
        "schedule",
        "SELECT letter_id::text FROM activity WHERE letter_id::text = ANY(%s)",
        letters,
    )
    balance.compare("activity of letter", invited, (row[0] for row in kept))


def _inboxes(
    balance: Balance,
    answered: list[dict[str, Any]],
    stores: Stores,
    holders: Mapping[str, set[str]],
) -> None:
    """Each holder of each recipient heard of his task once."""
    tasks = [task for body in answered for task in body["tasks"]]
    owed = [
        (task["task_id"], person)
        for task in tasks
        for person in holders[task["position_id"]]
    ]
    found = stores.notifications([UUID(task["letter_id"]) for task in tasks])
    known = {task["task_id"] for task in tasks}
    told = [
        (str(each["task_id"]), str(each["person_id"]))
        for each in found
        if str(each["task_id"]) in known
    ]
    balance.compare("notification", owed, told)


def _numbering(balance: Balance, stores: Stores) -> None:
    """Nobody's stream has a hole or a number twice."""
    for person, numbers in stores.streams().items():
        balance.compare(f"stream of {person}", range(1, len(numbers) + 1), numbers)
