"""What ends with its hour is found by it; what nobody comes to, by a mark."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


# as `Activity.deserted` says: guests count only where there are none but guests
_MARK = """
    UPDATE activity a SET deserted = true
    FROM (
        SELECT activity_id, bool_or(comes AND role <> 'invited') AS somebody,
            bool_or(comes) AS anybody, bool_and(role = 'invited') AS guests
        FROM (
            SELECT activity_id, role,
                response NOT IN ('not_attending', 'represented') AS comes
            FROM participant
        ) AS line
        GROUP BY activity_id
    ) AS who
    WHERE who.activity_id = a.activity_id AND a.state = 'confirmed'
        AND NOT (CASE WHEN who.guests THEN who.anybody ELSE who.somebody END)
"""


def upgrade() -> None:
    op.execute(
        "CREATE INDEX ix__activity__pencilled ON activity (until_at)"
        " WHERE (state IN ('proposed', 'tentative') AND created_at < until_at)"
    )
    op.execute(
        "ALTER TABLE activity ADD COLUMN deserted boolean NOT NULL DEFAULT false"
    )
    op.execute(
        "CREATE INDEX ix__activity__deserted ON activity"
        " USING gist (tstzrange(starts_at, until_at)) WHERE deserted"
    )
    op.execute(_MARK)


def downgrade() -> None:
    op.execute("ALTER TABLE activity DROP COLUMN deserted")
    op.execute("DROP INDEX ix__activity__pencilled")
