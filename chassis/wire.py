"""nameko's RPC wire format: what is read from a request and written as a reply."""

from __future__ import annotations

from typing import Any

import amqp
import msgspec
import orjson
from nameko.exceptions import BadRequest, MalformedRequest, serialize

from chassis import failures
from contracts.errors import KINDS, RakatError

EXCHANGE = "nameko-rpc"
STACK = "nameko.call_id_stack"
MAX_STACK = 10


def read_request(message: amqp.Message) -> tuple[list[Any], dict[str, Any]]:
    """Arguments of a request; raises nameko's `MalformedRequest`."""
    kind = message.properties.get("content_type", "application/json")
    if kind != "application/json":
        raise MalformedRequest("the body is not application/json")
    try:
        body = orjson.loads(message.body)
        args, kwargs = body["args"], body["kwargs"]
    except (ValueError, KeyError, TypeError) as error:
        raise MalformedRequest("Message missing `args` or `kwargs`") from error
    if not isinstance(args, list) or not isinstance(kwargs, dict):
        raise MalformedRequest("`args` is a list, `kwargs` an object")
    return args, kwargs


def request(args: list[Any], kwargs: dict[str, Any]) -> bytes:
    return orjson.dumps({"args": args, "kwargs": kwargs}, default=_plain)


def result(value: Any) -> bytes:
    """Body of a good reply; raises TypeError for what JSON cannot say."""
    return orjson.dumps({"result": value, "error": None}, default=_plain)


def failure(error: BaseException, request_id: str) -> bytes:
    """Body of an error reply; an unexpected error shows only the request id."""
    return orjson.dumps({"result": None, "error": _error(error, request_id)})


def reply_message(body: bytes, correlation_id: str | None) -> amqp.Message:
    """A reply: transient, since its reader is gone when the broker restarts."""
    properties = {"correlation_id": correlation_id} if correlation_id else {}
    return amqp.Message(
        body,
        content_type="application/json",
        content_encoding="utf-8",
        delivery_mode=1,
        **properties,
    )


def _error(error: BaseException, request_id: str) -> dict[str, Any]:
    if isinstance(error, BadRequest):
        described: dict[str, Any] = serialize(error)
        return described
    known = failures.to_error(error)
    if known is None:
        return _wire(RakatError("internal", request_id=request_id))
    return _wire(known)


def _wire(error: RakatError) -> dict[str, Any]:
    kinds = (kind.__name__ for kind in type(error).__mro__)
    name = next((kind for kind in kinds if kind in KINDS), "RakatError")
    wire = msgspec.to_builtins({**error.to_wire(), "kind": name})
    return {
        "exc_type": name,
        "exc_path": f"contracts.errors.{name}",
        "exc_args": [wire],
        "value": error.code,
        "rakat": wire,  # the same, for readers that know us
    }


def _plain(value: Any) -> Any:
    return msgspec.to_builtins(value)
