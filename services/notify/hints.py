"""Hints on `STREAM_EXCHANGE`: "this person has one more", to every gateway.

Transient and unconfirmed: a lost one costs a gateway a look at the watermark.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import amqp
import msgspec

from chassis.bus import Bus
from contracts import codec
from contracts.notify import STREAM_EXCHANGE, Hint
from services.notify.documents import Entry


def declare_stream_exchange(channel: Any) -> None:
    channel.exchange_declare(STREAM_EXCHANGE, "fanout", durable=True, auto_delete=False)


class Hints:
    """Call with what was placed; never fails, never waits for an answer."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def __call__(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            self._bus.send(_message(entry), STREAM_EXCHANGE, "")


def _message(entry: Entry) -> amqp.Message:
    hint = Hint(
        person_id=entry.person_id, seq=entry.seq, notification=entry.notification
    )
    return amqp.Message(
        msgspec.json.encode(codec.dump(hint)),
        content_type="application/json",
        content_encoding="utf-8",
        delivery_mode=1,
    )
