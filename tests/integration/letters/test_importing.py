"""The register of an older application becomes legacy letters, mess and all."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import eventlet
import pytest
import sqlalchemy as sa

from chassis.config import Config
from chassis.database import Database
from contracts import codec
from contracts.errors import Conflict, NotFound
from contracts.letters import LettersQuery, TrailQuery
from contracts.letters.dispositions import ReopenLetter
from contracts.letters.registers import RegisterQuery
from ops import importing as command
from services.letters import views_registers, views_trail
from services.letters.importing import mapping as mappings
from services.letters.importing import source as sources
from services.letters.importing.mapping import BadMapping, Mapping
from services.letters.importing.running import Import, Told
from services.letters.use_cases import reading, reopening, searching
from tests.integration.letters import old_application as old
from tests.integration.letters.desk import Desk
from tests.unit.letters import offices

SHIPPED = Path(__file__).parents[3] / "deploy" / "imports" / "tbl_surat.yaml"
SETDA = offices.unit_id("setda")


@pytest.fixture
def mapping(request: pytest.FixtureRequest) -> Mapping:
    """As shipped; a system of its own for each test."""
    found = mappings.load(SHIPPED)
    found.system = request.node.name[:60]
    found.positions = {"kabag umum": "kabag.umum", "Sekda": "sekda"}
    return found


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/lama.db"


def take_over(desk: Desk, mapping: Mapping, where: str, **how: Any) -> list[Told]:
    job = Import(desk.database, desk.org, mapping, "setda", desk.now, **how)
    with sources.opened(where, mapping) as source:
        return list(job.run(source))


def counts(told: list[Told]) -> dict[str, int]:
    return dict(command.count(told, None))


def rows(database: Database, mapping: Mapping) -> list[Any]:
    query = (
        "SELECT * FROM letter WHERE legacy AND external_system = :system"
        " ORDER BY direction, agenda_year, agenda_seq"
    )
    with database.session() as session:
        return [*session.execute(sa.text(query), {"system": mapping.system}).mappings()]


def book(desk: Desk, who: str, year: str, **asked: Any) -> list[Any]:
    query = codec.load(
        RegisterQuery, {"legacy": True, "sort": "agenda_seq", "limit": 200, **asked}
    )
    found: list[Any] = desk.look(who, views_registers.lines, SETDA, year, query).items
    return found


def only(
    desk: Desk, mapping: Mapping, url: str, **changes: Any
) -> tuple[Any, list[Told]]:
    """What one incoming row becomes (None: refused), and what is told of it."""
    old.build(url, {"tbl_surat_masuk": [old.incoming(1, **changes)]})
    told = take_over(desk, mapping, url)
    found = rows(desk.database, mapping)
    return (found[0] if found else None), told


def test_the_common_tables_are_taken_over(
    desk: Desk, mapping: Mapping, url: str
) -> None:
    old.build(
        url,
        {
            "tbl_surat_masuk": [old.incoming(1), old.incoming(2, no_agenda="002/A")],
            "tbl_surat_keluar": [old.outgoing(1)],
            "tbl_disposisi": [
                old.disposition(1, 2),
                old.disposition(2, 2, tujuan="Ajudan lama", catatan=None),
            ],
        },
    )
    before = desk.register()
    assert counts(take_over(desk, mapping, url)) == {"ok": 3}

    first, second, sent = rows(desk.database, mapping)
    assert (first["state"], first["outcome"], first["legacy"]) == (
        "closed",
        "archived",
        True,
    )
    assert (second["agenda_number"], second["number"]) == ("002/A", "005/2/UMUM/2019")
    assert (first["agenda_year"], first["agenda_seq"], second["agenda_seq"]) == (
        2019,
        1,
        2,
    )
    assert str(first["received_at"]) == "2019-03-04 04:00:00+00:00"
    assert (sent["direction"], sent["agenda_seq"]) == ("outgoing", 1)
    # numbers of the running series are not touched
    assert desk.register().agenda_seq == before.agenda_seq + 1

    tracking = desk.tracking("tu.setda", second["letter_id"])
    assert {line.action for line in tracking.timeline} == {"imported"}
    assert tracking.timeline[0].detail["number"] == "002/A"
    known, text = tracking.timeline[1].detail, tracking.timeline[2].detail
    assert known["to"] == "Kabag Umum"
    assert known["position_id"] == str(offices.position_id("kabag.umum"))
    assert known["note"] == "Tindak lanjuti\nKoordinasi dengan protokol"
    assert known["due_on"] == "2019-03-10"
    assert (text["to"], text["note"]) == ("Ajudan lama", "Tindak lanjuti")
    assert "position_id" not in text
    assert not tracking.must_handle
    assert not desk.published(second["letter_id"])


def test_who_sees_a_legacy_letter(desk: Desk, mapping: Mapping, url: str) -> None:
    old.build(
        url,
        {
            "tbl_surat_masuk": [old.incoming(1), old.incoming(2)],
            "tbl_disposisi": [old.disposition(1, 2)],
        },
    )
    take_over(desk, mapping, url)
    plain, disposed = rows(desk.database, mapping)
    for who in ("tu.setda", "kabag.tu", "sekda", "bupati"):
        assert desk.do(who, reading.get_letter, plain["letter_id"]).state == "closed"
    for who in ("kabag.umum", "wabup", "tu.kominfo", "admin"):
        with pytest.raises(NotFound):
            desk.do(who, reading.get_letter, plain["letter_id"])
    assert desk.do("kabag.umum", reading.get_letter, disposed["letter_id"])


def test_a_legacy_letter_stays_ended(desk: Desk, mapping: Mapping, url: str) -> None:
    row, _ = only(desk, mapping, url)
    again = ReopenLetter(reason="Diminta bupati")
    with pytest.raises(Conflict) as refused:
        desk.do("tu.setda", reopening.reopen_letter, row["letter_id"], again)
    assert refused.value.code == "illegal_transition"


def test_the_outgoing_book(desk: Desk, mapping: Mapping, url: str) -> None:
    old.build(
        url, {"tbl_surat_keluar": [old.outgoing(1), old.outgoing(2, tujuan=None)]}
    )
    take_over(desk, mapping, url)
    first, second = book(desk, "tu.setda", "2019", direction="outgoing")[-2:]
    assert first.recipients == ["Camat Loksado", "Camat Simpur"]
    assert (str(first.day), first.number) == ("2019-04-02", "800/1/BKD/2019")
    assert second.recipients is None
    opened = desk.do("tu.setda", reading.get_letter, first.letter_id)
    assert opened.subject == "Balasan 1"
    assert desk.tracking("tu.setda", first.letter_id).state == "closed"


def test_a_second_run_changes_nothing(
    desk: Desk, mapping: Mapping, url: str, database: Database
) -> None:
    old.build(
        url,
        {
            "tbl_surat_masuk": [old.incoming(n) for n in range(1, 6)],
            "tbl_surat_keluar": [old.outgoing(1)],
        },
    )
    assert counts(take_over(desk, mapping, url)) == {"ok": 6}
    before = rows(database, mapping)
    assert counts(take_over(desk, mapping, url)) == {"skipped": 6}
    assert rows(database, mapping) == before


def test_a_dry_run_tells_the_same_and_writes_nothing(
    desk: Desk, mapping: Mapping, url: str, database: Database
) -> None:
    given = [old.incoming(1), old.incoming(2, tgl_diterima="kemarin"), old.incoming(3)]
    old.build(url, {"tbl_surat_masuk": given})
    planned = take_over(desk, mapping, url, dry_run=True)
    assert not rows(database, mapping)
    assert take_over(desk, mapping, url) == planned
    assert counts(planned) == {"ok": 2, "error": 1}


def test_a_killed_run_goes_on(
    desk: Desk, mapping: Mapping, url: str, database: Database, monkeypatch: Any
) -> None:
    """Batches that were written stay, the one that was not is done again."""
    monkeypatch.setattr(sources, "CHUNK", 3)
    old.build(url, {"tbl_surat_masuk": [old.incoming(n) for n in range(1, 9)]})
    job = Import(database, desk.org, mapping, "setda", desk.now)
    with sources.opened(url, mapping) as source:
        told = job.run(source)
        for _ in range(4):  # into the second batch
            next(told)
        told.close()
    assert len(rows(database, mapping)) == 6
    assert counts(take_over(desk, mapping, url)) == {"skipped": 6, "ok": 2}
    found = rows(database, mapping)
    assert [row["external_id"] for row in found] == [str(n) for n in range(1, 9)]
    first = found[0]["agenda_seq"]
    assert [row["agenda_seq"] - first for row in found] == list(range(8))


def test_two_imports_at_once_do_not_meet(
    desk: Desk, mapping: Mapping, url: str, database: Database
) -> None:
    old.build(url, {"tbl_surat_masuk": [old.incoming(1)]})
    first = Import(database, desk.org, mapping, "setda", desk.now)
    with sources.opened(url, mapping) as source:
        told = first.run(source)
        next(told)
        with pytest.raises(BadMapping, match="another import"):
            take_over(desk, mapping, url)
        list(told)


# ---- mess ------------------------------------------------------------------------


def test_a_long_number_is_kept_whole(desk: Desk, mapping: Mapping, url: str) -> None:
    number = "/".join(["800.1.11.1", "BKPSDM", "SEKRETARIAT"] * 12)
    assert len(number) > 250
    row, _ = only(desk, mapping, url, no_surat=number)
    assert row["number"] == number
    opened = desk.do("tu.setda", reading.get_letter, row["letter_id"])
    assert opened.number == number


def test_the_same_number_twice_is_two_letters(
    desk: Desk, mapping: Mapping, url: str
) -> None:
    same = {"no_agenda": "7", "no_surat": "005/7/2019"}
    old.build(
        url, {"tbl_surat_masuk": [old.incoming(1, **same), old.incoming(2, **same)]}
    )
    assert counts(take_over(desk, mapping, url)) == {"ok": 2}
    assert [r["agenda_number"] for r in rows(desk.database, mapping)] == ["7", "7"]


def test_what_is_empty_is_told_and_taken(
    desk: Desk, mapping: Mapping, url: str
) -> None:
    empty = dict.fromkeys(
        ("no_agenda", "no_surat", "asal_surat", "isi", "kode", "indeks", "tgl_surat")
    )
    row, told = only(desk, mapping, url, **empty)
    assert (row["number"], row["agenda_number"]) == (None, "Tanpa nomor")
    assert (row["subject"], row["sender_name"]) == (
        "(tanpa perihal)",
        "(tidak tercatat)",
    )
    assert {(one.status, one.field) for one in told} == {
        ("ok", "subject"),
        ("ok", "sender"),
    }
    assert counts(told) == {"ok": 1}


def test_entities_and_tags_are_resolved(desk: Desk, mapping: Mapping, url: str) -> None:
    row, _ = only(
        desk,
        mapping,
        url,
        isi="<p>Rapat &amp;amp; makan &lt;siang&gt;</p><br/>di &quot;Aula&quot;&nbsp;Ramu",
        asal_surat="Dinas P&amp;K",
    )
    assert row["subject"] == 'Rapat & makan <siang> di "Aula" Ramu'
    assert row["sender_name"] == "Dinas P&K"


def test_text_decoded_wrongly_is_put_right(
    desk: Desk, mapping: Mapping, url: str
) -> None:
    broken = "Café – “Raya”".encode().decode("cp1252", "replace")
    row, _ = only(desk, mapping, url, isi="CafÃ© rapat", indeks="Ângka Ã  biasa")
    assert row["subject"] == "Café rapat"
    assert "Ângka" in row["summary"]  # what is no mistake stays
    assert broken != "Café – “Raya”"


@pytest.mark.parametrize("empty", ["0000-00-00", "00-00-0000", "", "-", None])
def test_a_zero_date_is_none(
    desk: Desk, mapping: Mapping, url: str, empty: Any
) -> None:
    row, told = only(desk, mapping, url, tgl_surat=empty)
    assert (row["dated_on"], row["agenda_year"]) == (None, 2019)
    assert counts(told) == {"ok": 1}


def test_without_a_day_of_receipt_its_own_date_counts(
    desk: Desk, mapping: Mapping, url: str
) -> None:
    row, told = only(
        desk, mapping, url, tgl_diterima="0000-00-00", tgl_surat="15/06/2018"
    )
    assert (row["agenda_year"], row["dated_on"]) == (2018, date(2018, 6, 15))
    assert [(one.field, one.status) for one in told] == [("received_at", "ok")]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"tgl_diterima": None, "tgl_surat": None}, "received_at"),
        ({"tgl_diterima": "31-02-2019"}, "received_at"),
        ({"tgl_diterima": "besok"}, "received_at"),
        ({"tgl_diterima": "2031-01-01"}, "received_at"),
        ({"tgl_diterima": "0201-01-01"}, "received_at"),
    ],
)
def test_a_row_without_a_possible_day_is_refused(
    desk: Desk, mapping: Mapping, url: str, changes: dict[str, Any], field: str
) -> None:
    row, told = only(desk, mapping, url, **changes)
    assert row is None
    assert [(one.status, one.field) for one in told] == [("error", field)]
    assert told[0].message


def test_a_letter_dated_in_the_future_loses_the_date(
    desk: Desk, mapping: Mapping, url: str
) -> None:
    row, told = only(desk, mapping, url, tgl_surat="2091-03-01")
    assert row["dated_on"] is None
    assert [(one.field, one.message) for one in told] == [
        ("dated_on", "belum terjadi, dilewati: 01-03-2091")
    ]


def test_control_characters_do_not_reach_the_store(
    desk: Desk, mapping: Mapping, url: str
) -> None:
    row, _ = only(desk, mapping, url, isi="Rapat\x07 \x1bkoordinasi\r\nlanjutan")
    assert row["subject"] == "Rapat koordinasi lanjutan"


def test_values_are_mapped_and_unknown_ones_told(
    desk: Desk, mapping: Mapping, url: str
) -> None:
    table = mapping.letters[0]
    table.columns |= {"secrecy": "indeks", "urgency": "keterangan"}
    table.values = {
        "secrecy": {"rhs": "rahasia"},
        "urgency": {"Sangat Segera": "amat_segera"},
    }
    row, told = only(desk, mapping, url, indeks="RHS", keterangan="sangat  segera")
    assert (row["secrecy"], row["urgency"], row["secrecy_rank"]) == (
        "rahasia",
        "amat_segera",
        2,
    )
    assert counts(told) == {"ok": 1}
    mapping.system += "2"
    row, told = only(desk, mapping, url, indeks="aneh", keterangan="")
    assert (row["secrecy"], row["urgency"]) == ("biasa", "biasa")
    assert [(one.field, one.status) for one in told] == [("secrecy", "ok")]


def test_legacy_letters_are_found_by_their_words(
    desk: Desk, mapping: Mapping, url: str
) -> None:
    row, _ = only(
        desk, mapping, url, isi="Rehabilitasi jembatan Amandit", no_agenda="77/LM"
    )
    for words in ("jembatan amandit", "77/LM"):
        query = LettersQuery(q=words)
        found = desk.do("tu.setda", searching.list_letters, query)
        assert row["letter_id"] in [one.letter_id for one in found.items]


# ---- sources ---------------------------------------------------------------------


@pytest.fixture
def postgres_url() -> Iterator[str]:
    server = sa.make_url(os.environ["RAKAT_TEST_DATABASE_URL"]).set(
        drivername="postgresql+psycopg2"
    )
    name = f"lama_{os.getpid()}"
    admin = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(sa.text(f'CREATE DATABASE "{name}"'))
    yield server.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(sa.text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    admin.dispose()


def test_from_postgresql_with_real_dates(
    desk: Desk, mapping: Mapping, postgres_url: str, monkeypatch: Any
) -> None:
    monkeypatch.setattr(sources, "CHUNK", 4)
    days = {"tgl_surat": date(2019, 3, 1), "tgl_diterima": date(2019, 12, 31)}
    letters = [old.incoming(n, **days) for n in range(1, 12)]
    given = old.disposition(1, 9, batas_waktu=date(2020, 1, 2))
    rows_of = {"tbl_surat_masuk": letters, "tbl_disposisi": [given]}
    old.build(postgres_url, rows_of, days=sa.Date)
    assert counts(take_over(desk, mapping, postgres_url)) == {"ok": 11}
    found = rows(desk.database, mapping)
    assert {row["agenda_year"] for row in found} == {2019}
    assert [row["trail_seq"] for row in found].count(2) == 1


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("utf-8", ","), ("utf-8-sig", ";"), ("cp1252", "\t")]
)
def test_from_a_folder_of_csv(
    desk: Desk, mapping: Mapping, tmp_path: Path, encoding: str, delimiter: str
) -> None:
    mapping.encoding = encoding.removesuffix("-sig")
    mapping.system += encoding
    rows_of = {
        "tbl_surat_masuk": [
            old.incoming(n, isi=f"Résumé {n}\nbaris dua") for n in (12, 3)
        ],
        "tbl_disposisi": [old.disposition(1, 3)],
    }
    old.write_csv(tmp_path, rows_of, encoding=encoding, delimiter=delimiter)
    assert counts(take_over(desk, mapping, str(tmp_path))) == {"ok": 2}
    first, second = rows(desk.database, mapping)
    assert (first["external_id"], first["subject"]) == ("12", "Résumé 12 baris dua")
    assert (second["trail_seq"], first["trail_seq"]) == (2, 1)


def test_from_one_csv_file(desk: Desk, mapping: Mapping, tmp_path: Path) -> None:
    old.write_csv(tmp_path, {"tbl_surat_masuk": [old.incoming(1)]})
    path = str(tmp_path / "tbl_surat_masuk.csv")
    assert counts(take_over(desk, mapping, path)) == {"ok": 1}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("system: x", "letters"),
        ("system: x\nletters: []", "letters"),
        (
            "system: x\nletters: [{table: t, key: k, columns: {a: b}}]",
            "unknown field a",
        ),
        (
            "system: x\nletters: [{table: t, key: k, columns: {subject: b}}]",
            "external_id",
        ),
        ("system: x\nwrong: 1\nletters: []", "wrong"),
        ("system: [", "mapping.yaml"),
    ],
)
def test_a_wrong_mapping_is_named(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "mapping.yaml"
    path.write_text(text)
    with pytest.raises(BadMapping, match=told):
        mappings.load(path)


def test_what_the_source_lacks_is_named(
    desk: Desk, mapping: Mapping, tmp_path: Path
) -> None:
    empty = f"sqlite:///{tmp_path}/kosong.db"
    with pytest.raises(BadMapping, match="tbl_surat_masuk"):
        take_over(desk, mapping, empty)
    with pytest.raises(BadMapping, match="--from"):
        take_over(desk, mapping, "oracle9://nirgends")
    with pytest.raises(BadMapping, match="missing"):
        take_over(desk, mapping, str(tmp_path))
    for register, words in ((None, "which register"), ("nirgends", "no unit")):
        with pytest.raises(BadMapping, match=words):
            Import(desk.database, desk.org, mapping, register, desk.now)
    mapping.positions["Kepala Antah"] = "kadis.antah"
    with pytest.raises(BadMapping, match=r"kadis\.antah"):
        Import(desk.database, desk.org, mapping, "setda", desk.now)


def test_the_report_names_every_row_and_is_harmless(tmp_path: Path) -> None:
    told = [
        Told("t", "1", "=1+1", "error", "received_at", "tidak ada tanggal"),
        Told("t", "2", "2", "ok", "subject", "kosong"),
        Told("t", "2", "2", "ok", "sender", "kosong"),
    ]
    path = tmp_path / "hasil.csv"
    with command._file(path) as file:
        assert command.count(told, file) == Counter(error=1, ok=1)
    lines = path.read_text("utf-8-sig").splitlines()
    assert lines[0] == "tabel;baris;id lama;hasil;isian;pesan"
    assert lines[1] == "t;1;'=1+1;error;received_at;tidak ada tanggal"
    assert len(lines) == 4


def test_a_disposition_of_no_letter_is_told(
    desk: Desk, mapping: Mapping, url: str
) -> None:
    old.build(
        url,
        {
            "tbl_surat_masuk": [old.incoming(1)],
            "tbl_surat_keluar": [],
            "tbl_disposisi": [old.disposition(1, 777)],
        },
    )
    told = take_over(desk, mapping, url)
    lost = [one for one in told if one.table == "tbl_disposisi"]
    assert lost
    assert {(one.status, one.message) for one in lost} == {
        ("error", "surat 777 tidak ada")
    }


# ---- changed afterwards ----------------------------------------------------------


def two_books(**changes: Any) -> dict[str, list[dict[str, Any]]]:
    return {
        "tbl_surat_masuk": [old.incoming(1), old.incoming(2, **changes)],
        "tbl_surat_keluar": [old.outgoing(1)],
        "tbl_disposisi": [old.disposition(1, 2)],
    }


def seen_by(desk: Desk, letter_id: Any) -> set[str]:
    query = sa.text("SELECT position_id FROM letter_visibility WHERE letter_id = :id")
    with desk.database.session() as session:
        found = session.scalars(query, {"id": letter_id})
        return {str(desk.org.position(each).code) for each in found}


def intact(desk: Desk, letter_id: Any) -> bool:
    """The trail against the head its letter keeps."""
    with desk.database.session() as session:
        return views_trail.page_of(session, letter_id, TrailQuery()).intact


def test_a_row_changed_since_is_told_and_left(
    desk: Desk, mapping: Mapping, url: str, database: Database
) -> None:
    old.build(url, two_books())
    assert counts(take_over(desk, mapping, url)) == {"ok": 3}
    assert counts(take_over(desk, mapping, url)) == {"skipped": 3}
    before = rows(database, mapping)

    old.build(url, two_books(isi="Undangan yang dibetulkan", no_surat="005/2/B"))
    told = take_over(desk, mapping, url)

    assert counts(told) == {"skipped": 2, "changed": 1}
    lines = {one.field: one.message for one in told if one.status == "changed"}
    assert lines == {
        "subject": "Undangan musyawarah 2 → Undangan yang dibetulkan;"
        " tidak diambil: jalankan dengan --update",
        "number": "005/2/UMUM/2019 → 005/2/B; tidak diambil: jalankan dengan --update",
    }
    assert rows(database, mapping) == before


def test_later_changes_are_taken_once(
    desk: Desk, mapping: Mapping, url: str, database: Database
) -> None:
    old.build(url, two_books())
    take_over(desk, mapping, url)
    later = two_books(isi="Undangan yang dibetulkan", keterangan="dibetulkan 2020")
    later["tbl_disposisi"].append(old.disposition(2, 2, tujuan="Sekda", catatan="Baru"))
    later["tbl_surat_keluar"] = [old.outgoing(1, tujuan="Camat Simpur; Camat Sungai")]
    old.build(url, later)
    first, second, sent = rows(database, mapping)

    planned = take_over(desk, mapping, url, update=True, dry_run=True)
    assert rows(database, mapping) == [first, second, sent]
    told = take_over(desk, mapping, url, update=True)

    assert told == planned
    assert counts(told) == {"skipped": 1, "updated": 2}
    assert {one.field for one in told if one.place == second["external_id"]} >= {
        *("subject", "remark", "addressees", "disposition"),
    }
    unchanged, taken, went = rows(database, mapping)
    assert unchanged == first
    assert (taken["letter_id"], taken["agenda_seq"]) == (
        second["letter_id"],
        second["agenda_seq"],
    )
    assert (taken["subject"], taken["version"]) == ("Undangan yang dibetulkan", 2)
    assert (went["letter_id"], went["version"]) == (sent["letter_id"], 2)
    assert intact(desk, taken["letter_id"])
    assert "sekda" in seen_by(desk, taken["letter_id"])
    details = [
        line.detail for line in desk.tracking("tu.setda", taken["letter_id"]).timeline
    ]
    assert [one["to"] for one in details if "to" in one] == ["Kabag Umum", "Sekda"]
    assert details[2]["changed"] == ["addressees", "disposition", "remark", "subject"]
    assert not desk.published(taken["letter_id"])
    found = desk.do("tu.setda", searching.list_letters, LettersQuery(q="dibetulkan"))
    assert taken["letter_id"] in {one.letter_id for one in found.items}

    again = rows(database, mapping)
    assert counts(take_over(desk, mapping, url, update=True)) == {"skipped": 3}
    assert rows(database, mapping) == again


def test_what_was_used_here_is_not_overwritten(
    desk: Desk, mapping: Mapping, url: str, database: Database
) -> None:
    changes = {"secrecy": "rahasia"}
    mapping.letters[0].defaults.update(changes)
    old.build(url, two_books())
    take_over(desk, mapping, url)
    second = rows(database, mapping)[1]
    desk.do("tu.setda", reading.get_letter, second["letter_id"])  # a read is recorded

    old.build(url, two_books(isi="Lain"))
    told = take_over(desk, mapping, url, update=True)

    (line,) = [one for one in told if one.status == "changed"]
    assert line.message.endswith("tidak diambil: surat sudah dikerjakan di sini")
    assert rows(database, mapping)[1]["subject"] == second["subject"]


def test_raised_secrecy_closes_what_was_open(
    desk: Desk, mapping: Mapping, url: str, database: Database
) -> None:
    old.build(url, two_books())
    take_over(desk, mapping, url)
    letter_id = rows(database, mapping)[1]["letter_id"]
    assert "bupati" in seen_by(desk, letter_id)

    mapping.letters[0].defaults["secrecy"] = "rahasia"
    assert counts(take_over(desk, mapping, url, update=True))["updated"] == 2

    assert "bupati" not in seen_by(desk, letter_id)
    assert rows(database, mapping)[1]["secrecy_rank"] == 2


def test_another_year_of_the_book_is_not_taken(
    desk: Desk, mapping: Mapping, url: str, database: Database
) -> None:
    old.build(url, two_books())
    take_over(desk, mapping, url)
    old.build(url, two_books(tgl_diterima="2020-01-02"))
    told = take_over(desk, mapping, url, update=True)
    assert counts(told)["changed"] == 1
    assert "pindah tahun buku" in next(
        one.message for one in told if one.field == "received_at"
    )


def test_a_killed_update_goes_on(
    desk: Desk, mapping: Mapping, url: str, database: Database, monkeypatch: Any
) -> None:
    monkeypatch.setattr(sources, "CHUNK", 3)
    old.build(url, {"tbl_surat_masuk": [old.incoming(n) for n in range(1, 9)]})
    take_over(desk, mapping, url)
    given = [old.incoming(n, isi=f"Baru {n}") for n in range(1, 9)]
    old.build(url, {"tbl_surat_masuk": given})
    job = Import(database, desk.org, mapping, "setda", desk.now, update=True)
    with sources.opened(url, mapping) as source:
        told = job.run(source)
        for _ in range(4):  # into the second batch
            next(told)
        told.close()
    assert counts(take_over(desk, mapping, url, update=True)) == {
        "skipped": 6,
        "updated": 2,
    }
    assert {row["subject"] for row in rows(database, mapping)} == {
        f"Baru {n}" for n in range(1, 9)
    }


def test_an_update_and_acts_at_the_same_time(
    desk: Desk, mapping: Mapping, url: str, config: Config
) -> None:
    """Whoever is first: a letter is updated and then read, or read and left alone."""
    wide = Database.of_service(config, "letters", pool_size=12)
    crowd = Desk(wide, desk.org)
    mapping.letters[0].defaults["secrecy"] = "rahasia"  # every read is recorded
    old.build(url, {"tbl_surat_masuk": [old.incoming(n) for n in range(1, 9)]})
    take_over(crowd, mapping, url)
    ids = [row["letter_id"] for row in rows(wide, mapping)]
    given = [old.incoming(n, isi=f"Baru {n}") for n in range(1, 9)]
    old.build(url, {"tbl_surat_masuk": given})

    update = eventlet.spawn(take_over, crowd, mapping, url, update=True)
    reads = [
        eventlet.spawn(crowd.do, "tu.setda", reading.get_letter, each) for each in ids
    ]
    told = {one.external_id: one.status for one in update.wait()}
    seen = {one.wait().letter_id for one in reads}

    assert seen == set(ids)
    assert set(told.values()) <= {"updated", "changed"}
    for row in rows(wide, mapping):
        assert intact(crowd, row["letter_id"])
        fresh = row["subject"].startswith("Baru")
        assert fresh == (told[row["external_id"]] == "updated")
    wide.close()


def test_of_an_old_id_that_comes_twice_the_first_row_counts(
    desk: Desk, mapping: Mapping, tmp_path: Path, database: Database
) -> None:
    """Else every run would take the other one."""
    old.build(f"sqlite:///{tmp_path}/x.db", {"tbl_surat_masuk": [old.incoming(1)]})
    job = Import(database, desk.org, mapping, "setda", desk.now, update=True)
    table = mapping.letters[0]
    with sources.opened(f"sqlite:///{tmp_path}/x.db", mapping) as source:
        (chunk,) = source.rows(table)
        twin = {**chunk[0], "subject": "Kembarannya"}
        job._chunk(source, table, [*chunk, twin])
        second = Import(database, desk.org, mapping, "setda", desk.now, update=True)
        told = second._chunk(source, table, [*chunk, twin])
    assert [one.status for one in told] == ["skipped", "skipped"]
    assert [row["subject"] for row in rows(database, mapping)] == [
        "Undangan musyawarah 1"
    ]
