"""Full text of letters and their files, and the indexes that filters walk.

The words of a letter stand beside it in `letter_text`, kept by triggers in the
transaction of every change: acts rewrite a letter's row often, and its words must not
be written into the GIN index again each time.
"""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE letter_text (
    letter_id UUID NOT NULL,
    tsv TSVECTOR NOT NULL,
    PRIMARY KEY (letter_id),
    FOREIGN KEY(letter_id) REFERENCES letter (letter_id) ON DELETE CASCADE
);

CREATE INDEX ix__letter_text__tsv ON letter_text USING gin (tsv);

CREATE TABLE file_text (
    sha256 TEXT NOT NULL,
    media_type TEXT NOT NULL,
    state TEXT DEFAULT 'pending' NOT NULL,
    reason TEXT,
    pages INTEGER,
    attempts SMALLINT DEFAULT '0' NOT NULL,
    next_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (sha256),
    CONSTRAINT ck__file_text__state CHECK (state IN ('pending','ready','no_ocr','failed'))
);

CREATE INDEX ix__file_text__next ON file_text (next_at)
    WHERE state IN ('pending','no_ocr');

CREATE TABLE file_page_text (
    sha256 TEXT NOT NULL,
    page INTEGER NOT NULL,
    state TEXT NOT NULL,
    source TEXT,
    text TEXT NOT NULL,
    tsv TSVECTOR GENERATED ALWAYS AS (to_tsvector('indonesian', translate(text, '/.-', '   '))) STORED,
    PRIMARY KEY (sha256, page),
    FOREIGN KEY(sha256) REFERENCES file_text (sha256) ON DELETE CASCADE,
    CONSTRAINT ck__file_page_text__state CHECK (state IN ('ready','no_ocr','failed')),
    CONSTRAINT ck__file_page_text__source CHECK ((source IS NOT NULL) = (state = 'ready'))
);
"""

# `search_words` prepares what is stored exactly as `views_search` prepares what is
# looked for. Facts are there as stems and as they are written: the beginning of a word
# ("pelaks") is not the beginning of its stem ("laksana"). Bounds keep any text below what a tsvector can hold (1 MB).
FUNCTIONS = """
CREATE FUNCTION search_words(given text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT to_tsvector('indonesian', translate(coalesce(given, ''), '/.-', '   '))
$$;

CREATE FUNCTION fact_words(given text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT search_words(given)
        || to_tsvector('simple', translate(coalesce(given, ''), '/.-', '   '))
$$;

CREATE FUNCTION letter_key(given text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT regexp_replace(lower(given), '[^[:alnum:]]+', '', 'g')
$$;

CREATE FUNCTION letter_file_words(wanted uuid) RETURNS tsvector
LANGUAGE sql STABLE AS $$
    SELECT setweight(search_words(left(string_agg(text, ' ' ORDER BY place, page),
        150000)), 'C')
    FROM (
        SELECT p.text, f.place, p.page FROM file f
        JOIN file_page_text p ON p.sha256 = f.sha256 AND p.state = 'ready'
        WHERE f.letter_id = wanted AND f.report_id IS NULL
        ORDER BY f.place, p.page LIMIT 400) AS page_of_letter
$$;

CREATE FUNCTION keep_facts_of_letter() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO letter_text (letter_id, tsv) VALUES (NEW.letter_id,
        setweight(fact_words(concat_ws(' ', NEW.number, NEW.agenda_number,
            NEW.subject)), 'A')
        || setweight(fact_words(concat_ws(' ', NEW.sender_name, NEW.summary)), 'B'))
    ON CONFLICT (letter_id) DO UPDATE
        SET tsv = excluded.tsv || ts_filter(letter_text.tsv, '{c}');
    RETURN NULL;
END $$;

CREATE FUNCTION keep_words_of_files(wanted uuid) RETURNS void
LANGUAGE sql AS $$
    UPDATE letter_text SET tsv = ts_filter(tsv, '{a,b}') || letter_file_words(wanted)
    WHERE letter_id = wanted
$$;

CREATE FUNCTION want_text_of_file() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    found text;
BEGIN
    -- The row is locked either way: who reads the blob finishes before us, and we see
    -- its words; or after us, and it sees our letter.
    INSERT INTO file_text (sha256, media_type) VALUES (NEW.sha256, NEW.media_type)
    ON CONFLICT (sha256) DO UPDATE SET media_type = file_text.media_type
    RETURNING state INTO found;
    IF found IN ('ready', 'no_ocr') AND NEW.report_id IS NULL THEN
        PERFORM keep_words_of_files(NEW.letter_id);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER keep_facts AFTER INSERT
    OR UPDATE OF number, agenda_number, subject, sender_name, summary ON letter
    FOR EACH ROW EXECUTE FUNCTION keep_facts_of_letter();

CREATE TRIGGER want_text AFTER INSERT OR UPDATE OF letter_id ON file
    FOR EACH ROW WHEN (NEW.letter_id IS NOT NULL)
    EXECUTE FUNCTION want_text_of_file();
"""

EXISTING = """
INSERT INTO letter_text (letter_id, tsv) SELECT letter_id,
    setweight(fact_words(concat_ws(' ', number, agenda_number, subject)), 'A')
    || setweight(fact_words(concat_ws(' ', sender_name, summary)), 'B') FROM letter;

INSERT INTO file_text (sha256, media_type) SELECT sha256, min(media_type) FROM file
    WHERE letter_id IS NOT NULL GROUP BY sha256;
"""

# A filter that is rare is walked by itself, a common one along the office's letters;
# the planner chooses by statistics, so it must know the heavy readers by name, and that
# some of them are told of everything and are sent nothing. Few letters are secret, and
# who sees many letters sees the fewest of those: each office's stand in an index. The
# units of a letter stand in rows, because an array's index has no order to walk along.
FILTERS = """
CREATE INDEX ix__letter__state ON letter (state, letter_id);
CREATE INDEX ix__letter__kind ON letter (kind, letter_id);
CREATE INDEX ix__letter__urgency ON letter (urgency, letter_id);
CREATE INDEX ix__letter__outgoing ON letter (letter_id) WHERE direction = 'outgoing';
CREATE INDEX ix__letter__due_first
    ON letter (coalesce(due_at, 'infinity'::timestamptz), letter_id);
CREATE INDEX ix__letter__due_last
    ON letter (coalesce(due_at, '-infinity'::timestamptz), letter_id);
CREATE INDEX ix__letter__same ON letter (letter_key(sender_name), letter_key(number));

CREATE INDEX ix__task__reported
    ON task (given_by, coalesce(due_at, 'infinity'::timestamptz), task_id)
    WHERE state = 'reported';
CREATE INDEX ix__file__report_id ON file (report_id) WHERE report_id IS NOT NULL;
CREATE INDEX ix__letter__registrar ON letter (registrar_position_id, letter_id);

CREATE TABLE letter_unit (
    unit_id UUID NOT NULL,
    letter_id UUID NOT NULL,
    PRIMARY KEY (unit_id, letter_id),
    FOREIGN KEY(letter_id) REFERENCES letter (letter_id)
);
CREATE INDEX ix__letter_unit__letter_id ON letter_unit (letter_id);
INSERT INTO letter_unit (unit_id, letter_id)
    SELECT DISTINCT unit_id, letter_id FROM letter, unnest(unit_ids) AS u(unit_id);

CREATE FUNCTION keep_units_of_letter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM letter_unit
    WHERE letter_id = NEW.letter_id AND unit_id <> ALL (NEW.unit_ids);
    INSERT INTO letter_unit (unit_id, letter_id)
    SELECT DISTINCT unit_id, NEW.letter_id FROM unnest(NEW.unit_ids) AS u(unit_id)
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER keep_units_new AFTER INSERT ON letter
    FOR EACH ROW EXECUTE FUNCTION keep_units_of_letter();
CREATE TRIGGER keep_units_changed AFTER UPDATE OF unit_ids ON letter
    FOR EACH ROW WHEN (NEW.unit_ids IS DISTINCT FROM OLD.unit_ids)
    EXECUTE FUNCTION keep_units_of_letter();

ALTER TABLE letter_visibility ADD COLUMN secrecy_rank SMALLINT DEFAULT '0' NOT NULL;
UPDATE letter_visibility v SET secrecy_rank = l.secrecy_rank FROM letter l
    WHERE l.letter_id = v.letter_id AND l.secrecy_rank > 0;
CREATE INDEX ix__letter_visibility__secret
    ON letter_visibility (position_id, secrecy_rank, letter_id) WHERE secrecy_rank > 0;

CREATE FUNCTION know_secrecy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.secrecy_rank := (SELECT secrecy_rank FROM letter
        WHERE letter_id = NEW.letter_id);
    RETURN NEW;
END $$;
CREATE TRIGGER know_secrecy BEFORE INSERT ON letter_visibility
    FOR EACH ROW EXECUTE FUNCTION know_secrecy();

CREATE FUNCTION pass_on_secrecy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE letter_visibility SET secrecy_rank = NEW.secrecy_rank
    WHERE letter_id = NEW.letter_id;
    RETURN NULL;
END $$;
CREATE TRIGGER pass_on_secrecy AFTER UPDATE OF secrecy_rank ON letter
    FOR EACH ROW WHEN (NEW.secrecy_rank <> OLD.secrecy_rank)
    EXECUTE FUNCTION pass_on_secrecy();

ALTER TABLE letter_visibility ALTER COLUMN position_id SET STATISTICS 1000;
CREATE STATISTICS st__letter_visibility__why (mcv)
    ON position_id, why FROM letter_visibility;
ALTER STATISTICS st__letter_visibility__why SET STATISTICS 4000;
ALTER TABLE letter_text ALTER COLUMN tsv SET STATISTICS 500;
ALTER TABLE letter SET (fillfactor = 85);
"""

INDEXES = (
    *("state", "kind", "urgency", "outgoing"),
    *("due_first", "due_last", "same", "registrar"),
)
OLD_VECTOR = (
    "to_tsvector('indonesian', translate(coalesce(number, '') || ' ' ||"
    " coalesce(agenda_number, ''), '/.-', '   ') || ' ' || subject || ' ' ||"
    " coalesce(summary, '') || ' ' || sender_name)"
)


def upgrade() -> None:
    op.execute("ALTER TABLE letter DROP COLUMN tsv")
    op.execute("DROP INDEX ix__letter__same")
    op.execute(TABLES)
    op.execute(FUNCTIONS)
    op.execute(EXISTING)
    op.execute(FILTERS)


def downgrade() -> None:
    op.execute("DROP TRIGGER want_text ON file; DROP TRIGGER keep_facts ON letter")
    op.execute("DROP TRIGGER pass_on_secrecy ON letter")
    op.execute("DROP TRIGGER keep_units_new ON letter")
    op.execute("DROP TRIGGER keep_units_changed ON letter")
    op.execute("DROP TRIGGER know_secrecy ON letter_visibility")
    op.execute("DROP INDEX ix__task__reported, ix__file__report_id")
    op.execute("DROP STATISTICS st__letter_visibility__why")
    op.execute("ALTER TABLE letter_visibility DROP COLUMN secrecy_rank")
    for name in INDEXES:
        op.execute(f"DROP INDEX ix__letter__{name}")
    op.execute(
        "DROP FUNCTION want_text_of_file, keep_words_of_files, keep_facts_of_letter,"
        " letter_file_words, letter_key, fact_words, search_words, know_secrecy, pass_on_secrecy,"
        " keep_units_of_letter"
    )
    op.execute("DROP TABLE letter_unit, file_page_text, file_text, letter_text")
    op.execute(
        f"ALTER TABLE letter RESET (fillfactor), ADD COLUMN tsv TSVECTOR"
        f" GENERATED ALWAYS AS ({OLD_VECTOR}) STORED"
    )
    op.execute(
        "ALTER TABLE letter_visibility ALTER COLUMN position_id SET STATISTICS -1"
    )
    op.execute("CREATE INDEX ix__letter__tsv ON letter USING gin (tsv)")
    op.execute(
        "CREATE INDEX ix__letter__same ON letter (sender_name, number, dated_on)"
    )
