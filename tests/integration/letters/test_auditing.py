"""The trail of a letter for its readers, and what a forger cannot hide."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from chassis.database import Database
from contracts.errors import NotFound
from contracts.letters import LetterTrail, ReportTask, TrailQuery
from ops import audit
from ops.commands import audit as command
from services.letters.domain import digest
from services.letters.domain.digest import Head, Step
from services.letters.sealing import SealKey, is_signed
from services.letters.unit_of_work import opener
from services.letters.use_cases import auditing, reading, working
from tests.integration.letters.desk import Desk

KEY = SealKey("07" * 32)


@pytest.fixture(autouse=True)
def _unbroken(database: Database) -> Iterator[None]:
    """What a test forged is gone for the next."""
    yield
    with database.session() as session:
        session.execute(
            sa.text("TRUNCATE trail_digest, trail_digest_head, trail, letter CASCADE")
        )
        session.commit()


def forge(database: Database, text: str, **values: Any) -> None:
    """As somebody with the database in his hands."""
    with database.session() as session:
        session.execute(sa.text("SET LOCAL session_replication_role = replica"))
        for statement in text.split(";"):
            session.execute(sa.text(statement), values)
        session.commit()


def trail_of(desk: Desk, who: str, letter_id: UUID, **query: Any) -> LetterTrail:
    return desk.do(who, auditing.get_letter_audit, letter_id, TrailQuery(**query))


def digests(desk: Desk) -> list[date]:
    made = []
    while True:
        with opener(desk.database, lambda: desk.now)() as uow:
            day = auditing.make_next(uow, KEY, desk.now)
            uow.commit()
        if day is None:
            return made
        made.append(day)


def travelled(desk: Desk) -> UUID:
    """A letter with five lines."""
    letter = desk.register()
    desk.dispose("bupati", letter.letter_id, ("sekda",))
    task_id = desk.task_of(letter.letter_id, "sekda")
    desk.do("sekda", working.report_task, task_id, ReportTask(text="a", final=True))
    return letter.letter_id


# ---- for readers -----------------------------------------------------------------


def test_readers_get_the_trail_and_nobody_else_does(desk: Desk) -> None:
    letter_id = travelled(desk)
    for who in ("bupati", "sekda", "tu.setda"):
        shown = trail_of(desk, who, letter_id)
        assert (shown.intact, shown.first_broken) == (True, None)
        assert [one.seq for one in shown.items] == list(range(1, len(shown.items) + 1))
        assert shown.items[-1].hash == shown.head.hash
        assert shown.items[0].actor is not None
    for who in ("kadis.pupr", "admin", "protokol"):
        with pytest.raises(NotFound):
            trail_of(desk, who, letter_id)


def test_notes_and_reports_are_in_no_line(desk: Desk) -> None:
    letter = desk.register()
    desk.dispose("bupati", letter.letter_id, ("sekda",), note="Rahasia kita")
    task_id = desk.task_of(letter.letter_id, "sekda")
    report = ReportTask(text="Isi laporan", final=True)
    desk.do("sekda", working.report_task, task_id, report)
    text = str(trail_of(desk, "tu.setda", letter.letter_id))
    assert "Rahasia kita" not in text
    assert "Isi laporan" not in text


def test_reading_the_trail_of_a_secret_letter_is_a_line_of_it(desk: Desk) -> None:
    letter = desk.register(secrecy="rahasia")
    shown = trail_of(desk, "bupati", letter.letter_id)
    assert shown.items[-1].action == "viewed"
    assert shown.items[-1].detail == {"what": "trail"}
    assert shown.intact


def test_pages_of_a_trail(desk: Desk) -> None:
    letter_id = travelled(desk)
    whole = trail_of(desk, "bupati", letter_id)
    first = trail_of(desk, "bupati", letter_id, limit=2)
    assert first.next_cursor is not None
    rest = trail_of(desk, "bupati", letter_id, cursor=first.next_cursor)
    assert [*first.items, *rest.items] == whole.items
    assert rest.next_cursor is None
    assert first.head == whole.head


def test_a_reader_is_told_which_line_is_broken(desk: Desk, database: Database) -> None:
    letter_id = travelled(desk)
    change = "UPDATE trail SET action = 'voided' WHERE letter_id = :id AND seq = 3"
    forge(database, change, id=letter_id)
    shown = trail_of(desk, "bupati", letter_id)
    assert (shown.intact, shown.first_broken) == (False, 3)


# ---- what a forger cannot hide -----------------------------------------------------

HEAD_BACK = (
    "UPDATE letter SET trail_seq = 2, trail_hash = (SELECT hash FROM trail WHERE"
    " letter_id = :id AND seq = 2) WHERE letter_id = :id"
)


@pytest.mark.parametrize(
    ("change", "seq"),
    [
        ("UPDATE trail SET detail = '{}' WHERE letter_id = :id AND seq = 4", 4),
        (
            "UPDATE trail SET at = at + interval '1 s' WHERE letter_id = :id AND seq = 4",
            4,
        ),
        ("UPDATE trail SET actor = NULL WHERE letter_id = :id AND seq = 2", 2),
        ("DELETE FROM trail WHERE letter_id = :id AND seq >= 4", 4),
        ("DELETE FROM trail WHERE letter_id = :id AND seq = 1", 1),
        ("DELETE FROM trail WHERE letter_id = :id", 1),
        ("UPDATE letter SET trail_hash = repeat('0', 64) WHERE letter_id = :id", None),
        (HEAD_BACK, 2),
    ],
)
def test_the_first_broken_line_is_named(
    desk: Desk, database: Database, change: str, seq: int | None
) -> None:
    letter_id, other = travelled(desk), travelled(desk)
    assert audit.check(database).intact
    last = trail_of(desk, "bupati", letter_id).head.seq

    forge(database, change, id=letter_id)

    found = audit.check(database)
    assert found.broken == [(letter_id, seq or last)]
    assert other not in dict(found.broken)
    assert not found.intact


def test_trails_and_heads_that_changed_places(desk: Desk, database: Database) -> None:
    one, other = travelled(desk), travelled(desk)
    swap = (
        "CREATE TEMP TABLE away ON COMMIT DROP AS SELECT * FROM trail WHERE"
        " letter_id = :one; DELETE FROM trail WHERE letter_id = :one;"
        "UPDATE trail SET letter_id = :one WHERE letter_id = :other;"
        "UPDATE away SET letter_id = :other; INSERT INTO trail SELECT * FROM away;"
        "UPDATE letter a SET trail_hash = b.trail_hash, trail_seq = b.trail_seq"
        " FROM letter b WHERE (a.letter_id, b.letter_id) IN ((:one, :other),"
        " (:other, :one))"
    )
    forge(database, swap, one=one, other=other)
    assert dict(audit.check(database).broken) == {one: 1, other: 1}


def test_two_lines_cannot_follow_the_same_one(desk: Desk, database: Database) -> None:
    letter = desk.register()
    with database.session() as session, pytest.raises(sa.exc.IntegrityError):
        session.execute(
            sa.text(
                "INSERT INTO trail SELECT letter_id, seq + 100, at, action, actor,"
                " task_id, detail, prev_hash, hash FROM trail WHERE letter_id = :id"
            ),
            {"id": letter.letter_id},
        )


# ---- digests ---------------------------------------------------------------------


def test_every_day_that_is_over_gets_one_digest(desk: Desk, database: Database) -> None:
    travelled(desk)
    assert digests(desk) == []
    later = desk.later(days=3)
    assert [day.isoformat() for day in digests(later)] == [
        "2026-11-23",
        "2026-11-24",
        "2026-11-25",
    ]
    assert digests(later) == []
    found = audit.check(database, keys=frozenset({KEY.key_id, "an older one"}))
    assert (found.digests, found.faults) == (3, [])
    (first, *_) = audit.check(database, keys=frozenset({"another"})).faults
    assert first == f"digest 2026-11-23: signed by {KEY.key_id}, not trusted"


def test_a_day_is_not_closed_before_its_last_act_ended(desk: Desk) -> None:
    travelled(desk)  # 10.00 in Makassar
    just_after_midnight = desk.later(hours=14, minutes=5)
    assert digests(just_after_midnight) == []
    assert len(digests(desk.later(hours=14, minutes=11))) == 1


DAY_GONE = (
    "DELETE FROM trail_digest_head WHERE day = '2026-11-23';"
    "DELETE FROM trail_digest WHERE day = '2026-11-23'"
)
REMOVED = (
    "DELETE FROM letter_visibility WHERE letter_id = :id;"
    "DELETE FROM task WHERE letter_id = :id; DELETE FROM trail WHERE letter_id = :id;"
    "DELETE FROM letter WHERE letter_id = :id"
)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (REMOVED, "letter {id}: removed; it stands in digest 2026-11-23"),
        (REMOVED + ";DELETE FROM trail_digest_head WHERE letter_id = :id",
         "digest 2026-11-23: its heads were changed"),
        ("UPDATE trail_digest SET letters = letters - 1 WHERE day = '2026-11-23'",
         "digest 2026-11-23: its signature does not hold"),
        (DAY_GONE,
         "digest 2026-11-24: does not follow the one before it"),
    ],
)  # fmt: skip
def test_digests_show_what_the_chain_cannot(
    desk: Desk, database: Database, change: str, told: str
) -> None:
    letter_id = travelled(desk)
    travelled(desk)
    digests(desk.later(days=2))

    forge(database, change, id=letter_id)

    found = audit.check(database)
    assert found.broken == []
    assert told.format(id=letter_id) in found.faults


def test_a_rewritten_trail_with_a_right_chain_is_found(
    desk: Desk, database: Database
) -> None:
    """He seals anew what he changed, head and all; the signed head is not his."""
    letter_id = travelled(desk)
    digests(desk.later(days=2))
    head = trail_of(desk, "bupati", letter_id).head.seq
    shorter = (
        "DELETE FROM trail WHERE letter_id = :id AND seq = :seq;"
        "UPDATE letter SET trail_seq = :seq - 1, trail_hash = (SELECT hash FROM trail"
        " WHERE letter_id = :id AND seq = :seq - 1) WHERE letter_id = :id"
    )
    forge(database, shorter, id=letter_id, seq=head)
    found = audit.check(database)
    assert found.broken == []
    told = f"letter {letter_id}: line {head} is not what digest 2026-11-23 has"
    assert found.faults == [told]


def test_exported_digests_show_that_all_were_made_anew(
    desk: Desk, database: Database, tmp_path: Path
) -> None:
    letter_id = travelled(desk)
    digests(desk.later(days=2))
    assert len(audit.export(database, tmp_path)) == 2
    assert audit.export(database, tmp_path) == []
    kept = json.loads((tmp_path / "2026-11-23.json").read_text())
    assert [one["letter_id"] for one in kept["heads"]] == [str(letter_id)]
    assert audit.check(database, exported=tmp_path).intact

    forge(database, REMOVED, id=letter_id)
    forge(database, "TRUNCATE trail_digest, trail_digest_head CASCADE")
    assert audit.check(database).intact  # nothing here tells of it any more
    found = audit.check(database, exported=tmp_path)
    assert "digest 2026-11-23: is not the exported one" in found.faults


def test_a_trail_brings_its_way_up_to_the_signed_root(desk: Desk) -> None:
    ids = [travelled(desk) for _ in range(5)]
    later = desk.later(days=2)
    digests(later)
    for letter_id in ids:
        anchor = trail_of(later, "bupati", letter_id).anchor
        assert anchor is not None
        leaf = digest.leaf_of(Head(letter_id, anchor.seq, anchor.hash))
        steps = [Step(one.side, bytes.fromhex(one.hash)) for one in anchor.steps]
        assert digest.climbed(leaf, steps).hex() == anchor.digest.root
        signed = digest.text_of(
            anchor.digest.day,
            anchor.digest.letters,
            anchor.digest.root,
            anchor.digest.previous,
        )
        assert is_signed(signed, anchor.digest.signature, anchor.digest.public_key)


def test_verifying_what_changed_since_a_day(desk: Desk, database: Database) -> None:
    old = travelled(desk)
    later = desk.later(days=5)
    new = travelled(later)
    change = "UPDATE trail SET actor = NULL WHERE letter_id = :id AND seq = 2"
    for letter_id in (old, new):
        forge(database, change, id=letter_id)
    found = audit.check(database, since=date(2026, 11, 27))
    assert (found.letters, found.broken) == (1, [(new, 2)])
    assert len(audit.check(database).broken) == 2


def test_an_ordinary_read_is_no_line(desk: Desk) -> None:
    letter_id = travelled(desk)
    before = trail_of(desk, "bupati", letter_id).head
    desk.do("bupati", reading.get_letter, letter_id)
    assert trail_of(desk, "bupati", letter_id).head == before


# ---- at once -------------------------------------------------------------------------


def test_two_copies_of_the_service_make_one_digest(desk: Desk) -> None:
    travelled(desk)
    later = desk.later(days=3)
    with ThreadPoolExecutor(4) as pool:
        made = [
            day for days in pool.map(lambda _: digests(later), range(4)) for day in days
        ]
    made += digests(later)  # who found the lock taken leaves the rest to the next run
    assert sorted(made) == [date(2026, 11, day) for day in (23, 24, 25)]
    assert audit.check(desk.database).intact


def test_the_command_names_what_is_broken(
    desk: Desk, database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    letter_id = travelled(desk)
    digests(desk.later(days=2))
    monkeypatch.setattr(command, "_letters", lambda: _Kept(database))
    monkeypatch.setattr(command, "load", lambda: None)
    monkeypatch.setenv("RAKAT_TRAIL_KEY", "07" * 32)
    run = CliRunner().invoke
    good = run(command.audit_command, ["verify"])
    assert (good.exit_code, good.output) == (
        0,
        "1 letters, 0 broken\n2 digests, 0 faults\n",
    )
    written = run(command.audit_command, ["digest", "export", str(tmp_path)])
    assert written.output.endswith("2 written\n")
    assert run(command.audit_command, ["digest", "key"]).output == (
        f"{KEY.key_id} {KEY.public}\n"
    )
    change = "UPDATE trail SET action = 'voided' WHERE letter_id = :id AND seq = 3"
    forge(database, change, id=letter_id)
    bad = run(command.audit_command, ["verify", "--digests", str(tmp_path)])
    assert bad.exit_code == 1
    assert f"letter {letter_id}: line 3 does not hold" in bad.output


class _Kept:
    """The test's database; the command closes its own."""

    def __init__(self, database: Database) -> None:
        self.engine = database.engine

    def close(self) -> None:
        pass
