"""The monitor's ways out hold when they are tried, and its filters."""

from __future__ import annotations

from contracts.errors import Forbidden
from contracts.schedule import MonitoredLine, Suggestion, Visibility
from contracts.schedule_requests import OverrideRequest
from tests.integration.schedule.desk import Desk, monitored, standing
from tests.integration.schedule.keeping import enter
from tests.unit.schedule.offices import at, key, request

URGENT = OverrideRequest(reason="Darurat")


def suggestions(line: MonitoredLine) -> dict[str, Suggestion]:
    return {found.act: found for found in line.suggestions}


def beaten(desk: Desk) -> MonitoredLine:
    """Bupati's morning, its last hour lost to something urgent; Wabup is busy."""
    desk.create("ajudan", request("bupati", starts=9, ends=12))
    desk.create("wabup", request("wabup", starts=9, ends=10))
    desk.create("protokol", request("bupati", starts=11, ends=12, override=URGENT))
    (line,) = monitored(desk, "protokol").items
    return line


def test_each_way_out_works_when_it_is_taken(desk: Desk) -> None:
    for act in ("move", "represent", "shorten"):
        desk.clear()
        line = beaten(desk)
        assert [found.act for found in line.suggestions] == [
            "move",
            "represent",
            "shorten",
        ]
        found = suggestions(line)[act]
        if act == "represent":
            assert found.position_id == key("sekda")
            desk.respond("ajudan", line.activity_id, "bupati", "represented", "sekda")
        else:
            moved = desk.update(
                "ajudan",
                line.activity_id,
                starts_at=found.starts_at,
                ends_at=found.ends_at,
            )
            assert standing(moved, "bupati") == "binding"
        assert monitored(desk, "protokol").items == []


def test_the_shorter_time_ends_where_the_other_begins(desk: Desk) -> None:
    found = suggestions(beaten(desk))["shorten"]

    assert (found.starts_at, found.ends_at) == (at(9), at(11))


def test_pencilled_time_and_the_hours_of_a_room_are_kept_clear(desk: Desk) -> None:
    afternoon = [
        {"weekday": day, "opens": "13:00", "closes": "15:00"} for day in range(1, 6)
    ]
    room = enter(desk, "kadis", bookable_hours=afternoon).resource_id
    desk.create("kadis", request("kadis", starts=13, ends=14))
    desk.create("kadis", request("kadis", starts=14, ends=15, state="tentative"))
    asked = request("kadis", starts=13, ends=14, state="tentative", resource_ids=[room])
    made = desk.create("kadis", asked)

    line = next(
        row
        for row in monitored(desk, "kadis").items
        if row.activity_id == made.activity_id
    )

    found = suggestions(line)["move"]
    assert found.starts_at not in (at(13), at(13.5), at(14))
    assert found.starts_at.astimezone(at(0).tzinfo).hour in (13, 14)


def test_of_what_is_over_there_is_no_way_out(desk: Desk) -> None:
    line = beaten(desk)
    desk.now = at(20)

    (late,) = monitored(desk, "protokol", **{"from": "2026-11-26"}).items

    assert late.activity_id == line.activity_id
    assert late.suggestions == []


def test_the_monitor_of_one_leader(desk: Desk) -> None:
    line = beaten(desk)
    desk.create("kadis", request("kadis", starts=13, ends=14))
    desk.create("kadis", request("kadis", starts=13, ends=14, state="tentative"))

    of_bupati = monitored(desk, "kadis", position_id=str(key("bupati"))).items
    of_both = monitored(desk, "kadis").items
    neither = monitored(
        desk, "kadis", position_id=str(key("bupati")), unit_id=str(key("kominfo"))
    ).items

    assert [row.activity_id for row in of_bupati] == [line.activity_id]
    assert len(of_both) == 2
    assert neither == []


def test_a_way_is_open_to_whom_the_act_itself_lets_through(desk: Desk) -> None:
    line = beaten(desk)
    for who in ("ajudan", "protokol", "bupati", "wabup", "kadis", "staf", "sekda"):
        (seen,) = monitored(desk, who).items
        for found in seen.suggestions:
            assert found.allowed is lets_through(desk, who, line, found), (who, found)
            assert found.allowed is (found.ask_position_id is None)


def lets_through(desk: Desk, who: str, line: MonitoredLine, found: Suggestion) -> bool:
    """Taken and put back as it was."""
    try:
        if found.act == "represent":
            desk.respond(who, line.activity_id, "bupati", "represented", "sekda")
        else:
            times = {"starts_at": found.starts_at, "ends_at": found.ends_at}
            desk.update(who, line.activity_id, **times)
    except Forbidden:
        return False
    desk.clear()
    line.activity_id = beaten(desk).activity_id
    return True


def test_who_is_named_instead_may(desk: Desk) -> None:
    beaten(desk)
    for found in monitored(desk, "staf").items[0].suggestions:
        assert not found.allowed
        asked = desk.org.position(found.ask_position_id)
        assert asked is not None
        assert found.ask_name == (asked.short_title or asked.title)
        (seen,) = monitored(desk, asked.code).items
        assert suggestions(seen)[found.act].allowed


def test_who_organises_firm_time_of_others_asks_their_keeper(desk: Desk) -> None:
    asked = desk.create("kadis", request("bupati", starts=9, ends=12, state="proposed"))
    desk.confirm("protokol", asked.activity_id)
    desk.create("protokol", request("bupati", starts=11, ends=12, override=URGENT))

    (line,) = monitored(desk, "kadis").items

    found = suggestions(line)["move"]
    assert not found.allowed
    keeper = desk.org.position(found.ask_position_id)
    assert keeper is not None
    (theirs,) = monitored(desk, keeper.code).items
    assert suggestions(theirs)["move"].allowed
    assert not lets_through(desk, "kadis", line, found)


def test_who_uses_a_room_for_hidden_things_is_not_named(desk: Desk) -> None:
    hidden = request("kadis", starts=9, ends=12, resource_ids=[key("aula")])
    hidden.visibility = Visibility.BUSY_ONLY
    desk.create("kadis", hidden)
    urgent = request("bupati", starts=11, resource_ids=[key("aula")], override=URGENT)
    urgent.ends_at = at(12)
    desk.create("protokol", urgent)

    (line,) = monitored(desk, "staf.dinkes").items

    assert (line.kind, line.activity_title) == ("resource", "sibuk")
    assert line.suggestions
    assert {found.ask_position_id for found in line.suggestions} == {None}
