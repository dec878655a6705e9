"""Feeds, day sheets and imports over the bus, against the running service."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from contracts.errors import Invalid, NotFound, Unauthenticated
from tests.integration.schedule.test_service import (  # noqa: F401  fixtures
    Served,
    body,
    copy,
    served,
    tomorrow,
)
from tests.unit.schedule.offices import key

TOKEN = hashlib.sha256(b"over the bus").hexdigest()


def ics(hour: int) -> str:
    return (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:bus\r\n"
        f"DTSTAMP:20260101T000000Z\r\nDTSTART;TZID=Asia/Makassar:"
        f"{tomorrow(hour):%Y%m%dT%H%M%S}\r\nSUMMARY:Impor\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n"
    )


def test_a_feed_from_its_making_to_its_end(served: Served) -> None:  # noqa: F811
    wanted = {"position_id": str(key("wabup")), "detail": "full"}
    create: dict[str, Any] = {"body": wanted, "token_sha256": TOKEN}
    made = served.act("wabup", "create_calendar_feed", **create)
    assert made == served.act("wabup", "create_calendar_feed", **create)
    served.act(
        "wabup", "create_activity", body=body("wabup", hour=18, visibility="public")
    )

    feed = served.call(None, "read_calendar_feed", token_sha256=TOKEN)
    agenda = served.call(None, "read_public_calendar")

    assert "BEGIN:VEVENT" in feed["content"]
    assert "BEGIN:VEVENT" in agenda["content"]
    listed = served.call(None, "list_public_activities", query={"limit": 10})
    assert [item["title"] for item in listed["items"]] == ["Rapat"]
    mine = served.call("wabup", "list_calendar_feeds")["items"]
    assert [item["feed_id"] for item in mine] == [made["feed_id"]]

    served.act("wabup", "delete_calendar_feed", feed_id=made["feed_id"])

    with pytest.raises(NotFound):
        served.call(None, "read_calendar_feed", token_sha256=TOKEN)


def test_a_file_is_tried_then_imported_then_on_the_sheet(
    served: Served,  # noqa: F811
) -> None:
    def send(key: str | None = None, **query: Any) -> Any:
        content = ics(20)
        return served.call(
            "kadinkes", "import_activities", key=key, content=content, query=query
        )

    tried = send(dry_run=True)["body"]
    done = send("import-1")
    again = send("import-1")

    assert tried["counts"] == done["body"]["counts"]
    assert done["body"]["counts"]["created"] == 1
    assert (again["replayed"], again["body"]) == (True, done["body"])
    assert send()["body"]["counts"]["unchanged"] == 1
    sheet = served.call(
        "kadinkes",
        "get_day_sheet",
        position_id=str(key("kadinkes")),
        date=tomorrow(20).date().isoformat(),
    )
    assert [item["title"] for item in sheet["items"]] == ["Impor"]
    with pytest.raises(Invalid):
        served.call("kadinkes", "import_activities", content="halo")


@pytest.mark.parametrize(
    ("method", "more"),
    [
        ("list_calendar_feeds", {}),
        ("get_day_sheet", {"position_id": str(key("wabup")), "date": "2026-11-26"}),
        ("import_activities", {"content": ""}),
    ],
)
def test_who_is_not_logged_in_is_refused(
    served: Served,  # noqa: F811
    method: str,
    more: dict[str, Any],
) -> None:
    with pytest.raises(Unauthenticated):
        served.call(None, method, **more)


@pytest.mark.parametrize("cursor", ["x", "\x00", "x" * 600, "WzFd"])
def test_a_page_nobody_gave_is_refused(served: Served, cursor: str) -> None:  # noqa: F811
    with pytest.raises(Invalid):
        served.call(None, "list_public_activities", query={"cursor": cursor})


def test_a_feed_asked_for_again_is_not_made_again(served: Served) -> None:  # noqa: F811
    wanted = {"position_id": str(key("wabup")), "detail": "full"}

    first, again = (
        served.call(
            "wabup",
            "create_calendar_feed",
            key="k1",
            body=wanted,
            token_sha256=TOKEN,
        )
        for _ in range(2)
    )

    (mine,) = served.call("wabup", "list_calendar_feeds")["items"]
    assert first == {"body": {"feed_id": mine["feed_id"]}, "replayed": False}
    assert again == {**first, "replayed": True}


def test_two_megabytes_come_through_the_broker(served: Served) -> None:  # noqa: F811
    file = ics(5).replace("UID:bus", "UID:besar")
    head, tail = file.split("SUMMARY:Impor\r\n")
    line = "DESCRIPTION:" + "x" * 60 + "\r\n"
    room = 2 * 1024 * 1024 - len(head) - len("SUMMARY:Impor\r\n") - len(tail)
    content = head + "SUMMARY:Impor\r\n" + line * (room // len(line)) + tail

    report = served.call(
        "kadinkes", "import_activities", content=content, query={"dry_run": True}
    )

    assert len(content) > 2_090_000
    assert report["body"]["counts"]["created"] == 1
    assert report["body"]["items"][0]["read_until"] is None
