"""Fills the letters database with letters as a regency has them, by SQL alone.

Fifty thousand take a few seconds, a million some minutes: triggers and foreign keys
rest meanwhile, and secondary indexes are made afterwards. Everything follows from the
letter's number, so that two loads are the same.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa

from chassis.database import Database
from tests.bench import letters_regency as regency

YEARS = 3
TABLES = (
    *("letter", "letter_visibility", "letter_text", "task", "disposition", "report"),
    *("trail", "file", "file_text", "file_page_text", "letter_unit"),
)
NOW = regency.START + timedelta(days=365 * YEARS)
RARE_WORD = "kelotok"
COMMON_WORD = "rapat"

OFFICE_WORDS = """
rapat undangan koordinasi kegiatan laporan permohonan pembangunan desa kecamatan dinas
bantuan data anggaran pelaksanaan pemeliharaan jembatan jalan kesehatan pendidikan
pegawai bupati daerah kabupaten sosialisasi peninjauan penyampaian tindak lanjut hasil
pemeriksaan rekomendasi evaluasi program
"""

# Stable, not immutable: only so does the planner write them out where they are called.
_FUNCTIONS = """
CREATE FUNCTION pg_temp.pos(n bigint) RETURNS uuid LANGUAGE sql STABLE AS
    $$ SELECT md5('position:' || n::text)::uuid $$;
CREATE FUNCTION pg_temp.unit(n bigint) RETURNS uuid LANGUAGE sql STABLE AS
    $$ SELECT md5('unit:' || n::text)::uuid $$;
CREATE FUNCTION pg_temp.id7(hex text, kind int) RETURNS uuid LANGUAGE sql STABLE AS
    $$ SELECT overlay(hex PLACING to_hex(kind) FROM 16)::uuid $$;
CREATE FUNCTION pg_temp.dice(n bigint, salt int) RETURNS float LANGUAGE sql STABLE AS
    $$ SELECT (hashint8extended(n, salt) & 1048575) / 1048576.0 $$;
CREATE FUNCTION pg_temp.some(words text[], n bigint, salt int, count int) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT string_agg(words[1 + floor(cardinality(words)
        * pg_temp.dice(n, salt + k) ^ 3)::int], ' ')
    FROM generate_series(1, count) AS k
$$;
CREATE TEMP TABLE phrase AS SELECT k, pg_temp.some(:words, k, 200, 3) AS three,
    CASE WHEN k < 1000 THEN pg_temp.some(:words, k, 500, 80) END AS eighty
FROM generate_series(0, 5002) AS k;
ANALYZE phrase;
"""

_SEED = """
CREATE TEMP TABLE seed AS
SELECT i, at, hex, hex::uuid AS letter_id, unit, head, head + 2 AS registrar,
    2 + unit % 3 AS assistant, head + 3 + i % 4 AS one, head + 3 + (i + 1) % 4 AS two,
    head + 7 + i % 26 AS staff, urgency, secrecy, state,
    state IN ('registered', 'under_disposition') AS is_open,
    state NOT IN ('registered', 'void', 'dispatched') AS disposed,
    at + make_interval(hours => (ARRAY[24, 48, 72, 120])[urgency]) AS due_at
FROM (
    SELECT i, at, unit, lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0')
            || '70008' || lpad(to_hex(i), 15, '0') AS hex, 6 + (unit - 1) * 33 AS head,
        1 + (3 * pg_temp.dice(i, 1))::int AS urgency,
        CASE WHEN i % 50 = 0 THEN 2 WHEN i % 25 = 0 THEN 1 ELSE 0 END AS secrecy,
        CASE WHEN i % 20 = 7 THEN 'dispatched' WHEN i % 1000 = 11 THEN 'void'
            WHEN i > :count * 0.97 OR i % 100 = 3
            THEN CASE WHEN i % 3 = 0 THEN 'registered' ELSE 'under_disposition' END
            WHEN i % 4 = 0 THEN 'closed' ELSE 'completed' END AS state
    FROM (
        SELECT i, CAST(:start AS timestamptz) + i * (CAST(:span AS interval) / :count)
            AS at, 1 + floor(60 * pg_temp.dice(i, 2))::int AS unit
        FROM generate_series(1, :count) AS i) AS placed) AS decided
"""

_LETTERS = """
INSERT INTO letter (letter_id, direction, kind, number, dated_on, received_at,
    sender_name, subject, summary, classification_code, urgency, secrecy, secrecy_rank,
    register_unit_id, agenda_number, agenda_seq, agenda_year, addressees, copies,
    unit_ids, state, acted, outcome, due_at, closed_at, ended_at, registrar_position_id,
    created_by, created_at, read_at, disposed_at, version, trail_seq, trail_hash)
SELECT letter_id, CASE state WHEN 'dispatched' THEN 'outgoing' ELSE 'incoming' END,
    (ARRAY['surat_dinas', 'surat_dinas', 'surat_dinas', 'undangan', 'undangan',
        'nota_dinas', 'surat_edaran', 'laporan'])[1 + i % 8],
    lpad((i % 997)::text, 3, '0') || '/' || i || '/DINAS' || unit || '/2026',
    at::date, at, 'Instansi ' || a.three || ' ' || i % 3000,
    initcap(a.three || ' ' || b.three)
        || CASE WHEN i % 7 = 0 THEN ' rapat' ELSE '' END
        || CASE WHEN i % 9973 = 5 THEN ' kelotok' ELSE '' END,
    CASE WHEN i % 3 = 0 THEN b.three || ' ' || c.three END,
    '400.' || i % 40, (ARRAY['amat_segera', 'segera', 'penting', 'biasa'])[urgency],
    (ARRAY['biasa', 'terbatas', 'rahasia'])[secrecy + 1], secrecy, pg_temp.unit(unit),
    'SM/' || i || '/2026', i, 2026, ARRAY[pg_temp.pos(head)], '{}',
    ARRAY[pg_temp.unit(unit)], state, state <> 'registered',
    CASE state WHEN 'closed' THEN 'noted' END,
    CASE WHEN state <> 'dispatched' THEN due_at END,
    CASE state WHEN 'closed' THEN due_at END, CASE WHEN NOT is_open THEN due_at END,
    pg_temp.pos(registrar), '{}', at, CASE WHEN disposed THEN at + interval '2 hours' END,
    CASE WHEN disposed THEN at + interval '5 hours' END, 1, 5, md5(i || '/5')
FROM seed JOIN phrase a ON a.k = i % 5003 JOIN phrase b ON b.k = (i * 31 + 7) % 4999
JOIN phrase c ON c.k = i % 4993
ORDER BY i
"""

_VISIBILITY = """
INSERT INTO letter_visibility (position_id, letter_id, why, since, secrecy_rank)
SELECT pg_temp.pos(who), letter_id, why, at, secrecy FROM seed CROSS JOIN LATERAL (VALUES
    (head, 'recipient'), (registrar, 'registering'),
    (CASE WHEN disposed THEN one END, 'recipient'),
    (CASE WHEN disposed THEN two END, 'recipient'),
    (CASE WHEN disposed THEN staff END, 'recipient'),
    (CASE WHEN secrecy = 0 OR i % 20 = 0 THEN 0 END,
        CASE WHEN i % 20 = 0 THEN 'recipient' ELSE 'above' END),
    (CASE WHEN secrecy = 0 THEN 1 END, 'above'),
    (CASE WHEN secrecy = 0 THEN assistant END, 'above')) AS sees(who, why)
WHERE who IS NOT NULL
"""

_UNITS = """
INSERT INTO letter_unit (unit_id, letter_id)
SELECT pg_temp.unit(unit), letter_id FROM seed
"""

_DISPOSITIONS = """
INSERT INTO disposition (disposition_id, letter_id, parent_task_id, given_by, state,
    note, recipients, created_at, issued_at)
SELECT pg_temp.id7(hex, 1), letter_id, pg_temp.id7(hex, 2), pg_temp.pos(head),
    'issued', 'Selesaikan dan laporkan', '[]'::jsonb, at, at FROM seed WHERE disposed
UNION ALL
SELECT pg_temp.id7(hex, 6), letter_id, pg_temp.id7(hex, 3), pg_temp.pos(one),
    'issued', NULL, '[]'::jsonb, at, at FROM seed WHERE disposed
"""

_TASKS = """
INSERT INTO task (task_id, letter_id, disposition_id, parent_task_id, position_id,
    given_by, role, instructions, state, created_at, since, due_at, read_at, ended_at,
    overdue_at, version)
SELECT pg_temp.id7(hex, kind), letter_id, pg_temp.id7(hex, disposition),
    pg_temp.id7(hex, parent), pg_temp.pos(who), pg_temp.pos(giver), role,
    '{tindak_lanjuti}', CASE WHEN is_open THEN CASE WHEN i % 2 = 0 THEN 'sent'
        ELSE 'in_progress' END ELSE 'completed' END,
    at, at, CASE WHEN role <> 'inform' THEN due_at END, at,
    CASE WHEN NOT is_open THEN due_at END,
    CASE WHEN is_open AND due_at < :now THEN due_at END, 1
FROM seed CROSS JOIN LATERAL (VALUES
    (2, head, NULL, NULL::int, NULL::int, 'handle', true),
    (3, one, head, 2, 1, 'handle', disposed), (4, two, head, 2, 1, 'inform', disposed),
    (5, staff, one, 3, 6, 'handle', disposed)
) AS given(kind, who, giver, parent, disposition, role, wanted)
WHERE wanted AND state <> 'dispatched'
"""

_TRAIL = """
INSERT INTO trail (letter_id, seq, at, action, actor, task_id, detail, prev_hash, hash)
SELECT letter_id, seq, at + make_interval(hours => seq), action, NULL,
    pg_temp.id7(hex, seq + 1), '{}', md5(i || '/' || seq - 1), md5(i || '/' || seq)
FROM seed CROSS JOIN LATERAL (VALUES (1, 'registered', true), (2, 'read', disposed),
    (3, 'disposed', disposed), (4, 'accepted', disposed), (5, 'completed', NOT is_open)
) AS happened(seq, action, wanted) WHERE wanted
"""

_FILES = """
INSERT INTO file (file_id, sha256, size_bytes, media_type, filename, page_count,
    uploaded_by, uploaded_at, letter_id, place)
SELECT pg_temp.id7(hex, 7), md5(i::text) || md5('f' || i), 90000, 'application/pdf',
    'surat.pdf', 1, 'x', at, letter_id, 1 FROM seed WHERE i % 2 = 1
"""

_FILE_TEXTS = """
INSERT INTO file_text (sha256, media_type, state, pages)
SELECT sha256, media_type, 'ready', 1 FROM file
"""

_PAGES = """
INSERT INTO file_page_text (sha256, page, state, source, text)
SELECT md5(i::text) || md5('f' || i), 1, 'ready', 'text_layer',
    eighty FROM seed JOIN phrase ON k = i / 20 % 1000 WHERE i % 20 = 1
"""

_WORDS = """
INSERT INTO letter_text (letter_id, tsv)
SELECT l.letter_id, setweight(fact_words(concat_ws(' ', number, agenda_number,
        subject)), 'A')
    || setweight(fact_words(concat_ws(' ', sender_name, summary)), 'B')
    || coalesce(setweight(p.tsv, 'C'), '')
FROM letter l LEFT JOIN seed s ON s.letter_id = l.letter_id AND s.i % 20 = 1
LEFT JOIN file_page_text p ON p.sha256 = md5(s.i::text) || md5('f' || s.i)
"""

STEPS = (
    *(_LETTERS, _UNITS, _VISIBILITY, _DISPOSITIONS, _TASKS, _TRAIL),
    *(_FILES, _FILE_TEXTS, _PAGES, _WORDS),
)
_SECONDARY = """
SELECT c.relname AS name, pg_get_indexdef(i.indexrelid) AS definition
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
JOIN pg_class t ON t.oid = i.indrelid
WHERE t.relname = ANY(:tables) AND NOT EXISTS (
    SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid)
"""


_UNMARKED = sa.text(
    "SELECT relname FROM pg_class WHERE relname = ANY(:tables)"
    " AND relallvisible < 0.9 * relpages"
)


def load(database: Database, count: int) -> float:
    """Fill the (empty) tables with `count` letters and analyse them; the seconds."""
    began = time.monotonic()
    with database.engine.connect() as connection:
        connection.execute(sa.text("SET statement_timeout = 0"))
        connection.execute(sa.text("SET maintenance_work_mem = '512MB'"))
        connection.execute(sa.text("SET session_replication_role = replica"))
        connection.commit()
        indexes = _without_indexes(connection)
        _fill(connection, count)
        for definition in indexes:
            connection.execute(sa.text(definition.replace(":", r"\:")))
        connection.commit()
        connection.invalidate()  # its settings must not reach who borrows it next
    vacuum(database)
    return time.monotonic() - began


def _without_indexes(connection: sa.Connection) -> list[str]:
    rows = connection.execute(sa.text(_SECONDARY), {"tables": list(TABLES)}).all()
    for row in rows:
        connection.execute(sa.text(f'DROP INDEX "{row.name}"'))
    key = "letter_visibility_pkey"
    connection.execute(sa.text(f"ALTER TABLE letter_visibility DROP CONSTRAINT {key}"))
    again = (
        f"ALTER TABLE letter_visibility ADD CONSTRAINT {key}"
        " PRIMARY KEY (position_id, letter_id)"
    )
    return [again, *(row.definition for row in rows)]


def _fill(connection: sa.Connection, count: int) -> None:
    values = {
        "count": count,
        "start": regency.START,
        "span": timedelta(days=365 * YEARS),
        "now": NOW,
        "words": vocabulary(),
    }
    for statement in (_FUNCTIONS, _SEED, *STEPS):
        text = sa.text(statement.replace("::", r"\:\:"))
        used = {name: values[name] for name in text._bindparams}
        connection.execute(text, used)


def vacuum(database: Database, names: Sequence[str] = TABLES) -> None:
    """Statistics, and the pages that index-only scans may trust.

    VACUUM right behind a load does not mark every page; the planner would then shun
    index-only scans, which no table does that autovacuum has had a minute for.
    """
    tables = ", ".join(names)
    with database.engine.connect().execution_options(
        isolation_level="AUTOCOMMIT"
    ) as connection:
        connection.execute(sa.text("SET statement_timeout = 0"))
        for _ in range(20):
            connection.execute(sa.text(f"VACUUM (ANALYZE) {tables}"))
            unmarked = connection.execute(_UNMARKED, {"tables": list(names)})
            if not (left := unmarked.scalars().all()):
                break
            time.sleep(0.2)
        else:
            raise RuntimeError(f"pages that stay unmarked: {', '.join(left)}")
        connection.execute(sa.text("RESET statement_timeout"))


def vocabulary() -> list[str]:
    """By falling frequency: words of offices first, then made-up ones."""
    first, second = "bakudomelasipurate", "ngantaripulosedak"
    pairs = [a + b for a in _syllables(first) for b in _syllables(second)]
    made = [one + other for one in pairs for other in pairs]
    return OFFICE_WORDS.split() + made[:3000]


def _syllables(text: str) -> list[str]:
    return [text[at : at + 2] for at in range(0, len(text) - 1, 2)]
