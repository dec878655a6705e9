"""When signing asks for the password, and which of the given ones it takes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from contracts.errors import Forbidden
from contracts.letters import SigningMethod, SignLetter
from services.letters.caller import Caller
from services.letters.use_cases.reauthenticating import reauthenticate
from tests.unit.letters import offices


class Directory:
    """Knows one password."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def call(self, service: str, method: str, /, *, password: str) -> None:
        assert (service, method) == ("directory", "check_password")
        self.asked.append(password)
        if password != "benar":
            raise Forbidden("wrong_password")


def signing(method: str, minutes: int | None, **given: Any) -> list[str]:
    """What the directory was asked."""
    at = None if minutes is None else offices.NOW - timedelta(minutes=minutes)
    actor = msgspec.structs.replace(offices.actor("sekda"), authenticated_at=at)
    caller = Caller.of(actor, offices.regency(), offices.NOW)
    directory = Directory()
    body = SignLetter(method=SigningMethod(method), **given)
    reauthenticate(caller, body, directory)
    return directory.asked


@pytest.mark.parametrize(
    ("method", "minutes", "given", "asked"),
    [
        ("none", 0, {"password": "benar"}, ["benar"]),
        ("none", None, {"passphrase": "benar"}, ["benar"]),
        ("local", 10, {"password": "benar"}, ["benar"]),
        ("bsre", 10, {"passphrase": "lain"}, []),
        ("bsre", 0, {"passphrase": "lain"}, []),
        ("local", 11, {"password": "benar"}, ["benar"]),
        ("local", None, {"passphrase": "benar"}, ["benar"]),
        ("bsre", 11, {"passphrase": "lain", "password": "benar"}, ["benar"]),
    ],
)
def test_the_password_is_asked_again(
    method: str, minutes: int | None, given: dict[str, str], asked: list[str]
) -> None:
    assert signing(method, minutes, **given) == asked


@pytest.mark.parametrize(
    ("method", "minutes", "given", "code"),
    [
        ("none", 0, {}, "reauthentication_required"),
        ("none", 0, {"password": "salah"}, "wrong_password"),
        ("local", 0, {}, "reauthentication_required"),
        ("local", 11, {}, "reauthentication_required"),
        ("bsre", 0, {}, "reauthentication_required"),
        ("bsre", None, {"passphrase": "benar"}, "reauthentication_required"),
        ("local", 11, {"password": "salah"}, "wrong_password"),
        ("local", 0, {"password": "salah"}, "wrong_password"),
    ],
)
def test_otherwise_nothing_is_signed(
    method: str, minutes: int | None, given: dict[str, str], code: str
) -> None:
    with pytest.raises(Forbidden) as refused:
        signing(method, minutes, **given)
    assert refused.value.code == code
