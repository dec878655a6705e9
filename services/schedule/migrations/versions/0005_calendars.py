"""Calendar feeds, imports, day sheets, the public agenda."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE calendar_feed (
        feed_id uuid PRIMARY KEY,
        token_sha256 text NOT NULL CHECK (token_sha256 ~ '^[0-9a-f]{64}$'),
        detail text NOT NULL CHECK (detail IN ('full', 'busy')),
        position_id uuid,
        unit_id uuid,
        resource_id uuid REFERENCES resource,
        created_by_person uuid NOT NULL,
        created_at timestamptz NOT NULL,
        CHECK (num_nonnulls(position_id, unit_id, resource_id) = 1),
        CONSTRAINT uq__calendar_feed__token_sha256 UNIQUE (token_sha256)
    )
    """,
    (
        "CREATE INDEX ix__calendar_feed__created_by_person"
        " ON calendar_feed (created_by_person, feed_id)"
    ),
    (
        "CREATE INDEX ix__activity__public ON activity"
        " USING gist (tstzrange(starts_at, until_at)) WHERE visibility = 'public'"
    ),
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP INDEX ix__activity__public")
    op.execute("DROP TABLE calendar_feed")
