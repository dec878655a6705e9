"""A browser at the portal; each module brings the `bus` it talks to."""

from __future__ import annotations

import pytest

from gateway.app import create_app
from gateway.config import GatewayConfig
from gateway.csrf import token_for
from tests.unit.gateway.fakes import TOKEN


@pytest.fixture
async def portal_client(aiohttp_client, tmp_path, bus):
    """With the session of whoever was seated."""
    config = GatewayConfig(amqp_uri="", blob_url=f"file://{tmp_path}/blobs")
    return await aiohttp_client(
        create_app(config, bus=bus), cookies={"rakat_session": TOKEN}
    )


@pytest.fixture
async def portal(portal_client):
    """Posts and gets as whoever was seated; answers are pages."""
    client = portal_client

    async def visit(path, fields=None):
        if fields is None:
            answer = await client.get(path, allow_redirects=False)
        else:
            data = {**fields, "csrf_token": token_for(TOKEN)}
            answer = await client.post(path, data=data, allow_redirects=False)
        return answer, await answer.text()

    return visit
