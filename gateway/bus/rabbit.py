"""The bus as the event loop sees it: calls with a deadline, broadcasts, state.

Everything below runs on the event loop except the four functions handed to the
threads, which only pass their argument on with ``call_soon_threadsafe``.
"""

from __future__ import annotations

import asyncio
import collections
from collections.abc import Callable
from typing import Any

import msgspec
import structlog

from contracts.errors import RakatError, Unavailable
from gateway import metrics
from gateway.bus.breaker import Breaker
from gateway.bus.limits import Limits
from gateway.bus.listener import Listener, Subscription
from gateway.bus.publisher import Publisher
from gateway.bus.wire import RemoteFault, read_reply, unavailable, write_request
from gateway.client import Call

log = structlog.get_logger(__name__)

_REPEATS = 2
_PATIENCE = 1.0  # how long a call waits for a connection that is being rebuilt


class _Lost(Exception):
    """The answer will not come; `repeatable` = another connection may help."""

    def __init__(self, *, repeatable: bool) -> None:
        super().__init__(repeatable)
        self.repeatable = repeatable


class RabbitBus:
    """Opened and closed by the application; `request` from any task."""

    def __init__(self, uri: str, *, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._pending: dict[str, asyncio.Future[bytes | str]] = {}
        self._replies: collections.deque[tuple[str, bytes | str]] = collections.deque()
        self._reply_to = ""
        self._up = asyncio.Event()
        self._on_connected: list[Callable[[], None]] = []
        self._publisher = Publisher(uri, self._unanswerable, self._pending.__contains__)
        self._listener = Listener(
            uri, on_up=self._connected, on_reply=self._replied, on_down=self._gone
        )

    @property
    def is_up(self) -> bool:
        return self._up.is_set()

    @property
    def pending(self) -> int:
        """Calls without an answer; zero when nobody waits."""
        return len(self._pending)

    def subscribe(
        self,
        exchange: str,
        type: str,
        routing_key: str,
        callback: Callable[[Any], None],
    ) -> None:
        """Hear a durable exchange, best effort; before `open`. JSON bodies only."""

        def on_message(body: bytes | str) -> None:
            self._in_loop(_deliver, callback, body)

        self._listener.subscribe(Subscription(exchange, type, routing_key, on_message))

    def on_connected(self, callback: Callable[[], None]) -> None:
        """Broadcasts may have been missed before each call of `callback`."""
        self._on_connected.append(callback)

    async def open(self, *, seconds: float = 30) -> None:
        """Start both threads; returns when connected or after `seconds` anyway."""
        self._loop = asyncio.get_running_loop()
        self._breaker = Breaker(self._loop.time)
        self._publisher.start()
        self._listener.start()
        try:
            await asyncio.wait_for(self._up.wait(), seconds)
        except TimeoutError:
            log.warning("bus not reached yet")

    async def close(self) -> None:
        for thread in (self._publisher, self._listener):
            thread.stop()
        for thread in (self._publisher, self._listener):
            await asyncio.to_thread(thread.join, 3)

    async def request(self, call: Call) -> Any:
        """Raises what the service raised, `Unavailable`, or `RemoteFault`."""
        outcome = "ok"
        with metrics.rpc_client_duration.labels(call.service).time():
            try:
                return await self._within_limits(call)
            except BaseException as error:
                outcome = _outcome(error)
                raise
            finally:
                _ended(call, outcome)

    async def _within_limits(self, call: Call) -> Any:
        self._breaker.check(call.service)
        expires_at = self._loop.time() + call.seconds
        try:
            async with asyncio.timeout_at(expires_at):
                async with self._limits.slot(call.service):
                    return await self._attempts(call, expires_at)
        except TimeoutError as error:
            self._breaker.unanswered(call.service)
            raise unavailable(call.service) from error
        except _Lost as error:
            raise unavailable(call.service) from error

    async def _attempts(self, call: Call, expires_at: float) -> Any:
        """Twice more at most: a broken broker takes both connections, one by one."""
        for _ in range(_REPEATS if call.repeatable else 0):
            try:
                return await self._once(call, expires_at)
            except _Lost as lost:
                if not lost.repeatable:
                    raise
        return await self._once(call, expires_at)

    async def _once(self, call: Call, expires_at: float) -> Any:
        reply_to = await self._connected_key()
        now = self._loop.time()
        request = write_request(call, reply_to=reply_to, expires_at=expires_at, now=now)
        future: asyncio.Future[bytes | str] = self._loop.create_future()
        self._pending[request.correlation_id] = future
        metrics.rpc_pending.set(len(self._pending))
        try:
            self._publisher.send(request)
            reply = await future
        finally:
            self._pending.pop(request.correlation_id, None)
            metrics.rpc_pending.set(len(self._pending))
        self._breaker.answered(call.service)
        return read_reply(reply)

    async def _connected_key(self) -> str:
        if not self.is_up:
            try:
                await asyncio.wait_for(self._up.wait(), _PATIENCE)
            except TimeoutError as error:
                raise _Lost(repeatable=False) from error
        return self._reply_to

    # From the threads.

    def _in_loop(self, function: Callable[..., None], *args: Any) -> None:
        try:
            self._loop.call_soon_threadsafe(function, *args)
        except RuntimeError:
            return  # the loop is closed: nobody waits any more

    def _connected(self, reply_to: str) -> None:
        self._in_loop(self._set_up, reply_to)

    def _replied(self, correlation_id: str, body: bytes | str) -> None:
        self._replies.append((correlation_id, body))
        if len(self._replies) == 1:  # else the loop has been woken already
            self._in_loop(self._hand_over)

    def _unanswerable(self, correlation_ids: list[str], repeatable: bool) -> None:
        if correlation_ids:
            self._in_loop(self._fail, correlation_ids, repeatable)

    def _gone(self) -> None:
        self._in_loop(self._set_down)

    # On the loop, for the threads.

    def _set_up(self, reply_to: str) -> None:
        self._reply_to = reply_to
        self._up.set()
        for callback in self._on_connected:
            callback()

    def _set_down(self) -> None:
        """The reply queue is gone, so are the answers on their way to it."""
        self._up.clear()
        self._fail(list(self._pending), True)

    def _hand_over(self) -> None:
        while self._replies:
            correlation_id, body = self._replies.popleft()
            future = self._pending.get(correlation_id)
            if future is None or future.done():
                metrics.rpc_late_replies.inc()
            else:
                future.set_result(body)

    def _fail(self, correlation_ids: list[str], repeatable: bool) -> None:
        for correlation_id in correlation_ids:
            future = self._pending.get(correlation_id)
            if future is not None and not future.done():
                future.set_exception(_Lost(repeatable=repeatable))


def _deliver(callback: Callable[[Any], None], body: bytes | str) -> None:
    try:
        callback(msgspec.json.decode(body))
    except Exception:  # one bad broadcast must not disturb the others
        log.exception("broadcast not understood")


def _ended(call: Call, outcome: str) -> None:
    metrics.rpc_client_requests.labels(call.service, call.method, outcome).inc()


def _outcome(error: BaseException) -> str:
    if isinstance(error, Unavailable):
        return "timeout" if isinstance(error.__cause__, TimeoutError) else "unavailable"
    if isinstance(error, RakatError):
        return "refused"
    return "fault" if isinstance(error, RemoteFault) else "cancelled"
