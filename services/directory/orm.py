"""Tables of the directory. The migrations create exactly these; a test compares them.

`version` of a row is the directory's `revision` at its last change. The one row of
`revision` is locked by each change until it commits, so versions ascend in commit
order: who has seen revision n has seen everything up to n.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, TSTZRANGE, UUID, ExcludeConstraint

from chassis.tables import add_chassis_tables

metadata = sa.MetaData()
add_chassis_tables(metadata)


def _key(name: str) -> sa.Column[object]:
    return sa.Column(name, UUID(as_uuid=True), primary_key=True)


def _ref(name: str, target: str, *, nullable: bool = False) -> sa.Column[object]:
    # deferred: an import may name a unit before it is written
    key = sa.ForeignKey(target, deferrable=True, initially="DEFERRED")
    return sa.Column(name, UUID(as_uuid=True), key, nullable=nullable, index=True)


def _text(
    name: str, *, nullable: bool = False, unique: bool = False
) -> sa.Column[object]:
    return sa.Column(name, sa.Text, nullable=nullable, unique=unique)


def _at(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _version() -> sa.Column[object]:
    return sa.Column("version", sa.BigInteger, nullable=False, index=True)


revision = sa.Table(
    "revision",
    metadata,
    sa.Column("one", sa.Boolean, sa.CheckConstraint("one"), primary_key=True),
    sa.Column("value", sa.BigInteger, nullable=False),
)

unit = sa.Table(
    "unit",
    metadata,
    _key("unit_id"),
    _text("code", unique=True),
    _text("name"),
    _text("short_name"),
    _text("kind"),
    _ref("parent_id", "unit.unit_id", nullable=True),
    _ref("register_unit_id", "unit.unit_id"),
    _version(),
)

position = sa.Table(
    "position",
    metadata,
    _key("position_id"),
    # a number for the exclusion constraint of assignments (uuid has no GiST class)
    sa.Column("position_key", sa.BigInteger, sa.Identity(always=True), nullable=False),
    _text("code", unique=True),
    _text("title"),
    _text("short_title"),
    _ref("unit_id", "unit.unit_id"),
    sa.Column("level", sa.SmallInteger, nullable=False),
    _text("duty"),
    _ref("reports_to", "position.position_id", nullable=True),
    _version(),
    sa.UniqueConstraint("position_id", "position_key"),
)

person = sa.Table(
    "person",
    metadata,
    _key("person_id"),
    _text("name"),
    _text("nip", nullable=True, unique=True),
    _text("grade", nullable=True),
    _text("degrees_before", nullable=True),
    _text("degrees_after", nullable=True),
    _version(),
    sa.CheckConstraint(
        "grade ~ ('^((I|II|III|IV)/[a-e]'"
        " || '|I|II|III|IV|V|VI|VII|VIII|IX|X|XI|XII|XIII|XIV|XV|XVI|XVII)$')",
        name="grade_known",
    ),
    sa.Index("ix__person__name", "name", "person_id"),
)

assignment = sa.Table(
    "assignment",
    metadata,
    _key("assignment_id"),
    _ref("person_id", "person.person_id"),
    sa.Column("position_id", UUID(as_uuid=True), nullable=False, index=True),
    sa.Column("position_key", sa.BigInteger, nullable=False),
    _text("capacity"),
    sa.Column("starts_on", sa.Date, nullable=False),
    sa.Column("ends_on", sa.Date),
    _at("starts_at"),
    _at("ends_at", nullable=True),
    sa.Column(
        "during",
        TSTZRANGE,
        sa.Computed("tstzrange(starts_at, ends_at)", persisted=True),
        nullable=False,
    ),
    _text("decree", nullable=True),
    _version(),
    _at("start_announced_at", nullable=True),
    _at("end_announced_at", nullable=True),
    sa.ForeignKeyConstraint(
        ["position_id", "position_key"],
        ["position.position_id", "position.position_key"],
    ),
    sa.CheckConstraint(
        "capacity IN ('definitive', 'plt', 'plh', 'pj')", name="capacity_known"
    ),
    sa.CheckConstraint("ends_on >= starts_on", name="dates_in_order"),
    sa.CheckConstraint(
        "capacity NOT IN ('plt', 'plh') OR ends_on IS NOT NULL", name="acting_ends"
    ),
    ExcludeConstraint(
        (sa.text("int8range(position_key, position_key, '[]')"), "&&"),
        (sa.text("during"), "&&"),
        where=sa.text("capacity = 'definitive'"),
        name="one_definitive_holder",
    ),
    sa.Index(
        "ix__assignment__to_start",
        "starts_at",
        postgresql_where=sa.text("start_announced_at IS NULL"),
    ),
    sa.Index(
        "ix__assignment__to_end",
        "ends_at",
        postgresql_where=sa.text("end_announced_at IS NULL AND ends_at IS NOT NULL"),
    ),
)

delegation = sa.Table(
    "delegation",
    metadata,
    _key("delegation_id"),
    _ref("position_id", "position.position_id"),
    _ref("to_position_id", "position.position_id"),
    sa.Column("rights", ARRAY(sa.Text), nullable=False),
    _at("starts_at"),
    _at("ends_at", nullable=True),
    sa.Column("include_secret", sa.Boolean, nullable=False),
    _ref("given_by", "person.person_id"),
    _at("withdrawn_at", nullable=True),
    _version(),
    sa.CheckConstraint("position_id <> to_position_id", name="to_another"),
    sa.CheckConstraint("ends_at > starts_at", name="period_in_order"),
)

account = sa.Table(
    "account",
    metadata,
    _key("account_id"),
    _ref("person_id", "person.person_id"),
    _text("username", unique=True),
    _text("password_hash"),
    sa.Column("demo", sa.Boolean, nullable=False),
    _at("disabled_at", nullable=True),
)

session = sa.Table(
    "session",
    metadata,
    _key("session_id"),
    _text("token_sha256", unique=True),
    _ref("account_id", "account.account_id"),
    _text("device_name", nullable=True),
    _at("created_at"),
    _at("seen_at"),
    sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False, index=True),
)

login_throttle = sa.Table(
    "login_throttle",
    metadata,
    # sha256 of what was typed and whence: a password typed as a name stays unknown
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("free_at", sa.DateTime(timezone=True), nullable=False, index=True),
)
