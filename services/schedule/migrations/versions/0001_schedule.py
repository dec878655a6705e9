"""Activities, lines and the constraint that nobody is promised twice."""

from __future__ import annotations

from alembic import op

from chassis.organisation_copy_sql import (
    create_organisation_tables,
    drop_organisation_tables,
)
from chassis.tables import create_chassis_tables, drop_chassis_tables

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TABLES = (
    """
    CREATE TABLE resource (
        resource_id uuid PRIMARY KEY,
        code text NOT NULL CONSTRAINT uq__resource__code UNIQUE,
        name text NOT NULL,
        kind text NOT NULL CHECK (kind IN ('room', 'vehicle')),
        unit_id uuid NOT NULL,
        capacity integer CHECK (capacity > 0),
        place text
    )
    """,
    """
    CREATE TABLE bookable (
        key bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        kind text NOT NULL CHECK (kind IN ('person', 'position', 'resource')),
        ref uuid NOT NULL,
        CONSTRAINT uq__bookable__ref UNIQUE (ref, kind)
    )
    """,
    """
    CREATE TABLE activity (
        activity_id uuid PRIMARY KEY,
        title text NOT NULL,
        kind text NOT NULL,
        starts_at timestamptz NOT NULL,
        ends_at timestamptz,
        until_at timestamptz NOT NULL,
        organiser_unit_id uuid NOT NULL,
        state text NOT NULL CHECK (state IN ('proposed', 'tentative', 'confirmed',
            'completed', 'postponed', 'cancelled')),
        visibility text NOT NULL
            CHECK (visibility IN ('public', 'internal', 'busy_only')),
        place jsonb,
        letter_id uuid CONSTRAINT uq__activity__letter UNIQUE,
        external_system text,
        external_id text,
        travel_before integer NOT NULL CHECK (travel_before >= 0),
        travel_after integer NOT NULL CHECK (travel_after >= 0),
        override jsonb,
        reason text,
        blocked boolean NOT NULL,
        restricted boolean NOT NULL
            CHECK (NOT restricted OR visibility = 'busy_only'),
        alternatives jsonb NOT NULL,
        created_by jsonb NOT NULL,
        created_by_person uuid,
        created_by_client uuid,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        confirmed_at timestamptz,
        version integer NOT NULL,
        CHECK (until_at > starts_at AND until_at = coalesce(ends_at, until_at)),
        CONSTRAINT uq__activity__external_ref UNIQUE (external_system, external_id)
    )
    """,
    "CREATE INDEX ix__activity__starts_at ON activity (starts_at, activity_id)",
    (
        "CREATE INDEX ix__activity__time ON activity"
        " USING gist (tstzrange(starts_at, until_at))"
    ),
    """
    CREATE TABLE participant (
        activity_id uuid NOT NULL REFERENCES activity,
        position_id uuid NOT NULL,
        ordinal integer NOT NULL,
        role text NOT NULL
            CHECK (role IN ('host', 'required', 'invited', 'accompanying')),
        response text NOT NULL CHECK (response IN ('pending', 'attending',
            'not_attending', 'represented')),
        represented_by uuid,
        represents uuid,
        note text,
        person_id uuid,
        key bigint REFERENCES bookable,
        from_letter boolean NOT NULL,
        decided_at timestamptz,
        PRIMARY KEY (activity_id, position_id),
        CHECK ((response = 'represented') = (represented_by IS NOT NULL))
    )
    """,
    "CREATE INDEX ix__participant__position ON participant (position_id, activity_id)",
    """
    CREATE TABLE activity_resource (
        activity_id uuid NOT NULL REFERENCES activity,
        resource_id uuid NOT NULL REFERENCES resource,
        ordinal integer NOT NULL,
        key bigint REFERENCES bookable,
        PRIMARY KEY (activity_id, resource_id)
    )
    """,
    (
        "CREATE INDEX ix__activity_resource__resource"
        " ON activity_resource (resource_id, activity_id)"
    ),
    # D5: nobody and nothing is promised twice. int8range makes the equality of keys
    # a range overlap, so that no extension (btree_gist) is needed.
    """
    CREATE TABLE booking (
        activity_id uuid NOT NULL REFERENCES activity,
        key bigint NOT NULL REFERENCES bookable,
        during tstzrange NOT NULL CHECK (NOT isempty(during)),
        binds boolean NOT NULL,
        standing text NOT NULL CHECK (standing IN ('binding', 'displaced', 'blocked',
            'tentative', 'proposed', 'invited')),
        since timestamptz NOT NULL,
        position_id uuid,
        resource_id uuid,
        PRIMARY KEY (activity_id, key),
        CHECK (binds = (standing = 'binding')),
        CONSTRAINT ex__booking__no_overlap EXCLUDE USING gist
            (int8range(key, key, '[]') WITH &&, during WITH &&) WHERE (binds)
    )
    """,
    (
        "CREATE INDEX ix__booking__loose ON booking"
        " USING gist (int8range(key, key, '[]'), during) WHERE (NOT binds)"
    ),
    (
        "CREATE INDEX ix__booking__watched ON booking (lower(during), activity_id, key)"
        " WHERE (standing IN ('displaced', 'blocked', 'tentative', 'proposed'))"
    ),
    """
    CREATE TABLE letter_case (
        letter_id uuid PRIMARY KEY,
        invitation jsonb,
        voided boolean NOT NULL
    )
    """,
    """
    CREATE TABLE letter_word (
        letter_id uuid NOT NULL REFERENCES letter_case,
        source text NOT NULL,
        kind text NOT NULL CHECK (kind IN ('attend', 'represent', 'decline',
            'ask', 'drop')),
        position_id uuid NOT NULL,
        represented_by uuid,
        giver_position_id uuid,
        at timestamptz NOT NULL,
        PRIMARY KEY (letter_id, source)
    )
    """,
)


def upgrade() -> None:
    create_chassis_tables(op.get_bind())
    create_organisation_tables(op.get_bind())
    for statement in _TABLES:
        op.execute(statement)


def downgrade() -> None:
    for table in (
        "letter_word",
        "letter_case",
        "booking",
        "activity_resource",
        "participant",
        "activity",
        "bookable",
        "resource",
    ):
        op.execute(f"DROP TABLE {table}")
    drop_organisation_tables(op.get_bind())
    drop_chassis_tables(op.get_bind())
