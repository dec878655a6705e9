"""Signing asks for the password again, unless it was given within ten minutes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from contracts.errors import Forbidden
from contracts.letters import SigningMethod, SignLetter
from services.letters.caller import Caller

FRESH = timedelta(minutes=10)


def reauthenticate(caller: Caller, body: SignLetter, remote: Any) -> None:
    """By what the session says, else by asking the directory; never kept.

    Raises: Forbidden ``reauthentication_required``, ``wrong_password``; TooMany.
    """
    if body.method is SigningMethod.NONE:
        return
    given = body.password
    if given is None and _is_fresh(caller):
        return
    if given is None and body.method is SigningMethod.LOCAL:
        given = body.passphrase  # one field to fill for who has one secret
    if given is None:
        raise Forbidden("reauthentication_required")
    remote.call("directory", "check_password", password=given)


def _is_fresh(caller: Caller) -> bool:
    at = caller.actor.authenticated_at
    return at is not None and caller.now - at <= FRESH
