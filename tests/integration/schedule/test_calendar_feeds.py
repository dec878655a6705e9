"""Calendar feeds: who may read what by an address, until it is taken back."""

from __future__ import annotations

import hashlib
from datetime import UTC
from typing import Any
from uuid import UUID

import pytest
from icalendar import Calendar

from chassis.context import CallContext, Idempotency
from chassis.unit_of_work import run_command
from contracts.errors import Forbidden, Invalid, NotFound
from contracts.paging import ListQuery
from contracts.schedule import Place, Visibility
from contracts.schedule_calendars import CreateCalendarFeed, FeedDetail
from services.schedule.unit_of_work import opener
from services.schedule.use_cases.feeding import (
    create_calendar_feed,
    delete_calendar_feed,
)
from services.schedule.views.feeds import list_calendar_feeds, read_calendar_feed
from services.schedule.views.public_agenda import (
    list_public_activities,
    read_public_calendar,
)
from tests.integration.schedule.desk import Desk
from tests.integration.schedule.test_races import race
from tests.unit.schedule.offices import at, client, key, request

SECRET = hashlib.sha256(b"secret").hexdigest()


def made(desk: Desk, who: Any, detail: str = "full", **scope: UUID) -> UUID:
    wanted = CreateCalendarFeed(detail=FeedDetail(detail), **scope)
    caller = desk.caller(who)
    return desk.run(lambda uow: create_calendar_feed(uow, caller, wanted, SECRET))


def read(desk: Desk, token: str = SECRET) -> list[Any]:
    found = desk.run(lambda uow: read_calendar_feed(uow, desk.org, desk.now, token))
    return events_of(found.content)


def events_of(content: str) -> list[Any]:
    return list(Calendar.from_ical(content).walk("VEVENT"))


def public(desk: Desk) -> str:
    found = desk.run(lambda uow: read_public_calendar(uow, desk.org, desk.now))
    return found.content


def test_a_full_feed_is_read_as_what_was_booked(desk: Desk) -> None:
    made(desk, "ajudan", position_id=key("bupati"))
    booked = desk.create(
        "ajudan",
        request(
            "bupati",
            title="Rapat, resmi; dan \\ panjang " * 5,
            place=Place(name="Aula Ramu"),
        ),
    )
    desk.create("kadis", request("kadis", title="Bukan milik Bupati"))

    (event,) = read(desk)

    assert str(event["UID"]) == f"{booked.activity_id}@rakat"
    assert str(event["SUMMARY"]) == booked.title
    assert event["DTSTART"].dt == at(9).astimezone(UTC)
    assert event["DTEND"].dt == at(10).astimezone(UTC)
    assert event["SEQUENCE"] == booked.version
    assert str(event["STATUS"]) == "CONFIRMED"
    assert str(event["LOCATION"]) == "Aula Ramu"
    assert "Penyelenggara" in str(event["DESCRIPTION"])


def test_a_busy_feed_tells_nothing_but_the_time(desk: Desk) -> None:
    made(desk, "ajudan", "busy", position_id=key("bupati"))
    desk.create(
        "ajudan",
        request("bupati", title="Rahasia benar", place=Place(name="Aula Ramu")),
    )

    (event,) = read(desk)

    assert str(event["SUMMARY"]) == "Sibuk"
    assert not {"LOCATION", "DESCRIPTION", "CATEGORIES", "URL"} & set(event)


def test_a_full_feed_shows_what_its_maker_may_see_when_it_is_read(desk: Desk) -> None:
    made(desk, "staf.dinkes", position_id=key("bupati"))
    booked = desk.create("ajudan", request("bupati", title="Terbuka"))
    assert [str(event["SUMMARY"]) for event in read(desk)] == ["Terbuka"]

    desk.update(
        "ajudan", booked.activity_id, title="Rahasia", visibility=Visibility.BUSY_ONLY
    )

    assert [str(event["SUMMARY"]) for event in read(desk)] == ["Sibuk"]


def test_a_cancelled_activity_stays_and_says_so(desk: Desk) -> None:
    made(desk, "ajudan", position_id=key("bupati"))
    booked = desk.create("ajudan", request("bupati"))
    before = read(desk)[0]["SEQUENCE"]

    desk.cancel("ajudan", booked.activity_id)

    (event,) = read(desk)
    assert (str(event["STATUS"]), str(event["TRANSP"])) == ("CANCELLED", "TRANSPARENT")
    assert event["SEQUENCE"] > before


def test_who_sent_another_is_free_and_the_other_is_not(desk: Desk) -> None:
    booked = desk.create("ajudan", request("bupati"))
    desk.respond("ajudan", booked.activity_id, "bupati", "represented", by="wabup")
    made(desk, "ajudan", position_id=key("bupati"))

    assert read(desk) == []


def test_feeds_of_units_and_rooms(desk: Desk) -> None:
    desk.create("ajudan", request("bupati", title="Aula", resource_ids=[key("aula")]))
    desk.create(
        "kadis", request("kadis", title="Dinas", organiser_unit_id=key("kominfo"))
    )

    room = made(desk, "kadis", resource_id=key("aula"))
    assert [str(event["SUMMARY"]) for event in read(desk)] == ["Aula"]

    desk.run(lambda uow: delete_calendar_feed(uow, desk.caller("kadis"), room))
    made(desk, "kadis", unit_id=key("kominfo"))
    assert [str(event["SUMMARY"]) for event in read(desk)] == ["Dinas"]


def test_only_near_time_is_in_a_feed(desk: Desk) -> None:
    made(desk, "ajudan", position_id=key("bupati"))
    for day in (-300, 0, 500):
        desk.create("ajudan", request("bupati", day=day, title=f"Hari {day}"))

    assert [str(event["SUMMARY"]) for event in read(desk)] == ["Hari 0"]


def test_the_same_state_gives_the_same_bytes(desk: Desk) -> None:
    made(desk, "ajudan", position_id=key("bupati"))
    desk.create("ajudan", request("bupati"))

    texts = {
        desk.run(
            lambda uow: read_calendar_feed(uow, desk.org, desk.now, SECRET)
        ).content
        for _ in range(2)
    }

    assert len(texts) == 1


def test_guessed_and_taken_back_addresses_are_not_found(desk: Desk) -> None:
    feed_id = made(desk, "ajudan", position_id=key("bupati"))

    with pytest.raises(NotFound):
        read(desk, hashlib.sha256(b"guessed").hexdigest())
    with pytest.raises(NotFound):
        desk.run(lambda uow: delete_calendar_feed(uow, desk.caller("kadis"), feed_id))
    desk.run(lambda uow: delete_calendar_feed(uow, desk.caller("ajudan"), feed_id))

    with pytest.raises(NotFound):
        read(desk)
    with pytest.raises(NotFound):
        desk.run(lambda uow: delete_calendar_feed(uow, desk.caller("ajudan"), feed_id))


def test_a_feed_closes_with_its_makers_last_office(desk: Desk) -> None:
    made(desk, "vacant", position_id=key("bupati"))  # a person who holds nothing

    with pytest.raises(NotFound):
        read(desk)


def test_feeds_are_listed_for_who_made_them(desk: Desk) -> None:
    feed_id = made(desk, "ajudan", position_id=key("bupati"))

    mine = desk.run(lambda uow: list_calendar_feeds(uow, desk.caller("ajudan")))
    others = desk.run(lambda uow: list_calendar_feeds(uow, desk.caller("kadis")))

    assert [feed.feed_id for feed in mine.items] == [feed_id]
    assert mine.items[0].name
    assert others.items == []
    assert desk.count("calendar_feed", f"token_sha256 = '{SECRET}'") == 1


@pytest.mark.parametrize(
    "scope",
    [
        {},
        {"position_id": key("bupati"), "unit_id": key("setda")},
        {"position_id": key("nobody")},
        {"unit_id": key("nowhere")},
        {"resource_id": key("nothing")},
    ],
)
def test_a_feed_is_of_exactly_one_known_thing(
    desk: Desk, scope: dict[str, UUID]
) -> None:
    with pytest.raises(Invalid):
        made(desk, "ajudan", **scope)


def test_applications_have_no_feeds(desk: Desk) -> None:
    with pytest.raises(Forbidden):
        made(desk, client(), position_id=key("bupati"))


def test_the_public_calendar_holds_settled_public_activities(desk: Desk) -> None:
    def book(who: str, title: str, hour: float, **more: Any) -> UUID:
        wanted = request(who, title=title, starts=hour, ends=hour + 1, **more)
        return desk.create(who, wanted).activity_id

    book("bupati", "Upacara", 8, visibility=Visibility.PUBLIC)
    book("bupati", "Di dalam", 9)
    book("bupati", "Rahasia", 10, visibility=Visibility.BUSY_ONLY)
    book("kadis", "Usulan", 11, visibility=Visibility.PUBLIC, state="proposed")
    off = book("bupati", "Batal", 12, visibility=Visibility.PUBLIC)
    desk.cancel("bupati", off)
    never = book("kadis", "Ditolak", 13, visibility=Visibility.PUBLIC, state="proposed")
    desk.cancel("kadis", never)

    text = public(desk)

    shown = {str(event["SUMMARY"]): str(event["STATUS"]) for event in events_of(text)}
    assert shown == {"Upacara": "CONFIRMED", "Batal": "CANCELLED"}
    assert "Peserta" not in text
    assert "Rahasia" not in text


def test_the_public_page_goes_on_where_it_stopped(desk: Desk) -> None:
    for hour in range(8, 13):
        wanted = request("bupati", title=f"Jam {hour}", starts=hour, ends=hour + 1)
        wanted.visibility = Visibility.PUBLIC
        desk.create("bupati", wanted)

    seen: list[str] = []
    query = ListQuery(limit=2)
    while True:
        page = desk.run(
            lambda uow, query=query: list_public_activities(
                uow, desk.org, query, desk.now
            )
        )
        seen += [item.title for item in page.items]
        if page.next_cursor is None:
            break
        query = ListQuery(limit=2, cursor=page.next_cursor)

    assert seen == [f"Jam {hour}" for hour in range(8, 13)]


def test_links_of_public_activities_stay_inside(desk: Desk) -> None:
    desk.create(
        "bupati",
        request(
            "bupati",
            visibility=Visibility.PUBLIC,
            place=Place(name="Daring", online_url="https://rapat.example/123"),
        ),
    )

    assert "rapat.example" not in public(desk)


def many(desk: Desk, who: str, count: int) -> list[UUID]:
    caller = desk.caller(who)
    wanted = CreateCalendarFeed(detail=FeedDetail.BUSY, position_id=key("bupati"))
    return [
        desk.run(
            lambda uow, n=n: create_calendar_feed(uow, caller, wanted, f"{n:064x}")
        )
        for n in range(count)
    ]


def test_twenty_feeds_are_enough_for_a_person(desk: Desk) -> None:
    first, *_ = many(desk, "ajudan", 20)

    with pytest.raises(Invalid, match="too_many_feeds"):
        made(desk, "ajudan", position_id=key("bupati"))
    assert many(desk, "ajudan", 1) == [first]  # the same call, delivered twice
    made(desk, "kadis", position_id=key("kadis"))
    desk.run(lambda uow: delete_calendar_feed(uow, desk.caller("kadis"), _only(desk)))
    desk.run(lambda uow: delete_calendar_feed(uow, desk.caller("ajudan"), first))
    made(desk, "ajudan", position_id=key("bupati"))

    assert desk.count("calendar_feed") == 20


def _only(desk: Desk) -> UUID:
    mine = desk.run(lambda uow: list_calendar_feeds(uow, desk.caller("kadis")))
    return mine.items[0].feed_id


def test_the_last_free_place_is_given_once(desk: Desk) -> None:
    many(desk, "ajudan", 19)
    caller = desk.caller("ajudan")
    wanted = CreateCalendarFeed(detail=FeedDetail.BUSY, position_id=key("bupati"))

    found = race(
        *(
            lambda n=n: desk.run(
                lambda uow: create_calendar_feed(uow, caller, wanted, f"{n:064x}")
            )
            for n in range(100, 108)
        )
    )

    assert found == {"done": 1, "too_many_feeds": 7}
    assert desk.count("calendar_feed") == 20


def test_a_feed_asked_for_twice_at_once_is_made_once(desk: Desk) -> None:
    caller = desk.caller("ajudan")
    wanted = CreateCalendarFeed(detail=FeedDetail.BUSY, position_id=key("bupati"))
    call = CallContext(
        actor=caller.actor,
        request_id="0198f000-0000-7000-8000-000000000001",
        idempotency=Idempotency(key="k1", fingerprint="same"),
    )

    def ask() -> Any:
        return run_command(
            opener(desk.database, lambda: desk.now, call),
            call,
            lambda uow: create_calendar_feed(uow, caller, wanted, SECRET),
        )

    found = race(*[ask] * 8)

    assert found["done"] >= 1
    assert set(found) <= {"done", "idempotency_in_progress"}
    assert desk.count("calendar_feed") == 1
    assert ask()["replayed"] is True
    assert desk.count("idempotency", f"answer::text LIKE '%{SECRET}%'") == 0
