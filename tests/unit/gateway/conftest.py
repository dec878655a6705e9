"""The application around a fake bus, with two operations of its own."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import msgspec
import pytest

from contracts.fields import Instant, Line, Part, Request
from contracts.paging import ListQuery, Page
from gateway.api.v1.operation import Operation
from gateway.api.v1.router import add_operation
from gateway.app import create_app
from gateway.config import GatewayConfig
from tests.unit.gateway.fakes import TOKEN, FakeBus


class Parcel(msgspec.Struct, kw_only=True):
    parcel_id: UUID
    version: int
    label: str


class Stamp(Part, kw_only=True):
    value: int
    picture: Line | None = None


class SendParcel(Request, kw_only=True):
    label: Line
    sent_at: Instant
    stamps: Annotated[list[Stamp], msgspec.Meta(max_length=3)] = msgspec.field(
        default_factory=list
    )
    to: UUID | None = None


class ParcelsQuery(ListQuery, kw_only=True):
    ids: list[UUID] | None = None
    heavy: bool | None = None


SEND = Operation(
    name="send_parcel",
    method="POST",
    path="/parcels",
    service="post",
    summary="Send",
    tag="post",
    body=SendParcel,
    response=Parcel,
    status=201,
    command=True,
    scope="post:write",
    etag=True,
)
LIST = Operation(
    name="list_parcels",
    method="GET",
    path="/parcels",
    service="post",
    summary="List",
    tag="post",
    query=ParcelsQuery,
    response=Page[Parcel],
)
GET = Operation(
    name="get_parcel",
    method="GET",
    path="/parcels/{parcel_id}",
    service="post",
    summary="Read",
    tag="post",
    response=Parcel,
    etag=True,
)
CHANGE = Operation(
    name="change_parcel",
    method="PATCH",
    path="/parcels/{parcel_id}",
    service="post",
    summary="Change",
    tag="post",
    body=Stamp,
    response=Parcel,
    command=True,
    etag=True,
)
SEAL = Operation(
    name="seal_parcel",
    method="PUT",
    path="/parcels/{parcel_id}/seal",
    service="post",
    summary="Seal",
    tag="post",
    body=Stamp,
    response=Parcel,
    command=True,
    etag=True,
)
BURN = Operation(
    name="burn_parcel",
    method="POST",
    path="/parcels/{parcel_id}/burn",
    service="post",
    summary="Burn",
    tag="post",
    response=Parcel,
    command=True,
)
PARCELS = (SEND, LIST, GET, CHANGE, SEAL, BURN)


@pytest.fixture
def config(tmp_path) -> GatewayConfig:
    return GatewayConfig(amqp_uri="", blob_url=f"file://{tmp_path}/blobs")


@pytest.fixture
def bus() -> FakeBus:
    return FakeBus()


@pytest.fixture
async def api(aiohttp_client, config, bus) -> Any:
    """A client of the whole application."""
    app = create_app(config, bus=bus)
    for operation in PARCELS:
        add_operation(app, operation)
    return await aiohttp_client(app)


@pytest.fixture
def alice() -> dict[str, str]:
    return {"Authorization": f"Bearer {TOKEN}"}
