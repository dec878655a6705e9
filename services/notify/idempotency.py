"""A command with a key acts once, without a transaction over two documents.

The key's document is written first and fixes the instant it acts at; the
effect is conditional on that, so that doing it again changes nothing; the answer is
stored last. Who dies in between is repeated at the same instant and ends the same.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from chassis.context import CallContext
from contracts.errors import Conflict, Invalid, RakatError
from services.notify.documents import Document
from services.notify.indexes import IDEMPOTENCY_KEPT

_RUNNING = timedelta(seconds=5)


def run_once(
    database: Database[Document],
    call: CallContext,
    now: datetime,
    effect: Callable[[datetime], Any],
) -> dict[str, Any]:
    """``{"body", "replayed"}`` of `effect`, once per actor and key in 24 hours.

    Raises: Conflict ``idempotency_in_progress``, Invalid ``idempotency_key_reused``.
    """
    if call.idempotency is None or call.actor is None:
        return {"body": effect(now), "replayed": False}
    keys = database["idempotency"]
    key = f"{call.actor.key} {call.idempotency.key}"
    fresh = {
        "_id": key,
        "fingerprint": call.idempotency.fingerprint,
        "begun_at": now,
        "answer": None,
    }
    try:
        keys.insert_one(fresh)
    except DuplicateKeyError:
        kept = _kept(keys, key, call, now)
        if kept is None:  # expired between the two looks
            return run_once(database, call, now, effect)
        if kept["answer"] is not None:
            return {"body": kept["answer"], "replayed": True}
        now = kept["begun_at"]
    return _finish(keys, key, now, effect)


def _finish(
    keys: Any, key: str, at: datetime, effect: Callable[[datetime], Any]
) -> dict[str, Any]:
    """Only a success is kept: a refusal frees the key.

    After a fault nobody knows what happened, so the instant stays for the repetition.
    """
    try:
        body = effect(at)
    except RakatError:
        keys.delete_one({"_id": key, "answer": None})
        raise
    keys.update_one({"_id": key}, {"$set": {"answer": body}})
    return {"body": body, "replayed": False}


def _kept(keys: Any, key: str, call: CallContext, now: datetime) -> Document | None:
    """The key's document, if the call may go on under it."""
    kept: Document | None = keys.find_one({"_id": key})
    if kept is None:
        return None
    if now - kept["begun_at"] > IDEMPOTENCY_KEPT:  # the store's sweep is slow
        keys.delete_one({"_id": key, "begun_at": kept["begun_at"]})
        return None
    given = call.idempotency
    if given and kept["fingerprint"] != given.fingerprint:
        raise Invalid("idempotency_key_reused")
    running = kept["answer"] is None and now - kept["begun_at"] < _RUNNING
    if running and not (given and given.generated):
        raise Conflict("idempotency_in_progress", retry_after=1)
    return kept
