"""A letter becomes more secret: its activity keeps the time and forgets the rest."""

from __future__ import annotations

from itertools import permutations

import sqlalchemy as sa

from contracts.letters.words import Secrecy
from contracts.schedule import Visibility
from tests.integration.schedule.desk import Desk
from tests.integration.schedule.post import Letter, Message, activity_of, deliver


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
