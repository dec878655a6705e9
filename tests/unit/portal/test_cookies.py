"""Every cookie of the portal is `Secure` wherever a browser can keep it so."""

from __future__ import annotations

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from gateway import keys
from gateway.config import GatewayConfig
from gateway.portal.flash import Flash
from gateway.portal.rendering import see_other


def request(*, loopback: bool, **headers: str) -> web.Request:
    app = web.Application()
    host = "127.0.0.1" if loopback else "0.0.0.0"
    app[keys.CONFIG] = GatewayConfig(amqp_uri="", blob_url="", host=host)
    return make_mocked_request("POST", "/jabatan", headers=headers, app=app)


@pytest.mark.parametrize(
    ("loopback", "headers", "secure"),
    [
        (True, {}, False),
        (True, {"X-Forwarded-Proto": "https"}, True),
        (False, {}, True),
        (False, {"X-Forwarded-Proto": "https"}, True),
    ],
)
def test_the_message_for_the_next_page(
    loopback: bool, headers: dict[str, str], secure: bool
) -> None:
    response = see_other(request(loopback=loopback, **headers), "/", Flash(text="Ya"))
    cookie = response.cookies["rakat_kabar"]
    assert bool(cookie["secure"]) is secure
    assert cookie["httponly"]
