"""The tables of schedule, as its statements name them.

The migration is the truth about constraints; here stand the columns only, and a test
compares the two.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSTZRANGE, UUID

from chassis.organisation_copy_sql import add_organisation_tables
from chassis.tables import add_chassis_tables

metadata = sa.MetaData()
add_chassis_tables(metadata)
add_organisation_tables(metadata)

_ID = UUID(as_uuid=True)
_AT = sa.DateTime(timezone=True)
_JSON = JSONB(none_as_null=True)

activity = sa.Table(
    "activity",
    metadata,
    sa.Column("activity_id", _ID, primary_key=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("starts_at", _AT, nullable=False),
    sa.Column("ends_at", _AT),
    sa.Column("until_at", _AT, nullable=False),  # ends_at, or the assumed end
    sa.Column("organiser_unit_id", _ID, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("visibility", sa.Text, nullable=False),
    sa.Column("place", _JSON),
    sa.Column("letter_id", _ID),
    sa.Column("external_system", sa.Text),
    sa.Column("external_id", sa.Text),
    sa.Column("travel_before", sa.Integer, nullable=False),
    sa.Column("travel_after", sa.Integer, nullable=False),
    sa.Column("override", _JSON),
    sa.Column("reason", sa.Text),
    sa.Column("outcome", _JSON),
    sa.Column("blocked", sa.Boolean, nullable=False),
    sa.Column("restricted", sa.Boolean, nullable=False),
    sa.Column("alternatives", JSONB, nullable=False),
    sa.Column("created_by", JSONB, nullable=False),
    sa.Column("created_by_person", _ID),
    sa.Column("created_by_client", _ID),
    sa.Column("created_at", _AT, nullable=False),
    sa.Column("updated_at", _AT, nullable=False),
    sa.Column("confirmed_at", _AT),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("series_id", _ID),
    sa.Column("occurrence_at", _AT),  # when the rule says it begins
    sa.Column("deserted", sa.Boolean, nullable=False),  # `Activity.deserted`
    sa.Column("all_day", sa.Boolean, nullable=False),
    sa.Column("dress_code", sa.Text),
    sa.Column("contact", sa.Text),
)

series = sa.Table(
    "series",
    metadata,
    sa.Column("series_id", _ID, primary_key=True),
    sa.Column("recurrence", JSONB, nullable=False),
    sa.Column("template", JSONB, nullable=False),  # a CreateActivity
    sa.Column("shift_seconds", sa.BigInteger, nullable=False),
    sa.Column("created_by", JSONB, nullable=False),
    sa.Column("expanded_until", _AT, nullable=False),
    sa.Column("finished", sa.Boolean, nullable=False),
    sa.Column("continues", _ID),  # the series whose rule it changed
    sa.Column("agreed", ARRAY(_ID), nullable=False),  # lent also for nights to come
)

participant = sa.Table(
    "participant",
    metadata,
    sa.Column("activity_id", _ID, primary_key=True),
    sa.Column("position_id", _ID, primary_key=True),
    sa.Column("ordinal", sa.Integer, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("response", sa.Text, nullable=False),
    sa.Column("represented_by", _ID),
    sa.Column("represents", _ID),
    sa.Column("note", sa.Text),
    sa.Column("person_id", _ID),
    sa.Column("key", sa.BigInteger),
    sa.Column("from_letter", sa.Boolean, nullable=False),
    sa.Column("decided_at", _AT),
)

activity_resource = sa.Table(
    "activity_resource",
    metadata,
    sa.Column("activity_id", _ID, primary_key=True),
    sa.Column("resource_id", _ID, primary_key=True),
    sa.Column("ordinal", sa.Integer, nullable=False),
    sa.Column("key", sa.BigInteger),
    sa.Column("approved", sa.Boolean, nullable=False, server_default=sa.true()),
)

resource = sa.Table(
    "resource",
    metadata,
    sa.Column("resource_id", _ID, primary_key=True),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("unit_id", _ID, nullable=False),
    sa.Column("capacity", sa.Integer),
    sa.Column("place", sa.Text),
    sa.Column("active", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("needs_approval", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("bookable_hours", JSONB, nullable=False, server_default="[]"),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
)

bookable = sa.Table(
    "bookable",
    metadata,
    sa.Column("key", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("ref", _ID, nullable=False),
)

booking = sa.Table(
    "booking",
    metadata,
    sa.Column("activity_id", _ID, primary_key=True),
    sa.Column("key", sa.BigInteger, primary_key=True),
    sa.Column("during", TSTZRANGE, nullable=False),
    sa.Column("binds", sa.Boolean, nullable=False),
    sa.Column("standing", sa.Text, nullable=False),
    sa.Column("since", _AT, nullable=False),
    sa.Column("position_id", _ID),
    sa.Column("resource_id", _ID),
)

slot_request = sa.Table(
    "slot_request",
    metadata,
    sa.Column("activity_id", _ID, primary_key=True),
    sa.Column("asked_starts_at", _AT, nullable=False),
    sa.Column("asked_ends_at", _AT),
    sa.Column("expires_at", _AT, nullable=False),
    sa.Column("offered_starts_at", _AT),
    sa.Column("ending", sa.Text),
    sa.Column("answered_by", _JSON),
    sa.Column("answered_at", _AT),
    sa.Column("note", sa.Text),
    sa.Column("closed", sa.Boolean, nullable=False),
)

letter_case = sa.Table(
    "letter_case",
    metadata,
    sa.Column("letter_id", _ID, primary_key=True),
    sa.Column("invitation", _JSON),  # what the activity is filled from
    sa.Column("voided", sa.Boolean, nullable=False),
    sa.Column("restricted", sa.Boolean, nullable=False),  # as of event `sequence`
    sa.Column("sequence", sa.Integer, nullable=False),
)

letter_word = sa.Table(
    "letter_word",
    metadata,
    sa.Column("letter_id", _ID, primary_key=True),
    sa.Column("source", sa.Text, primary_key=True),  # attendance:<pos>, task:<id>
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("position_id", _ID, nullable=False),
    sa.Column("represented_by", _ID),
    sa.Column("giver_position_id", _ID),
    sa.Column("at", _AT, nullable=False),
)

calendar_feed = sa.Table(
    "calendar_feed",
    metadata,
    sa.Column("feed_id", _ID, primary_key=True),
    sa.Column("token_sha256", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("position_id", _ID),
    sa.Column("unit_id", _ID),
    sa.Column("resource_id", _ID),
    sa.Column("created_by_person", _ID, nullable=False),
    sa.Column("created_at", _AT, nullable=False),
)
