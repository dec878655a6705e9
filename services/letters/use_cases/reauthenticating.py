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

    Only a signature by BSrE, which has a secret of its own, spares it to who has just
    logged in: a session, fresh or not, never signs by itself.

    Raises: Forbidden ``reauthentication_required``, ``wrong_password``; TooMany.
    """
    given = body.password
    if body.method is SigningMethod.BSRE:
        if given is None and body.passphrase is not None and _is_fresh(caller):
            return
    elif given is None:
        given = body.passphrase  # one field to fill for who has one secret
    if given is None:
        raise Forbidden("reauthentication_required")
    remote.call("directory", "check_password", password=given)


def _is_fresh(caller: Caller) -> bool:
    at = caller.actor.authenticated_at
    return at is not None and caller.now - at <= FRESH
