"""A bus without a broker: answers are functions by ``service.method``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from contracts.errors import Unauthenticated, Unavailable
from gateway.auth import token_key
from gateway.client import Call

Answer = Callable[[Call], Any]

ALICE = UUID("01890000-0000-7000-8000-00000000000a")
SESSION = UUID("01890000-0000-7000-8000-00000000005e")
TOKEN = "alices-token"


class FakeBus:
    """Keeps every call; an answer may also raise."""

    is_up = True

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.answers: dict[str, Answer] = {"directory.get_session": session_of_alice}

    async def request(self, call: Call) -> Any:
        self.calls.append(call)
        answer = self.answers.get(f"{call.service}.{call.method}")
        if answer is None:
            raise Unavailable(service=call.service, retry_after=1)
        return answer(call)

    def of(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]


def session_of_alice(call: Call) -> dict[str, Any]:
    if call.kwargs["token_sha256"] != token_key(TOKEN):
        raise Unauthenticated
    return session_answer()


def session_answer(*, demo: bool = False, days: int = 30) -> dict[str, Any]:
    return {
        "session_id": str(SESSION),
        "person_id": str(ALICE),
        "name": "Alice",
        "expires_at": (datetime.now(UTC) + timedelta(days=days)).isoformat(),
        "demo": demo,
    }


def done(body: Any, *, replayed: bool = False) -> Answer:
    """The answer of a command."""
    return lambda _call: {"body": body, "replayed": replayed}
