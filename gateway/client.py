"""What REST handlers and portal views call: services by name, with a deadline.

::

    tasks = await client.call(context, "letters", "list_tasks", query={"state": "open"})
    done = await client.command(
        context, "letters", "accept_task", key=form_key, task_id=task_id, body={}
    )
    done.body, done.replayed

Both raise the kinds of `contracts.errors`. Nothing here knows HTTP or AMQP.
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import msgspec

from contracts.actor import Actor

READ_SECONDS = 2.0
WRITE_SECONDS = 5.0
_PATIENCE = {"sign_letter": 60.0}  # a signing service outside may take half a minute
_SECRETS = frozenset({"password", "passphrase"})


class Idempotency(msgspec.Struct, frozen=True, kw_only=True):
    """Travels with a command; `generated` = the caller gave no key of his own."""

    key: str
    fingerprint: str
    generated: bool = False


@dataclass(frozen=True, kw_only=True)
class RequestContext:
    """Who asks, and under which correlation id."""

    request_id: str
    actor: Actor | None = None

    def acting_as(self, position_id: uuid.UUID | None) -> RequestContext:
        """The same caller, acting as another of his positions."""
        if self.actor is None:
            return self
        actor = msgspec.structs.replace(self.actor, acting_as=position_id)
        return replace(self, actor=actor)


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request to a service, ready for the bus."""

    service: str
    method: str
    kwargs: dict[str, Any]
    context: RequestContext
    seconds: float
    idempotency: Idempotency | None = None
    repeatable: bool = field(default=False)  # may be sent again after a lost reply


@dataclass(frozen=True)
class Done:
    """Answer of a command; `replayed` = it was carried out before, under this key."""

    body: Any
    replayed: bool


class Bus(Protocol):
    """What the client needs of the message bus."""

    async def request(self, call: Call) -> Any: ...


class Client:
    """Typed enough: services by name, methods by name, arguments by keyword."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    async def call(
        self,
        context: RequestContext,
        service: str,
        method: str,
        /,
        *,
        seconds: float = READ_SECONDS,
        **kwargs: Any,
    ) -> Any:
        """Ask a question; sent once more when the answer is lost with a connection."""
        return await self._bus.request(
            Call(
                service=service,
                method=method,
                kwargs=kwargs,
                context=context,
                seconds=seconds,
                repeatable=True,
            )
        )

    async def command(
        self,
        context: RequestContext,
        service: str,
        method: str,
        /,
        *,
        key: str | None = None,
        seconds: float | None = None,
        **kwargs: Any,
    ) -> Done:
        """Change something. The same `key` with the same arguments acts once."""
        answer = await self._bus.request(
            Call(
                service=service,
                method=method,
                kwargs=kwargs,
                context=context,
                seconds=seconds or _PATIENCE.get(method, WRITE_SECONDS),
                idempotency=_idempotency(
                    key, context, service, method, _without_secrets(kwargs)
                ),
            )
        )
        return Done(answer["body"], answer["replayed"])


def _without_secrets(kwargs: dict[str, Any]) -> dict[str, Any]:
    """What the stored fingerprint may hold: a hash of what people remember can be
    guessed, so it holds none."""
    body = kwargs.get("body")
    if not isinstance(body, dict):
        return kwargs
    return {**kwargs, "body": {k: v for k, v in body.items() if k not in _SECRETS}}


def _idempotency(
    key: str | None,
    context: RequestContext,
    service: str,
    method: str,
    kwargs: dict[str, Any],
) -> Idempotency:
    """A command without a key still gets one: a redelivered RPC must not act twice."""
    acting_as = context.actor.acting_as if context.actor else None
    facts = (service, method, kwargs, acting_as)
    digest = hashlib.sha256(msgspec.json.encode(facts, order="sorted")).hexdigest()
    return Idempotency(
        key=key or str(uuid.uuid4()), fingerprint=digest, generated=key is None
    )
