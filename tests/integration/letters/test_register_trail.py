"""Acts on registers are sealed: reservations, patterns of numbers, retention rules."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from chassis.context import CallContext, Idempotency
from chassis.database import Database
from chassis.unit_of_work import run_command
from contracts import codec
from contracts.letters import PutNumberTemplates, ReserveNumber
from contracts.letters.registers import PutRetentionRules
from ops import audit
from services.letters import number_defaults, retention
from services.letters.domain.outgoing_number import today
from services.letters.domain.register_trail import REGENCY
from services.letters.unit_of_work import opener
from services.letters.use_cases import reserving
from tests.integration.letters.desk import Desk
from tests.integration.letters.sending import paper, sign, workshop_in
from tests.integration.letters.test_auditing import digests, forge
from tests.integration.letters.test_races import at_once, crowd, succeeded
from tests.unit.letters import offices

__all__ = ["crowd"]

SETDA = offices.unit_id("setda")
PATTERN = {"kind": None, "signer_position_id": None, "series": "a"}
RULE = {"active_years": 1, "inactive_years": 0, "fate": "review"}
TABLES = (
    "TRUNCATE register_trail, register_trail_head, outgoing_number, number_template,"
    " retention_rule, trail_digest, trail_digest_head"
)


@pytest.fixture(autouse=True)
def _unbroken(database: Database) -> Iterator[None]:
    yield
    forge(database, TABLES)


def body_of_reservation(desk: Desk) -> ReserveNumber:
    day = today(desk.now)
    return ReserveNumber(kind="surat_dinas", dated_on=day, reason="SK belum diketik")


def reserve(desk: Desk) -> Any:
    body = body_of_reservation(desk)
    return desk.do("tu.setda", reserving.reserve_number, SETDA, body)


def patterns(unit_id: UUID | None, *texts: str) -> PutNumberTemplates:
    items = [{**PATTERN, "pattern": one} for one in texts]
    return codec.load(
        PutNumberTemplates, codec.dump({"unit_id": unit_id, "items": items})
    )


def schedule(*codes: str, **more: Any) -> PutRetentionRules:
    rules = [{**RULE, "classification_code": one, **more} for one in codes]
    return codec.load(PutRetentionRules, {"rules": rules})


ACTS = {
    "number_reserved": ("tu.setda", SETDA),
    "number_templates_changed": ("admin", REGENCY),
    "retention_changed": ("admin", REGENCY),
}


def effect_of(desk: Desk, action: str) -> Any:
    if action == "number_reserved":
        body = body_of_reservation(desk)
        return lambda uow, by: reserving.reserve_number(uow, by, SETDA, body)
    if action == "retention_changed":
        return lambda uow, by: retention.put_rules(uow, by, schedule("400"))
    given = patterns(None, "{N}/{Y}")
    return lambda uow, by: reserving.put_templates(uow, by, given)


def lines(desk: Desk, chain_id: UUID) -> list[Any]:
    query = sa.text("SELECT * FROM register_trail WHERE chain_id = :id ORDER BY seq")
    with desk.database.session() as session:
        return list(session.execute(query, {"id": chain_id}))


UNSAID = "UPDATE outgoing_number SET reason = NULL WHERE letter_id IS NOT NULL"


# ---- what is written -----------------------------------------------------------------


@pytest.mark.parametrize("action", ACTS)
def test_an_act_sent_twice_leaves_one_line(desk: Desk, action: str) -> None:
    who, chain_id = ACTS[action]
    caller, effect = desk.caller(who), effect_of(desk, action)
    call = CallContext(
        actor=offices.actor(who, None),
        request_id="0198f000-0000-7000-8000-000000000001",
        idempotency=Idempotency(key=f"one {action}", fingerprint="same"),
    )
    open_uow = opener(desk.database, lambda: desk.now, call)
    done = [
        run_command(open_uow, call, lambda uow: effect(uow, caller))["replayed"]
        for _ in range(2)
    ]
    assert done == [False, True]
    (line,) = lines(desk, chain_id)
    assert (line.seq, line.action, line.at) == (1, action, desk.now)
    assert line.actor["position"]["position_id"] == str(offices.position_id(who))
    assert audit.check(desk.database).intact


def test_a_reservation_is_sealed_with_its_reason(desk: Desk) -> None:
    taken = reserve(desk)
    (line,) = lines(desk, SETDA)
    assert line.detail["number_id"] == str(taken.reservation_id)
    assert line.detail["reason"] == "SK belum diketik"
    assert line.detail["dated_on"] == taken.dated_on.isoformat()


def test_a_change_is_sealed_with_what_went_and_what_came(desk: Desk) -> None:
    for codes in (("400", "500"), ("400", "600")):
        desk.do("admin", retention.put_rules, schedule(*codes))
    unit = patterns(SETDA, "{N}/{Y}")
    desk.do("tu.setda", reserving.put_templates, unit)
    _, second = lines(desk, REGENCY)
    assert [one["classification_code"] for one in second.detail["removed"]] == ["500"]
    assert [one["classification_code"] for one in second.detail["added"]] == ["600"]
    (line,) = lines(desk, SETDA)
    assert [one["pattern"] for one in line.detail["added"]] == ["{N}/{Y}"]
    assert audit.check(desk.database).intact


def test_a_refused_act_leaves_no_line(desk: Desk) -> None:
    with pytest.raises(Exception, match="forbidden"):
        desk.do("tu.setda", retention.put_rules, schedule("400"))
    assert lines(desk, REGENCY) == []


def test_an_operators_files_are_sealed_once(desk: Desk) -> None:
    for _ in range(2):
        with opener(desk.database, lambda: desk.now)() as uow:
            number_defaults.load(uow, desk.org, offices.DEMO)
            retention.load(uow.session, offices.DEMO)
            uow.commit()
    found = [line for line in lines(desk, REGENCY) if line.actor is None]
    assert [line.action for line in found].count("retention_changed") == 1
    assert len(found) == len(lines(desk, REGENCY)) <= 2
    assert audit.check(desk.database).intact


def test_the_migration_seals_what_stands(desk: Desk, database: Database) -> None:
    reserve(desk)
    desk.do("admin", retention.put_rules, schedule("400"))
    desk.do("tu.setda", reserving.put_templates, patterns(SETDA, "{N}/{Y}"))
    forge(database, "TRUNCATE register_trail, register_trail_head")
    assert len(audit.check(database).faults) == 3
    migration = import_module(
        "services.letters.migrations.versions.0010_register_trail"
    )
    with database.engine.begin() as connection:
        migration.seal_what_stands(connection, desk.now)
    assert audit.check(database).intact
    assert len(lines(desk, SETDA)) == 2


def test_a_letter_that_takes_the_number_breaks_nothing(
    desk: Desk, tmp_path: Path
) -> None:
    """It prints it by the signer's own pattern; who reserved it, and why, stays."""
    one, other = reserve(desk), reserve(desk)
    desk.do("tu.setda", reserving.put_templates, patterns(SETDA, "{N}/{S}/{Y}"))
    use = {"reservation_id": one.reservation_id}
    sign(desk, paper(desk).letter_id, workshop_in(tmp_path), **use)
    assert audit.check(desk.database).intact
    forge(desk.database, UNSAID)
    (fault,) = audit.check(desk.database).faults
    assert str(one.reservation_id) in fault
    assert str(other.reservation_id) not in fault


# ---- what a forger cannot hide ---------------------------------------------------------

REGISTER = f"register {SETDA}"
BY_HAND = (
    "INSERT INTO outgoing_number SELECT gen_random_uuid(), register_unit_id, series,"
    " year, seq + 1, pattern, number, kind, dated_on, reason, created_by, created_at,"
    " letter_id FROM outgoing_number"
)
RESERVATION = "reservation {id} is not what line 1 says"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("UPDATE outgoing_number SET reason = 'lain'", f"{REGISTER}: {RESERVATION}"),
        ("UPDATE outgoing_number SET dated_on = dated_on - 1",
         f"{REGISTER}: {RESERVATION}"),
        ("UPDATE outgoing_number SET created_by = '{}'", f"{REGISTER}: {RESERVATION}"),
        ("DELETE FROM outgoing_number", f"{REGISTER}: {RESERVATION}"),
        (BY_HAND, "no line tells of it"),
        ("UPDATE register_trail SET detail = '{}' WHERE action = 'number_reserved'",
         f"{REGISTER}: line 1 does not hold"),
        ("UPDATE register_trail SET actor = NULL WHERE action = 'number_reserved'",
         f"{REGISTER}: line 1 does not hold"),
        ("DELETE FROM register_trail WHERE action = 'number_templates_changed'",
         f"{REGISTER}: line 2 does not hold"),
        ("DELETE FROM register_trail_head", f"{REGISTER}: its head is gone"),
        ("UPDATE number_template SET pattern = 'x{seq}'",
         f"{REGISTER}: patterns of numbers not as line 2"),
        ("DELETE FROM retention_rule",
         "regency: retention schedule not as line 1"),
        ("DELETE FROM register_trail; DELETE FROM register_trail_head",
         f"{REGISTER}: line 2 is not what digest 2026-11-23 has"),
    ],
)  # fmt: skip
def test_what_was_changed_is_named(
    desk: Desk, database: Database, change: str, told: str
) -> None:
    taken = reserve(desk)
    desk.do("tu.setda", reserving.put_templates, patterns(SETDA, "{N}/{Y}"))
    desk.do("admin", retention.put_rules, schedule("400"))
    digests(desk.later(days=1))
    assert audit.check(database).intact

    forge(database, change)

    faults = audit.check(database).faults
    assert any(told.format(id=taken.reservation_id) in one for one in faults), faults


def test_the_digest_of_the_day_holds_the_registers(desk: Desk) -> None:
    reserve(desk)
    desk.do("admin", retention.put_rules, schedule("400"))
    assert len(digests(desk.later(days=1))) == 1
    query = sa.text("SELECT letter_id FROM trail_digest_head WHERE register")
    with desk.database.session() as session:
        assert set(session.scalars(query)) == {SETDA, REGENCY}
    assert audit.check(desk.database).intact


def test_the_database_keeps_sealed_lines(desk: Desk) -> None:
    reserve(desk)
    for statement in (
        "UPDATE register_trail SET at = now()",
        "DELETE FROM register_trail",
    ):
        with desk.database.session() as session, pytest.raises(sa.exc.DBAPIError) as no:
            session.execute(sa.text(statement))
        assert no.value.orig.pgcode == "23001"  # type: ignore[union-attr]


# ---- at once -----------------------------------------------------------------------------


def test_reservations_at_once_are_chained(crowd: Database) -> None:
    desk = Desk(crowd, offices.regency())
    answers = at_once(*[partial(reserve, desk)] * 2)
    answers += at_once(
        *[partial(reserve, desk)] * 4,
        partial(desk.do, "tu.setda", reserving.put_templates, patterns(SETDA, "{N}")),
        partial(desk.do, "admin", retention.put_rules, schedule("400")),
    )
    assert succeeded(answers) == 8
    written = lines(desk, SETDA)
    assert [line.seq for line in written] == list(range(1, 8))
    links = pairwise(written)
    assert all(after.prev_hash == line.hash for line, after in links)
    assert audit.check(crowd).intact


def test_a_check_between_acts_finds_nothing(crowd: Database) -> None:
    """A head read before an act and lines read after it would look like a break."""
    desk = Desk(crowd, offices.regency())
    look = partial(audit.check, crowd)
    for number in range(5):
        put = partial(desk.do, "admin", retention.put_rules, schedule(f"{number}"))
        answers = at_once(*[partial(reserve, desk), look, put, look] * 3)
        found = [one for one in answers if isinstance(one, audit.Findings)]
        assert [one.faults for one in found] == [[]] * 6
