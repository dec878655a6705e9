"""Letters are found by their words and those of their files, by who may see them."""

from __future__ import annotations

import time
from uuid import UUID

import pytest
import sqlalchemy as sa

from chassis.database import Database
from contracts.errors import Invalid
from contracts.letters import Box, LetterSort, LettersQuery, ReportTask
from contracts.letters.search import FoundLetter, MatchedOn, SimilarQuery
from services.letters import orm, views_letters, views_similar
from services.letters.domain.audit import TrailLine, first_broken
from services.letters.timing import bounded
from services.letters.use_cases import working
from services.letters.use_cases.searching import list_letters
from tests.integration.letters.desk import Desk
from tests.integration.letters.drawer import Drawer
from tests.unit.letters import scans


@pytest.fixture
def drawer(desk: Desk, database: Database) -> Drawer:
    with database.session() as session:
        session.execute(sa.text("TRUNCATE file_text CASCADE"))
        session.commit()
    return Drawer(desk)


def found(desk: Desk, q: str, who: str = "bupati", **more: object) -> list[FoundLetter]:
    query = LettersQuery(q=q, box=Box.ALL, **more)
    return desk.do(who, list_letters, query).items


def ids(desk: Desk, q: str, who: str = "bupati", **more: object) -> list[UUID]:
    return [one.letter_id for one in found(desk, q, who, **more)]


def test_every_fact_is_looked_through(desk: Desk) -> None:
    letter = desk.register(
        number="445/Ambulans/2026",
        subject="Permintaan kendaraan",
        summary="Puskesmas Bayanan kekurangan armada",
        sender={"name": "Yayasan Mawar Putih"},
    )
    for words in (
        "445/Ambulans/2026",
        "445 ambulans",
        letter.agenda_number,
        "permintaan kendaraan",
        "Bayanan",
        "mawar putih",
        "kendaraan mawar",
        "bayan",
        "kenda",
    ):
        assert letter.letter_id in ids(desk, words), words


def test_stems_phrases_negation_and_beginnings(desk: Desk) -> None:
    letter = desk.register(
        subject="Undangan menghadiri peluncuran perpustakaan keliling"
    )
    hits = [
        "undang hadir perpustakaan",
        '"perpustakaan keliling"',
        "perpustakaan kelil",
    ]
    misses = [
        '"keliling perpustakaan"',
        "perpustakaan -keliling",
        "perpustakaan kelilx",
    ]
    for words in hits:
        assert letter.letter_id in ids(desk, words), words
    for words in misses:
        assert letter.letter_id not in ids(desk, words), words


def test_the_words_of_a_file_find_its_letter_and_say_where(
    desk: Desk, drawer: Drawer
) -> None:
    letter = drawer.letter(
        scans.pdf("Halaman pengantar", "Kerusakan bendungan Tapin akibat banjir"),
        page_count=2,
        subject="Laporan",
    )
    assert ids(desk, "bendungan tapin") == []
    drawer.extractor().work(10)
    (one,) = found(desk, "bendungan tapin")
    assert one.letter_id == letter.letter_id
    assert one.match is not None
    assert (one.match.on, one.match.page) == (MatchedOn.FILE, 2)
    assert one.match.file_id == letter.file_ids[0]
    marked = [part.text for part in one.match.snippet if part.found]
    assert marked == ["bendungan", "Tapin"]


def test_words_may_stand_apart_in_facts_and_file(desk: Desk, drawer: Drawer) -> None:
    letter = drawer.letter(scans.pdf("Lampiran inventaris"), subject="Gudang logistik")
    drawer.extractor().work(10)
    assert ids(desk, "gudang inventaris") == [letter.letter_id]
    (by_facts,) = found(desk, "gudang logistik")
    assert by_facts.match is not None
    assert (by_facts.match.on, by_facts.match.snippet) == (MatchedOn.FACTS, [])


def test_a_list_without_words_has_no_match(desk: Desk) -> None:
    desk.register()
    page = desk.look("bupati", views_letters.listed, LettersQuery(limit=1))
    assert page.items[0].match is None


def test_a_corrected_fact_is_found_and_the_old_one_no_more(
    desk: Desk, drawer: Drawer
) -> None:
    letter = drawer.letter(scans.pdf("Isi berkas kelapa"), subject="Semula delima")
    drawer.extractor().work(10)
    with desk.database.session() as session:
        query = "UPDATE letter SET subject = 'Kini rambutan' WHERE letter_id = :id"
        session.execute(sa.text(query), {"id": letter.letter_id})
        session.commit()
    assert ids(desk, "delima") == []
    assert ids(desk, "rambutan") == [letter.letter_id]
    assert ids(desk, "rambutan kelapa") == [letter.letter_id], "the file's words stay"


def test_a_letter_that_gets_a_file_already_read_is_found_at_once(
    desk: Desk, drawer: Drawer
) -> None:
    content = scans.pdf("Pengadaan seragam pramuka")
    drawer.letter(content)
    drawer.extractor().work(10)
    second = drawer.letter(content)
    assert second.letter_id in ids(desk, "seragam pramuka")


@pytest.mark.parametrize("secrecy", ["biasa", "terbatas", "rahasia"])
def test_only_who_may_see_a_letter_finds_it_by_its_file(
    desk: Desk, drawer: Drawer, secrecy: str
) -> None:
    word = f"pusaka{secrecy}"
    letter = drawer.letter(
        scans.pdf(f"Berkas tentang {word}"), secrecy=secrecy, addressees=["sekda"]
    )
    drawer.extractor().work(10)
    sees = {"sekda", "tu.setda"} | ({"bupati"} if secrecy == "biasa" else set())
    for who in ("sekda", "tu.setda", "bupati", "kadis.pupr", "admin"):
        expected = [letter.letter_id] if who in sees else []
        assert ids(desk, word, who) == expected, who


def test_of_a_secret_file_a_search_tells_nothing_and_is_recorded(
    desk: Desk, drawer: Drawer
) -> None:
    letter = drawer.letter(
        scans.pdf("Perihal intelijen pasar"), secrecy="rahasia", addressees=["sekda"]
    )
    drawer.extractor().work(10)
    (one,) = found(desk, "intelijen pasar", "sekda")
    assert one.match is not None
    assert (one.match.on, one.match.page, one.match.file_id, one.match.snippet) == (
        MatchedOn.FILE,
        None,
        None,
        [],
    )
    query = "SELECT detail FROM trail WHERE letter_id = :id AND action = 'viewed'"
    with desk.database.session() as session:
        rows = session.scalars(sa.text(query), {"id": letter.letter_id}).all()
    assert [row["what"] for row in rows] == ["search"]
    with desk.database.session() as session:
        chain = sa.select(orm.trail).where(orm.trail.c.letter_id == letter.letter_id)
        lines = session.execute(chain.order_by(orm.trail.c.seq)).mappings().all()
    assert first_broken(TrailLine(**line) for line in lines) is None
    found(desk, letter.agenda_number, "sekda")
    with desk.database.session() as session:
        again = session.scalars(sa.text(query), {"id": letter.letter_id}).all()
    assert len(again) == 1, "a list of facts is no read"


def test_reports_files_are_not_looked_through(desk: Desk, drawer: Drawer) -> None:
    letter = desk.register()
    task_id = desk.task_of(letter.letter_id, "bupati")
    content = scans.pdf("Laporan rahsia dapur umum")
    file_id = drawer.put(content, who="bupati")
    report = ReportTask(text="selesai", final=False, file_ids=[file_id])
    desk.do("bupati", working.report_task, task_id, report)
    drawer.extractor().work(10)
    assert drawer.state_of(content)[0] == "ready", "its pages can be read as text"
    assert ids(desk, "rahsia dapur") == [], "only a branch may read it"


HOSTILE = [
    '"', "'", "\\", "-", "--", "!", "&", "|", "()", "<->", ":*", "a:*", "' or 1=1 --",
    '"""""', "or or or", "-or -or", "-a -b -c", "\u200b", "%", "_", "\U0001f600",
    "x" * 200, "a " * 100, "-" * 200, '"a ' * 60, ":A", "rapat:*B & !x", "dan", "yang di",
]  # fmt: skip


@pytest.mark.parametrize("words", HOSTILE)
def test_whatever_is_typed_is_answered_quickly(desk: Desk, words: str) -> None:
    began = time.monotonic()
    page = desk.look("bupati", views_letters.listed, LettersQuery(q=words, box=Box.ALL))
    assert isinstance(page.items, list)
    assert time.monotonic() - began < 2


def test_words_that_take_too_long_are_refused(desk: Desk) -> None:
    with (
        desk.database.session() as session,
        pytest.raises(Invalid) as refused,
        bounded(session, 50),
    ):
        session.execute(sa.text("SELECT pg_sleep(2)"))
    assert refused.value.code == "query_too_broad"


def test_a_file_of_the_heaviest_text_is_indexed(desk: Desk, drawer: Drawer) -> None:
    """The bounds keep any text below what a tsvector holds."""
    words = "\n".join(chr(0x4E00 + number % 20_000) + " " for number in range(170_000))
    letter = desk.register()
    with desk.database.session() as session:
        session.execute(sa.text("INSERT INTO file_text VALUES ('h', 'x', 'ready')"))
        session.execute(
            sa.text(
                "INSERT INTO file_page_text SELECT 'h', page, 'ready', 'ocr',"
                " substr(:words, page * 16000 + 1, 16000) FROM generate_series(0, 20)"
                " AS page"
            ),
            {"words": words},
        )
        session.execute(
            sa.text(
                "INSERT INTO file (file_id, sha256, size_bytes, media_type, filename,"
                " uploaded_by, uploaded_at, letter_id) VALUES"
                " (gen_random_uuid(), 'h', 1, 'x', 'x', 'x', now(), :id)"
            ),
            {"id": letter.letter_id},
        )
        session.commit()
    assert letter.letter_id in ids(desk, chr(0x4E00 + 777))


# ---- order and pages ---------------------------------------------------------------


@pytest.mark.parametrize("sort", LetterSort)
def test_pages_follow_each_other_without_gap_or_repeat(
    desk: Desk, sort: LetterSort
) -> None:
    for number in range(7):
        urgency = ["biasa", "segera", "penting"][number % 3]
        made = desk.later(minutes=number).register(
            subject="Halaman berurut salak", urgency=urgency
        )
        if number == 3:  # such as one that is still a draft has none
            with desk.database.session() as session:
                query = "UPDATE letter SET due_at = NULL WHERE letter_id = :id"
                session.execute(sa.text(query), {"id": made.letter_id})
                session.commit()
    whole = ids(desk, "berurut salak", sort=sort)
    pages, cursor = [], None
    while True:
        query = LettersQuery(q="berurut salak", sort=sort, limit=2, cursor=cursor)
        page = desk.look("bupati", views_letters.listed, query)
        pages += [one.letter_id for one in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert pages == whole
    assert len(set(whole)) == len(whole) >= 7


# ---- letters that look the same ----------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"number": "005 / 990 / kesra / 2026"},
        {"number": "005.990.KESRA.2026", "sender": {"name": "KANWIL KEMENAG, KALSEL"}},
        {"dated_on": None},
    ],
)
def test_a_duplicate_is_warned_of_however_it_is_written(
    desk: Desk, changes: dict[str, object]
) -> None:
    same = {"number": "005/990/KESRA/2026", "sender": {"name": "Kanwil Kemenag Kalsel"}}
    first = desk.register(**same)
    second = desk.later(minutes=1).register(**{**same, **changes})
    with desk.database.session() as session:  # the next case has its own two
        session.execute(sa.text("UPDATE letter SET state = 'void'"))
        session.commit()
    assert first.letter_id in [one.letter_id for one in second.warnings]
    assert {one.code for one in second.warnings} == {"possible_duplicate"}


@pytest.mark.parametrize(
    "changes",
    [
        {"number": "005/991/KESRA/2026"},
        {"sender": {"name": "Kanwil Lain"}},
        {"dated_on": "2026-10-01"},
        {"number": None},
    ],
)
def test_another_letter_is_no_duplicate(desk: Desk, changes: dict[str, object]) -> None:
    same = {"number": "005/992/KESRA/2026", "sender": {"name": "Kanwil Beda"}}
    first = desk.register(**same)
    second = desk.register(**{**same, **changes})
    assert first.letter_id not in [one.letter_id for one in second.warnings]


def test_letters_without_a_number_are_the_same_by_sender_date_and_subject(
    desk: Desk,
) -> None:
    same = {
        "number": None,
        "sender": {"name": "Warga Ibu S."},
        "subject": "Jalan rusak!",
    }
    first = desk.register(**same)
    again = desk.register(**{**same, "subject": "JALAN RUSAK"})
    other = desk.register(**{**same, "subject": "Lampu jalan"})
    assert [one.letter_id for one in again.warnings] == [first.letter_id]
    assert other.warnings == []


def test_before_saving_only_letters_are_offered_that_the_caller_may_see(
    desk: Desk,
) -> None:
    sender = {"name": "Balai Wilayah Sungai"}
    letter = desk.register(
        "tu.dinkes", number="PW.01/77", sender=sender, addressees=["kadis.dinkes"]
    )
    typed = SimilarQuery(number="pw 01 77", sender_name="balai wilayah sungai")
    asked = {
        who: [
            one.letter_id for one in desk.look(who, views_similar.similar, typed).items
        ]
        for who in ("tu.dinkes", "tu.setda")
    }
    assert asked == {"tu.dinkes": [letter.letter_id], "tu.setda": []}


@pytest.mark.parametrize("kind", ["unknown", "UNDANGAN", "undangan/"])
def test_a_kind_that_no_list_names_is_refused_by_its_field(
    desk: Desk, kind: str
) -> None:
    with pytest.raises(Invalid) as refused:
        desk.do("bupati", list_letters, LettersQuery(kind=kind))
    assert [one["field"] for one in refused.value.errors] == ["/kind"]
    query = LettersQuery(kind="berita_acara")  # known, and nobody has one
    assert desk.do("sekda", list_letters, query).next_cursor is None
