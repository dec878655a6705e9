"""The organisation, accounts and sessions."""

from __future__ import annotations

from alembic import op

from chassis.tables import create_chassis_tables, drop_chassis_tables

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE revision (
    one boolean PRIMARY KEY CHECK (one),
    value bigint NOT NULL
);

CREATE TABLE unit (
    unit_id uuid PRIMARY KEY,
    code text NOT NULL UNIQUE,
    name text NOT NULL,
    short_name text NOT NULL,
    kind text NOT NULL,
    parent_id uuid REFERENCES unit (unit_id) DEFERRABLE INITIALLY DEFERRED,
    register_unit_id uuid NOT NULL
        REFERENCES unit (unit_id) DEFERRABLE INITIALLY DEFERRED,
    version bigint NOT NULL
);
CREATE INDEX ix_unit_parent_id ON unit (parent_id);
CREATE INDEX ix_unit_register_unit_id ON unit (register_unit_id);
CREATE INDEX ix_unit_version ON unit (version);

CREATE TABLE position (
    position_id uuid PRIMARY KEY,
    position_key bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    code text NOT NULL UNIQUE,
    title text NOT NULL,
    short_title text NOT NULL,
    unit_id uuid NOT NULL REFERENCES unit (unit_id) DEFERRABLE INITIALLY DEFERRED,
    level smallint NOT NULL,
    duty text NOT NULL,
    reports_to uuid REFERENCES position (position_id) DEFERRABLE INITIALLY DEFERRED,
    version bigint NOT NULL,
    UNIQUE (position_id, position_key)
);
CREATE INDEX ix_position_unit_id ON position (unit_id);
CREATE INDEX ix_position_reports_to ON position (reports_to);
CREATE INDEX ix_position_version ON position (version);

CREATE TABLE person (
    person_id uuid PRIMARY KEY,
    name text NOT NULL,
    nip text UNIQUE,
    version bigint NOT NULL
);
CREATE INDEX ix__person__name ON person (name, person_id);
CREATE INDEX ix_person_version ON person (version);

CREATE TABLE assignment (
    assignment_id uuid PRIMARY KEY,
    person_id uuid NOT NULL
        REFERENCES person (person_id) DEFERRABLE INITIALLY DEFERRED,
    position_id uuid NOT NULL,
    position_key bigint NOT NULL,
    capacity text NOT NULL
        CONSTRAINT capacity_known
        CHECK (capacity IN ('definitive', 'plt', 'plh', 'pj')),
    starts_on date NOT NULL,
    ends_on date,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz,
    during tstzrange NOT NULL
        GENERATED ALWAYS AS (tstzrange(starts_at, ends_at)) STORED,
    decree text,
    version bigint NOT NULL,
    start_announced_at timestamptz,
    end_announced_at timestamptz,
    FOREIGN KEY (position_id, position_key)
        REFERENCES position (position_id, position_key),
    CONSTRAINT dates_in_order CHECK (ends_on >= starts_on),
    CONSTRAINT acting_ends
        CHECK (capacity NOT IN ('plt', 'plh') OR ends_on IS NOT NULL),
    CONSTRAINT one_definitive_holder EXCLUDE USING gist (
        int8range(position_key, position_key, '[]') WITH &&,
        during WITH &&
    ) WHERE (capacity = 'definitive')
);
CREATE INDEX ix_assignment_person_id ON assignment (person_id);
CREATE INDEX ix_assignment_position_id ON assignment (position_id);
CREATE INDEX ix_assignment_version ON assignment (version);
CREATE INDEX ix__assignment__to_start ON assignment (starts_at)
    WHERE start_announced_at IS NULL;
CREATE INDEX ix__assignment__to_end ON assignment (ends_at)
    WHERE end_announced_at IS NULL AND ends_at IS NOT NULL;

CREATE TABLE delegation (
    delegation_id uuid PRIMARY KEY,
    position_id uuid NOT NULL
        REFERENCES position (position_id) DEFERRABLE INITIALLY DEFERRED,
    to_position_id uuid NOT NULL
        REFERENCES position (position_id) DEFERRABLE INITIALLY DEFERRED,
    rights text[] NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz,
    include_secret boolean NOT NULL,
    given_by uuid NOT NULL
        REFERENCES person (person_id) DEFERRABLE INITIALLY DEFERRED,
    withdrawn_at timestamptz,
    version bigint NOT NULL,
    CONSTRAINT to_another CHECK (position_id <> to_position_id),
    CONSTRAINT period_in_order CHECK (ends_at > starts_at)
);
CREATE INDEX ix_delegation_position_id ON delegation (position_id);
CREATE INDEX ix_delegation_to_position_id ON delegation (to_position_id);
CREATE INDEX ix_delegation_given_by ON delegation (given_by);
CREATE INDEX ix_delegation_version ON delegation (version);

CREATE TABLE account (
    account_id uuid PRIMARY KEY,
    person_id uuid NOT NULL
        REFERENCES person (person_id) DEFERRABLE INITIALLY DEFERRED,
    username text NOT NULL UNIQUE,
    password_hash text NOT NULL,
    demo boolean NOT NULL,
    disabled_at timestamptz
);
CREATE INDEX ix_account_person_id ON account (person_id);

CREATE TABLE session (
    session_id uuid PRIMARY KEY,
    token_sha256 text NOT NULL UNIQUE,
    account_id uuid NOT NULL
        REFERENCES account (account_id) DEFERRABLE INITIALLY DEFERRED,
    device_name text,
    created_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX ix_session_account_id ON session (account_id);
CREATE INDEX ix_session_expires_at ON session (expires_at);

CREATE TABLE login_throttle (
    key text PRIMARY KEY,
    free_at timestamptz NOT NULL
);
CREATE INDEX ix_login_throttle_free_at ON login_throttle (free_at);
"""


def upgrade() -> None:
    op.execute(TABLES)
    create_chassis_tables(op.get_bind())


def downgrade() -> None:
    drop_chassis_tables(op.get_bind())
    op.execute(
        "DROP TABLE login_throttle, session, account, delegation, assignment,"
        " person, position, unit, revision"
    )
