"""A letter becomes more secret: its activity keeps the time and forgets the rest."""

from __future__ import annotations

from itertools import permutations

import sqlalchemy as sa

from contracts.letters.words import Secrecy
from contracts.schedule import Activity, Visibility
from contracts.schedule_requests import ActivitiesQuery
from services.schedule.views.listing import list_activities
from tests.integration.schedule.desk import Desk
from tests.integration.schedule.post import Letter, Message, activity_of, deliver
from tests.unit.schedule.offices import key


def stored(desk: Desk, letter: Letter) -> str:
    """Everything schedule still keeps of the letter, in one text."""
    query = sa.text(
        "SELECT coalesce(c.invitation::text, '') || coalesce(a.title, '')"
        " || coalesce(a.place::text, '') || coalesce(a.reason, '')"
        " || coalesce(a.dress_code, '') || coalesce(a.contact, '') FROM letter_case c"
        " LEFT JOIN activity a USING (letter_id) WHERE letter_id = :id"
    )
    with desk.database.session() as session:
        return str(session.scalar(query, {"id": letter.letter_id}))


def test_the_activity_is_hidden_whatever_comes_first(desk: Desk) -> None:
    def messages(letter: Letter) -> list[Message]:
        return [
            letter.attendance("bupati", "attend", minute=1),
            letter.disposition("bupati", "kadis", minute=2),
            letter.raised(Secrecy.RAHASIA, minute=3),
        ]

    for place in range(len(list(permutations(range(3))))):
        letter = Letter(hour=2 + 2 * place)
        order = list(permutations(messages(letter)))[place]
        deliver(desk, *order)
        activity = activity_of(desk, letter, "bupati")
        assert activity is not None
        assert (activity.title, activity.place) == ("Kegiatan", None)
        assert activity.visibility is Visibility.BUSY_ONLY
        assert {line.code for line in activity.participants} == {"bupati", "kadis"}
        for word in ("Undangan", "Aula", "Batik", "Rina"):
            assert word not in stored(desk, letter), order


def test_what_is_published_of_it_carries_no_title_any_more(desk: Desk) -> None:
    letter = Letter()
    deliver(desk, letter.attendance("bupati", "attend", minute=1))
    before = len(desk.events("activity.changed.v1"))

    deliver(desk, letter.raised(Secrecy.TERBATAS, minute=2))

    told = desk.events("activity.changed.v1")[before:]
    assert [one["data"]["title"] for one in told] == [None]
    assert told[0]["data"]["visibility"] == "busy_only"


def test_a_correction_renews_what_an_activity_will_be_filled_from(desk: Desk) -> None:
    for late in (False, True):
        letter = Letter(hour=13 if late else 10)
        moved = Letter(hour=letter.hour + 2, letter_id=letter.letter_id)
        corrected = moved.corrected(minute=1)
        attended = letter.attendance("bupati", "attend", minute=0)
        # The act came after the correction, so it says the new time; an older word
        # that is delivered late does not bring the old time back.
        again = moved.attendance("bupati", "attend", minute=2)
        deliver(desk, *((corrected, again) if not late else (again, corrected)))
        deliver(desk, attended)
        activity = activity_of(desk, letter, "bupati")
        assert activity is not None
        assert activity.starts_at == moved.starts_at


def listed(desk: Desk, who: str, letter: Letter, **asked: object) -> list[Activity]:
    day = letter.starts_at.date().isoformat()
    query = ActivitiesQuery(from_=day, to=day, **asked)  # type: ignore[arg-type]
    caller = desk.caller(who)
    return desk.run(lambda uow: list_activities(uow, caller, query)).items


def secret_meeting(desk: Desk, letter: Letter) -> Activity:
    deliver(
        desk,
        letter.attendance("bupati", "attend", minute=1),
        letter.disposition("bupati", "kadis", minute=2),
        letter.raised(Secrecy.RAHASIA, minute=3),
    )
    found = activity_of(desk, letter, "bupati")
    assert found is not None
    assert {line.code for line in found.participants} == {"bupati", "kadis"}
    return found


def test_who_may_not_know_learns_of_no_one_else_in_it(desk: Desk) -> None:
    letter = Letter(hour=10)
    known = secret_meeting(desk, letter)
    bupati, kadis = key("bupati"), key("kadis")

    opened = desk.get("staf.dinkes", known.activity_id)
    assert (opened.masked, opened.participants, opened.resources) == (True, [], [])
    assert (opened.organiser_unit_id, opened.organiser_unit_name) == (None, "")
    (bare,) = listed(desk, "staf.dinkes", letter)
    assert (bare.participants, bare.resources) == ([], [])
    assert listed(desk, "staf.dinkes", letter, busy_of=[key("wabup")]) == []
    for asked in ({"position_id": kadis}, {"busy_of": [kadis]}):
        (found,) = listed(desk, "staf.dinkes", letter, **asked)
        (line,) = found.participants
        assert (line.position_id, line.role, line.response) == (kadis, None, None)
        assert (line.person, line.represents, line.represented_by) == (None, None, None)
        assert found.organiser_unit_id is None
    (shown,) = listed(desk, "ajudan", letter, position_id=bupati)
    assert {line.position_id for line in shown.participants} == {bupati, kadis}
    assert shown.organiser_unit_name


def test_its_organising_unit_is_not_found_out_by_asking_for_units(desk: Desk) -> None:
    letter = Letter(hour=10)
    known = secret_meeting(desk, letter)
    seats = {key("bupati"), key("kadis")}

    for unit in desk.caller("staf.dinkes").org.units:
        for found in listed(desk, "staf.dinkes", letter, unit_id=unit.unit_id):
            assert found.activity_id == known.activity_id
            assert {line.position_id for line in found.participants} <= seats
            assert found.participants


def test_who_declined_is_not_named_to_others(desk: Desk) -> None:
    letter = Letter(hour=10)
    made = secret_meeting(desk, letter)
    desk.respond("kadis", made.activity_id, "kadis", "not_attending")

    assert listed(desk, "staf.dinkes", letter, position_id=key("kadis")) == []
    (own,) = listed(desk, "kadis", letter, position_id=key("kadis"))
    assert not own.masked
