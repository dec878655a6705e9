"""nameko's message format, and ours inside it: headers out, replies in.

Requests and replies are transient JSON on the topic exchange ``nameko-rpc``; the
body is ``{"args", "kwargs"}``, the reply ``{"result", "error"}``.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from contracts.errors import RakatError, Unavailable, from_wire
from gateway.client import Call

RPC_EXCHANGE = "nameko-rpc"


class RemoteFault(Exception):
    """A service failed in a way no contract names; its text may quote anything, so
    only the exception's `kind` is kept."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass(frozen=True)
class Request:
    """A call as it lies on the bus; `expires_at` is on the monotonic clock."""

    correlation_id: str
    routing_key: str
    body: bytes
    headers: dict[str, Any]
    reply_to: str
    expires_at: float


def write_request(
    call: Call, *, reply_to: str, expires_at: float, now: float
) -> Request:
    """Encode `call`; a fresh correlation id each time, also for a repetition."""
    correlation_id = str(uuid.uuid4())
    target = f"{call.service}.{call.method}"
    return Request(
        correlation_id=correlation_id,
        routing_key=target,
        body=msgspec.json.encode({"args": (), "kwargs": call.kwargs}),
        headers=_headers(call, f"{target}.{correlation_id}", expires_at - now),
        reply_to=reply_to,
        expires_at=expires_at,
    )


def _headers(call: Call, call_id: str, seconds: float) -> dict[str, Any]:
    deadline = datetime.now(UTC) + timedelta(seconds=seconds)
    headers: dict[str, Any] = {
        "nameko.call_id_stack": [f"gateway.{call.context.request_id}", call_id],
        "nameko.request_id": call.context.request_id,
        "nameko.deadline": deadline.isoformat(),
    }
    if call.context.actor is not None:
        headers["nameko.actor"] = _json(call.context.actor)
    if call.idempotency is not None:
        headers["nameko.idempotency"] = _json(call.idempotency)
    return headers


def _json(value: msgspec.Struct) -> str:
    return msgspec.json.encode(value).decode()


def read_reply(body: bytes | str) -> Any:
    """The result of a reply; raises what the service raised."""
    reply = msgspec.json.decode(body)
    error = reply["error"]
    if error is None:
        return reply["result"]
    raise _error(error)


def _error(error: dict[str, Any]) -> Exception:
    wire = error.get("rakat")
    if isinstance(wire, dict):
        return from_wire(wire)
    return RemoteFault(str(error.get("exc_path")))


def unavailable(target: str, *, after: int = 1) -> RakatError:
    """`target` cannot be reached now; for a command the outcome is unknown."""
    return Unavailable(service=target, retry_after=after)
