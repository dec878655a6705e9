"""The letters service in a container, called as the gateway calls it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chassis.context import CallContext, Idempotency
from chassis.database import Database
from chassis.organisation_copy import OrganisationCopy
from chassis.organisation_copy_sql import SqlCopyStore
from chassis.testing import RpcCall
from contracts import codec
from contracts.directory import Assignment, Delegation, Person, Snapshot
from tests.unit.letters import offices


@dataclass
class Served:
    """`call` as whoever holds the office `who`."""

    rpc: RpcCall

    def call(self, who: str, method: str, /, **kwargs: Any) -> Any:
        key, acting_as = kwargs.pop("key", None), kwargs.pop("acting_as", None)
        service = kwargs.pop("service", "letters")
        context = CallContext(
            actor=offices.actor(who, acting_as),
            request_id="0198f000-0000-7000-8000-000000000001",
            idempotency=Idempotency(key=key, fingerprint="same") if key else None,
        )
        return self.rpc(service, method, context=context, timeout=10.0, **kwargs)

    def act(self, who: str, method: str, /, **kwargs: Any) -> Any:
        return self.call(who, method, **kwargs)["body"]


def fill_copy(
    database: Database, *more: Assignment | Delegation, revision: int = 1
) -> None:
    """The demo regency in the service's read copy."""
    units, positions = offices.rows()
    codes = [row.code for row in positions]
    people = [
        Person(person_id=offices.person_id(code), name=f"Pemegang {code}", version=1)
        for code in codes
    ]
    assignments = [offices.holds(code, code) for code in codes]
    snapshot = Snapshot(
        revision=revision,
        units=units,
        positions=positions,
        people=tuple(people),
        assignments=(
            *assignments,
            *(one for one in more if isinstance(one, Assignment)),
        ),
        delegations=tuple(one for one in more if isinstance(one, Delegation)),
    )
    OrganisationCopy(SqlCopyStore(database)).fill(codec.dump(snapshot))
