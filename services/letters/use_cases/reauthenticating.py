"""Signing asks for the password again: who holds a phone is not who holds an office."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from contracts.errors import Forbidden
from contracts.letters import SigningMethod, SignLetter
from services.letters.caller import Caller

FRESH = timedelta(minutes=10)


def reauthenticate(caller: Caller, body: SignLetter, remote: Any) -> None:
    """The directory looks at the password; never kept.

    Whoever gave it at most ten minutes ago, logging in, is spared it, but not for a
    signature that binds him outside of this house (BSrE).

    Raises: Forbidden ``reauthentication_required``, ``wrong_password``; TooMany.
    """
    given = body.password
    if given is None and body.method is not SigningMethod.BSRE:
        if _is_fresh(caller):
            return
        given = body.passphrase  # one field to fill for who has one secret
    if given is None:
        raise Forbidden("reauthentication_required")
    remote.call("directory", "check_password", password=given)


def _is_fresh(caller: Caller) -> bool:
    at = caller.actor.authenticated_at
    return at is not None and caller.now - at <= FRESH
