"""The store goes away and comes back: events wait, callers are told, nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest

from chassis.config import Config
from chassis.ids import new_id
from chassis.testing import RunService, wait_until
from contracts.envelope import Envelope
from contracts.errors import Unavailable
from services.notify.service import Service
from tests.faultproxy import FaultProxy
from tests.integration.notify.conftest import Store, fill_organisation
from tests.unit.directory.organisations import key
from tests.unit.notify.scenes import disposed, sealed

BOB = key("bob")


@pytest.fixture
def proxy(
    config: Config, served: Store, run_service: RunService
) -> Iterator[FaultProxy]:
    """The running service reaches its store through this."""
    fill_organisation(served)
    target = urlsplit(config.mongo_url)
    with FaultProxy(target.hostname or "127.0.0.1", target.port or 27017) as opened:
        url = f"mongodb://127.0.0.1:{opened.port}/?directConnection=true"
        run_service(Service, mongo_url=url, transient_attempts=1_000)
        yield opened
        opened.heal()


def test_events_of_an_outage_are_told_after_it(
    proxy: FaultProxy,
    served: Store,
    ask: Callable[..., Any],
    publish: Callable[[Envelope], None],
) -> None:
    told = served["notifications"].count_documents
    publish(_fresh())
    wait_until(lambda: told({}) == 1)

    proxy.down()
    for _ in range(5):
        publish(_fresh())
    with pytest.raises(Unavailable):
        ask(BOB, "count_unread", timeout=8)
    proxy.heal()

    wait_until(lambda: ask(BOB, "read_stream", after=0)["watermark"] == 6, timeout=30)
    assert told({}) == 6
    assert ask(BOB, "count_unread")["unread"] == 6


def _fresh() -> Envelope:
    return msgspec.structs.replace(sealed(disposed()), id=new_id())
