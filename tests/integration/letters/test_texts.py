"""The text of files is read in the background, once each, whatever happens meanwhile."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from chassis.database import Database
from contracts.errors import NotFound
from contracts.letters.search import PageText
from services.letters.text import errand
from services.letters.use_cases import extracting
from services.letters.use_cases.extracting import get_page_text
from tests.integration.letters.desk import Desk
from tests.integration.letters.drawer import DOCX, Drawer, tesseract
from tests.unit.letters import scans


@pytest.fixture
def drawer(desk: Desk, database: Database) -> Drawer:
    with database.session() as session:  # no job of another test
        session.execute(sa.text("TRUNCATE file_text CASCADE"))
        session.commit()
    return Drawer(desk)


@pytest.fixture(autouse=True)
def _no_ocr(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that wants Tesseract says so."""
    monkeypatch.setattr(extracting.ocr, "is_installed", lambda: False)


def page(desk: Desk, letter_id: UUID, file_id: UUID, number: int = 1) -> PageText:
    return desk.do("bupati", get_page_text, letter_id, file_id, number)


def test_a_page_is_pending_and_then_its_text(desk: Desk, drawer: Drawer) -> None:
    letter = drawer.letter(scans.pdf("Jembatan rusak", "Foto"), page_count=2)
    found = page(desk, letter.letter_id, letter.file_ids[0])
    assert (found.state, found.source, found.text) == ("pending", None, "")
    assert drawer.extractor().work(10) == 1
    found = page(desk, letter.letter_id, letter.file_ids[0])
    assert (found.state, found.source, found.text) == (
        "ready",
        "text_layer",
        "Jembatan rusak",
    )
    assert page(desk, letter.letter_id, letter.file_ids[0], 2).text == "Foto"
    with pytest.raises(NotFound):
        page(desk, letter.letter_id, letter.file_ids[0], 3)


def test_the_same_blob_is_read_once(drawer: Drawer, desk: Desk) -> None:
    content = scans.pdf("Surat yang sama")
    first, second = drawer.letter(content), drawer.letter(content)
    drawer.extractor().work(10)
    third = drawer.letter(content)
    assert drawer.fetched == 1
    for letter in (first, second, third):
        assert page(desk, letter.letter_id, letter.file_ids[0]).state == "ready"


def test_who_may_not_see_the_file_sees_no_text(drawer: Drawer, desk: Desk) -> None:
    letter = drawer.letter(scans.pdf("Rahasia dapur"), secrecy="rahasia")
    drawer.extractor().work(10)
    with pytest.raises(NotFound):
        desk.do("kadis.pupr", get_page_text, letter.letter_id, letter.file_ids[0], 1)
    page(desk, letter.letter_id, letter.file_ids[0])
    with desk.database.session() as session:
        query = "SELECT detail->>'what' FROM trail WHERE letter_id = :id AND action"
        values = {"id": letter.letter_id}
        seen = session.scalars(sa.text(f"{query} = 'viewed'"), values).all()
    assert seen == ["file"]


def test_a_scan_says_that_it_cannot_be_read_and_is_read_once_it_can(
    desk: Desk, drawer: Drawer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = scans.pdf("Halaman berhuruf", scans.scan("gambar"))
    letter = drawer.letter(content, page_count=2)
    key, file_id = letter.letter_id, letter.file_ids[0]
    assert drawer.extractor().work(10) == 1
    assert page(desk, key, file_id, 1).state == "ready"
    assert page(desk, key, file_id, 2).state == "no_ocr"
    assert drawer.extractor().work(10) == 0, "nothing to do as long as there is none"
    monkeypatch.undo()
    with tesseract(tmp_path / "bin", monkeypatch, "echo jembatan gantung"):
        assert drawer.extractor().work(10) == 1
    found = page(desk, key, file_id, 2)
    assert (found.state, found.source, found.text) == (
        "ready",
        "ocr",
        "jembatan gantung",
    )
    assert drawer.state_of(content)[0] == "ready"


def test_a_tesseract_that_fails_costs_its_page_only(
    desk: Desk, drawer: Drawer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = drawer.letter(scans.pdf(scans.scan("x"), "Teks biasa"), page_count=2)
    monkeypatch.undo()
    with tesseract(tmp_path / "bin", monkeypatch, "exit 1"):
        drawer.extractor().work(10)
    key, file_id = letter.letter_id, letter.file_ids[0]
    assert [page(desk, key, file_id, n).state for n in (1, 2)] == ["failed", "ready"]


def test_the_real_tesseract_reads_a_scan(
    desk: Desk, drawer: Drawer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And where there is none, the page says so."""
    letter = drawer.letter(scans.pdf(scans.scan("Undangan rapat koordinasi")))
    monkeypatch.undo()
    drawer.extractor().work(10)
    found = page(desk, letter.letter_id, letter.file_ids[0])
    if shutil.which("tesseract"):
        assert (found.state, found.source) == ("ready", "ocr")
        assert "rapat" in found.text.lower()
    else:
        assert (found.state, found.source, found.text) == ("no_ocr", None, "")


@pytest.mark.parametrize(
    ("content", "media_type", "reason"),
    [
        (scans.zip_bomb(), DOCX, "too_large"),
        (scans.entity_bomb(), DOCX, "document_type"),
        (b"%PDF-1.4\nnothing\n%%EOF\n", "application/pdf", "unreadable_file"),
    ],
    ids=["zip bomb", "entity bomb", "broken pdf"],
)
def test_a_bomb_fails_by_itself_and_the_next_file_is_read(
    desk: Desk, drawer: Drawer, content: bytes, media_type: str, reason: str
) -> None:
    bomb = drawer.letter(content, media_type=media_type)
    good = drawer.letter(scans.pdf(f"Surat baik {reason}"))
    drawer.extractor().work(20)
    assert drawer.state_of(content)[:2] == ("failed", reason)
    assert page(desk, bomb.letter_id, bomb.file_ids[0]).state == "failed"
    assert page(desk, good.letter_id, good.file_ids[0]).state == "ready"


def test_a_reader_that_hangs_is_killed_and_the_file_given_up(
    desk: Desk, drawer: Drawer, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = scans.pdf("Surat yang menggantung")
    letter = drawer.letter(content)
    monkeypatch.setattr(
        extracting.errand, "read", lambda *_, **__: errand.Outcome("lost")
    )
    states = []
    for _ in range(3):
        drawer.let_time_pass()
        drawer.extractor().turn()
        states.append(drawer.state_of(content))
    assert states == [
        ("pending", "lost", 1),
        ("pending", "lost", 2),
        ("failed", "too_heavy", 3),
    ]
    assert page(desk, letter.letter_id, letter.file_ids[0]).state == "failed"


def test_the_child_is_killed_when_its_time_is_over(
    drawer: Drawer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "scan.pdf"
    file.write_bytes(scans.pdf("Halaman satu", scans.scan("x")))
    with tesseract(tmp_path / "bin", monkeypatch, "sleep 30"):
        found = errand.read(file, "application/pdf", done=(), can_ocr=True, seconds=1.5)
    assert found.end == "lost"
    assert [one.text for one in found.pages] == ["Halaman satu"], "what it wrote stands"


def test_a_missing_blob_is_said_and_an_unreachable_store_waited_for(
    drawer: Drawer, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = scans.pdf("Surat yang hilang")
    drawer.letter(content)
    extractor = drawer.extractor()

    def unreachable(*_: object) -> bool:
        raise OSError("no route")

    extractor._fetch = unreachable
    extractor.turn()
    assert drawer.state_of(content) == ("pending", "postponed", 0)
    drawer.blobs.clear()
    drawer.let_time_pass()
    drawer.extractor().turn()
    assert drawer.state_of(content)[:2] == ("failed", "missing")


_CLAIM_AND_DIE = """
import os, signal, sys
from chassis.database import Database
from services.letters.repository_texts import Texts
database = Database(sys.argv[1], "letters")
with database.session() as session:
    assert Texts(session).claim(can_ocr=False) is not None
    session.commit()
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_job_outlives_who_died_over_it(drawer: Drawer, database: Database) -> None:
    content = scans.pdf("Surat tahan mati")
    drawer.letter(content)
    url = database.url.render_as_string(hide_password=False)
    died = subprocess.run([sys.executable, "-c", _CLAIM_AND_DIE, url], check=False)
    assert died.returncode == -signal.SIGKILL
    assert drawer.extractor().turn() is False, "the lease still stands"
    drawer.let_time_pass()
    assert drawer.extractor().turn() is True
    assert drawer.state_of(content)[0] == "ready"


def test_a_file_that_kills_every_reader_is_given_up(
    drawer: Drawer, database: Database
) -> None:
    content = scans.pdf("Surat pembunuh")
    drawer.letter(content)
    with database.session() as session:
        session.execute(sa.text("UPDATE file_text SET attempts = 3"))
        session.commit()
    drawer.extractor().turn()
    assert drawer.state_of(content)[:2] == ("failed", "gave_up")
    assert drawer.fetched == 0


def test_many_workers_read_each_file_once(drawer: Drawer) -> None:
    contents = [scans.pdf(f"Surat nomor {number}") for number in range(6)]
    for content in contents:
        drawer.letter(content)
    workers = [
        threading.Thread(target=drawer.extractor().work, args=(20,)) for _ in "abc"
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert drawer.fetched == len(contents)
    assert {drawer.state_of(content)[0] for content in contents} == {"ready"}


def test_registering_does_not_wait_for_a_file(drawer: Drawer, desk: Desk) -> None:
    """The job is a row; nothing is fetched, opened or started by registering."""
    drawer.letter(scans.pdf("Surat cepat"))
    assert drawer.fetched == 0


def test_the_child_bounds_itself(tmp_path: Path) -> None:
    """Its limits are its own, whoever starts it."""
    code = (
        "from services.letters.text import child; child._bound();"
        "import resource; print(resource.getrlimit(resource.RLIMIT_AS)[0])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) <= 1024**3
    assert os.nice(0) < 10, "ours is not"
