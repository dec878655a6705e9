"""Who sees a letter, by its secrecy, on every way in; nobody else learns of it."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

import pytest
import sqlalchemy as sa

from chassis.database import Database
from contracts.actor import Actor, ClientRef
from contracts.errors import Forbidden, NotFound
from contracts.letters import Box, LettersQuery, TasksQuery
from services.letters import views_letters, views_tasks
from services.letters.use_cases import reading, working
from tests.integration.letters.desk import Desk
from tests.unit.letters import offices

WITH_DELEGATES = (
    offices.lends("kadis.dinkes", "sekretaris.dinkes", "act"),
    offices.lends("kadis.dinkes", "staf.umum", "read", include_secret=True),
    offices.lends("bupati", "ajudan.bupati", "act", include_secret=True),
)
WATCHING = {
    "kadis.dinkes": "addressee",
    "tu.dinkes": "registrar",
    "sekretaris.dinkes": "delegate",
    "staf.umum": "delegate with include_secret",
    "sekda": "above",
    "bupati": "above",
    "ajudan.bupati": "delegate of who is only above",
    "kadis.pupr": "stranger",
    "tu.setda": "registrar of another register",
    "admin": "administrator",
    "protokol": "protocol",
}
ORDINARY = {
    *("kadis.dinkes", "tu.dinkes", "sekretaris.dinkes", "staf.umum"),
    *("sekda", "bupati"),
}
SEES = {
    "biasa": ORDINARY,
    "terbatas": {"kadis.dinkes", "tu.dinkes", "sekretaris.dinkes", "staf.umum"},
    "rahasia": {"kadis.dinkes", "tu.dinkes", "staf.umum"},
    "sangat_rahasia": {"kadis.dinkes", "tu.dinkes"},
}


@pytest.fixture
def lent(database: Database) -> Desk:
    return Desk(database, offices.regency(delegations=WITH_DELEGATES))


@pytest.mark.parametrize("secrecy", SEES)
def test_who_sees_by_every_way_in(lent: Desk, secrecy: str) -> None:
    word = f"kata{secrecy.replace('_', '')}"
    letter = lent.register(
        "tu.dinkes", addressees=["kadis.dinkes"], secrecy=secrecy, subject=word
    )
    task_id = lent.task_of(letter.letter_id, "kadis.dinkes")
    for who in WATCHING:
        expected = who in SEES[secrecy]
        ways = {
            "letter": opens(lent, who, reading.get_letter, letter.letter_id),
            "tracking": opens(lent, who, reading.get_letter_tracking, letter.letter_id),
            "task": opens(lent, who, reading.get_task, task_id),
            "search": letter.letter_id in listed(lent, who, q=word),
            "all": letter.letter_id in listed(lent, who, state="registered"),
        }
        assert set(ways.values()) == {expected}, (who, ways)


def test_a_delegate_may_act_only_with_the_right_and_the_clearance(lent: Desk) -> None:
    ordinary = lent.register("tu.dinkes", addressees=["kadis.dinkes"])
    task_id = lent.task_of(ordinary.letter_id, "kadis.dinkes")
    with pytest.raises(Forbidden):
        lent.do("staf.umum", working.read_task, task_id)
    assert lent.do("sekretaris.dinkes", working.read_task, task_id).state == "read"
    secret = lent.register("tu.dinkes", addressees=["kadis.dinkes"], secrecy="rahasia")
    task_id = lent.task_of(secret.letter_id, "kadis.dinkes")
    with pytest.raises(NotFound):
        lent.do("sekretaris.dinkes", working.read_task, task_id)


def test_a_secret_task_is_not_counted_or_listed_for_a_delegate(lent: Desk) -> None:
    letter = lent.register("tu.dinkes", addressees=["kadis.dinkes"], secrecy="rahasia")
    query = TasksQuery(letter_id=letter.letter_id)
    assert lent.look("kadis.dinkes", views_tasks.mine, query).items
    assert not lent.look("sekretaris.dinkes", views_tasks.mine, query).items
    mine = lent.look("kadis.dinkes", views_tasks.counters).open_tasks
    assert lent.look("sekretaris.dinkes", views_tasks.counters).open_tasks < mine


def test_who_leaves_an_office_loses_its_letters(desk: Desk) -> None:
    letter = desk.register("tu.dinkes", addressees=["kadis.dinkes"])
    successor = offices.holds("kabag.umum", "kadis.dinkes", "plt")
    later = Desk(
        desk.database, offices.regency(vacant=["kadis.dinkes"], also=[successor])
    )
    with pytest.raises(NotFound):
        later.do("kadis.dinkes", reading.get_letter, letter.letter_id)
    seen = later.do("kabag.umum", reading.get_letter, letter.letter_id)
    assert [task.state for task in seen.my_tasks] == ["sent"]


def test_a_client_reads_what_concerns_its_unit_and_nothing_secret(desk: Desk) -> None:
    client = Actor(
        client=ClientRef(
            client_id=offices.person_id("app"),
            name="Aplikasi",
            unit_id=offices.unit_id("dinkes"),
        )
    )
    ids = [
        desk.register(
            "tu.dinkes", addressees=["kadis.dinkes"], secrecy=secrecy
        ).letter_id
        for secrecy in ("biasa", "terbatas", "rahasia")
    ]
    other = desk.register().letter_id
    found = desk.look(
        client, views_letters.listed, LettersQuery(box=Box.ALL, limit=200)
    )
    seen = {one.letter_id for one in found.items}
    assert seen >= set(ids[:2])
    assert not seen & {ids[2], other}
    with pytest.raises(NotFound):
        desk.do(client, reading.get_letter, ids[2])


def test_notes_are_for_the_branch_only(desk: Desk) -> None:
    letter = desk.register(addressees=["bupati", "wabup"])
    desk.dispose("bupati", letter.letter_id, ("sekda",), note="Di antara kita")
    desk.dispose("sekda", letter.letter_id, ("kadis.dinkes",), note="Lanjutkan")
    sekda, dinkes = (
        desk.task_of(letter.letter_id, code) for code in ("sekda", "kadis.dinkes")
    )
    for who, first, second in (
        ("bupati", "Di antara kita", "Lanjutkan"),
        ("sekda", "Di antara kita", "Lanjutkan"),
        ("kadis.dinkes", None, "Lanjutkan"),
        ("wabup", None, None),
        ("tu.setda", None, None),
    ):
        assert desk.do(who, reading.get_task, sekda).note == first
        assert desk.do(who, reading.get_task, dinkes).note == second
        timeline = str(desk.tracking(who, letter.letter_id).timeline)
        assert ("Di antara kita" in timeline) == (first is not None)
        assert ("Lanjutkan" in timeline) == (second is not None)


def test_events_of_restricted_letters_carry_no_subject(desk: Desk) -> None:
    letter = desk.register(secrecy="terbatas", subject="Mutasi pejabat")
    desk.dispose("bupati", letter.letter_id, ("sekda",))
    for envelope in desk.published(letter.letter_id):
        assert envelope["data"]["subject"] is None
        assert "Mutasi" not in str(envelope)


def test_every_read_of_a_secret_letter_is_recorded(desk: Desk) -> None:
    letter = desk.register(secrecy="rahasia")
    desk.do("bupati", reading.get_letter, letter.letter_id)
    desk.tracking("bupati", letter.letter_id)
    assert viewed(desk, letter.letter_id) == ["letter", "tracking"]
    task_id = desk.task_of(letter.letter_id, "bupati")
    desk.do("bupati", working.read_task, task_id)
    desk.do("bupati", working.read_task, task_id)  # changes nothing, shows it again
    assert viewed(desk, letter.letter_id) == ["letter", "tracking", "task"]
    ordinary = desk.register()
    before = desk.do("bupati", reading.get_letter, ordinary.letter_id).version
    assert viewed(desk, ordinary.letter_id) == []
    assert desk.do("bupati", reading.get_letter, ordinary.letter_id).version == before


@pytest.mark.parametrize("sort", ["-created_at", "created_at", "due_at", "-due_at"])
def test_pages_are_complete_and_in_order(desk: Desk, sort: str) -> None:
    for number in range(5):
        later = desk.later(seconds=number + 1)
        later.register(subject=f"halaman {sort} {number}", copies=["wabup", "sekda"])
    both = Desk(
        desk.database,
        offices.regency(also=[offices.holds("bupati", "sekda", "plh")]),
        desk.now,
    )
    everything = listed(both, "bupati", sort=sort, q="halaman", limit=200)
    assert len(everything) == len(set(everything)) >= 5
    pages: list[UUID] = []
    cursor: str | None = None
    while True:
        query = LettersQuery(
            box=Box.ALL, sort=sort, q="halaman", limit=2, cursor=cursor
        )  # type: ignore[arg-type]
        page = both.look("bupati", views_letters.listed, query)
        pages += [one.letter_id for one in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert pages == everything


def test_boxes(desk: Desk) -> None:
    letter = desk.register("tu.dinkes", addressees=["kadis.dinkes"]).letter_id

    def has(who: str, box: str) -> bool:
        return letter in listed(desk, who, box=box, limit=200)

    assert has("kadis.dinkes", "inbox")
    assert has("tu.dinkes", "registered")
    assert has("kadis.dinkes", "unit")
    assert has("sekda", "all")
    assert not has("sekda", "inbox")
    assert not has("kadis.dinkes", "registered")
    assert not has("kadis.dinkes", "outgoing")
    assert not has("kadis.pupr", "all")


def opens(desk: Desk, who: str, use_case: object, key: UUID) -> bool:
    try:
        desk.do(who, use_case, key)  # type: ignore[arg-type]
    except NotFound:
        return False
    return True


def listed(desk: Desk, who: str, **query: object) -> list[UUID]:
    wanted = LettersQuery(**{"box": Box.ALL, "limit": 200, **query})  # type: ignore[arg-type]
    wanted.box = Box(wanted.box)
    page = desk.look(who, views_letters.listed, wanted)
    return [one.letter_id for one in page.items]


def viewed(desk: Desk, letter_id: UUID) -> Iterable[str]:
    query = sa.text(
        "SELECT detail ->> 'what' FROM trail WHERE letter_id = :id"
        " AND action = 'viewed' ORDER BY seq"
    )
    with desk.database.session() as session:
        return list(session.scalars(query, {"id": letter_id}))
