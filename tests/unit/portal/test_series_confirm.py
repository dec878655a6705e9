"""A proposed series confirmed from its page, around a fake bus."""

from __future__ import annotations

import pytest

from contracts.errors import Conflict
from tests.unit.gateway.fakes import FakeBus, done
from tests.unit.portal.desk import page, seat
from tests.unit.portal.test_series_pages import CLASH, PATH, activity, failing

HERE = f"{PATH}/tetapkan"
PROPOSED = {"state": "proposed", "allowed": ["cancel", "confirm", "update"]}


@pytest.fixture
def bus() -> FakeBus:
    bus = seat(FakeBus(), "kadis")
    bus.answers["schedule.get_activity"] = lambda _: activity(**PROPOSED)
    bus.answers["schedule.get_slot_request"] = lambda _: {}
    bus.answers["schedule.list_representatives"] = page()
    confirmed = activity(state="confirmed", series={"occurrences": 5, "skipped": []})
    bus.answers["schedule.confirm_activity"] = done(confirmed)
    return bus


async def test_a_proposed_series_asks_for_its_dates(portal):
    _, shown = await portal(PATH)
    answer, text = await portal(HERE)

    assert f'href="{HERE}"' in shown
    assert 'value="tetapkan"' not in shown
    assert answer.status == 200
    assert 'name="lingkup" value="all" checked' in text


async def test_all_dates_are_confirmed_in_one_act(portal, bus):
    answer, _ = await portal(HERE, {"lingkup": "all", "kunci": "k1"})

    (call,) = bus.of("confirm_activity")
    assert (answer.status, answer.headers["Location"]) == (303, PATH)
    assert call.kwargs["query"] == {"scope": "all"}
    assert call.kwargs["body"] == {}
    assert call.idempotency.key == "k1"


async def test_a_clash_is_said_with_how_many_more(portal, bus):
    clash = Conflict("schedule_conflict", conflicts=[CLASH], total=3)
    bus.answers["schedule.confirm_activity"] = failing(clash)

    answer, text = await portal(HERE, {"lingkup": "following", "alasan": "Disepakati"})

    assert answer.status == 409
    assert "Dan 2 bentrokan lagi" in text
    assert "Disepakati" in text
    assert 'value="following" checked' in text


async def test_no_scope_is_asked_again(portal, bus):
    answer, text = await portal(HERE, {"lingkup": "semua"})

    assert answer.status == 422
    assert 'id="lingkup-salah"' in text
    assert bus.of("confirm_activity") == []


async def test_one_activity_is_confirmed_without_a_question(portal, bus):
    alone = {**PROPOSED, "series_id": None, "recurrence": None}
    bus.answers["schedule.get_activity"] = lambda _: activity(**alone)

    _, text = await portal(PATH)

    assert 'value="tetapkan"' in text
    assert HERE not in text
