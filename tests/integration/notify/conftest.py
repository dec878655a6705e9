"""A patched process; a MongoDB database of its own for each test or module."""

from chassis.testing import patch_eventlet

patch_eventlet()

import dataclasses  # noqa: E402
from collections.abc import Callable, Iterator  # noqa: E402
from typing import Any  # noqa: E402
from uuid import UUID  # noqa: E402

import msgspec  # noqa: E402
import pytest  # noqa: E402
from pymongo.database import Database  # noqa: E402

from chassis import link  # noqa: E402
from chassis.config import Config  # noqa: E402
from chassis.context import CallContext, Idempotency  # noqa: E402
from chassis.ids import new_id  # noqa: E402
from chassis.mongo import open_database  # noqa: E402
from chassis.organisation_copy import CopyRow  # noqa: E402
from chassis.organisation_copy_mongo import MongoCopyStore  # noqa: E402
from chassis.testing import RpcCall, RunService  # noqa: E402
from contracts import codec  # noqa: E402
from contracts.actor import Actor  # noqa: E402
from contracts.directory import Assignment, Delegation, RowKind  # noqa: E402
from contracts.envelope import Envelope  # noqa: E402
from services.notify.indexes import ensure_indexes  # noqa: E402
from services.notify.repository import Notifications  # noqa: E402
from services.notify.service import Service  # noqa: E402
from tests.unit.directory.organisations import PEOPLE, POSITIONS, UNITS  # noqa: E402
from tests.unit.notify.scenes import HELD, lent_to_aide  # noqa: E402

Store = Database[dict[str, Any]]


@pytest.fixture
def database(config: Config) -> Iterator[Store]:
    """Empty, with the indexes; nobody else's."""
    apart = dataclasses.replace(config, db_prefix=f"test_{new_id().hex[-12:]}_")
    yield from _opened(apart)


@pytest.fixture(scope="module")
def served(config: Config) -> Iterator[Store]:
    """The database of the service that `notify` runs."""
    yield from _opened(config)


def _opened(config: Config) -> Iterator[Store]:
    opened = open_database(config, "notify")
    opened.client.drop_database(opened.name)
    ensure_indexes(opened)
    yield opened
    opened.client.drop_database(opened.name)
    opened.client.close()


@pytest.fixture
def notifications(database: Store) -> Notifications:
    return Notifications(database)


@pytest.fixture(scope="module")
def notify(served: Store, run_service: RunService) -> Any:
    """The running service; it knows the regency of `tests.unit.notify.scenes`."""
    fill_organisation(served)
    return run_service(Service)


def fill_organisation(database: Store) -> None:
    rows = [
        *(CopyRow(RowKind.UNIT, u.unit_id, 1, codec.dump(u)) for u in UNITS),
        *(
            CopyRow(RowKind.POSITION, p.position_id, 1, codec.dump(p))
            for p in POSITIONS
        ),
        *(CopyRow(RowKind.PERSON, p.person_id, 1, codec.dump(p)) for p in PEOPLE),
        *(_copy_row(row) for row in (*HELD, lent_to_aide(include_secret=False))),
    ]
    MongoCopyStore(database).apply(rows, synced_to=1)


def _copy_row(row: Assignment | Delegation) -> CopyRow:
    if isinstance(row, Assignment):
        return CopyRow(RowKind.ASSIGNMENT, row.assignment_id, 1, codec.dump(row))
    return CopyRow(RowKind.DELEGATION, row.delegation_id, 1, codec.dump(row))


@pytest.fixture
def channel(config: Config) -> Iterator[Any]:
    connection = link.open_connection(config.amqp_uri)
    opened = connection.channel()
    opened.confirm_select()
    yield opened
    connection.close()


@pytest.fixture
def publish(channel: Any) -> Callable[[Envelope], None]:
    """As a relay does, and waits for the confirm."""
    import amqp

    def send(envelope: Envelope) -> None:
        message = amqp.Message(
            msgspec.json.encode(codec.dump(envelope)),
            content_type="application/json",
            delivery_mode=2,
            message_id=str(envelope.id),
        )
        channel.basic_publish_confirm(
            message, f"{envelope.source}.events", envelope.type
        )

    return send


@pytest.fixture(scope="module")
def ask(rpc_call: RpcCall) -> Callable[..., Any]:
    """A call by a person, as the gateway makes it."""

    def call(
        person: UUID, method: str, *, key: str | None = None, **kwargs: Any
    ) -> Any:
        given = Idempotency(key=key, fingerprint=f"{method}{kwargs}") if key else None
        context = CallContext(
            actor=Actor(person_id=person), request_id="r", idempotency=given
        )
        return rpc_call("notify", method, context=context, **kwargs)

    return call
