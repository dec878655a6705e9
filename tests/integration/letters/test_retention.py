"""How long letters are kept: rules by prefix, stages by the calendar, never a delete."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from chassis.database import Database
from contracts import codec
from contracts.errors import Forbidden, Invalid, NotFound
from contracts.letters import CloseLetter, LetterState, Outcome
from contracts.letters.registers import PutRetentionRules, RetentionQuery, RetentionRow
from services.letters import retention, views_retention
from services.letters.use_cases import closing
from tests.integration.letters.desk import Desk
from tests.unit.letters import offices

KOMINFO = offices.unit_id("kominfo")


@pytest.fixture(scope="module", autouse=True)
def schedule(database: Database) -> None:
    with database.session() as session:
        retention.load(session, offices.DEMO)
        session.commit()


def ended(desk: Desk, code: str | None, **changes: Any) -> Any:
    """A letter of the agency for communication, closed where the desk stands."""
    letter = desk.register(
        "tu.kominfo",
        addressees=["kadis.kominfo"],
        classification_code=code,
        **changes,
    )
    body = CloseLetter(outcome=Outcome.NOTED)
    return desk.do("kadis.kominfo", closing.close_letter, letter.letter_id, body)


def rows(desk: Desk, who: str = "tu.kominfo", **asked: Any) -> list[RetentionRow]:
    query = codec.load(RetentionQuery, {"limit": 200, **asked})
    found: list[RetentionRow] = desk.look(who, views_retention.listed, query).items
    return found


def one(desk: Desk, letter: Any, **asked: Any) -> RetentionRow | None:
    return next(
        (r for r in rows(desk, **asked) if r.letter_id == letter.letter_id), None
    )


def test_a_rule_holds_for_the_codes_below_it(desk: Desk) -> None:
    own, above = ended(desk, "400.14"), ended(desk, "000.1.2.3")
    kept = one(desk, own)
    assert kept is not None
    assert (kept.rule_code, kept.fate, kept.stage) == ("400.14", "destroy", "active")
    assert str(kept.active_until) == "2027-11-23"
    assert str(kept.inactive_until) == "2029-11-23"
    inherited = one(desk, above)
    assert inherited is not None
    assert (inherited.rule_code, str(inherited.active_until)) == (
        "000.1.2",
        "2028-11-23",
    )


@pytest.mark.parametrize(
    ("days", "stage"),
    [(364, "active"), (365, "inactive"), (3 * 365, "inactive"), (3 * 365 + 1, "due")],
)
def test_stages_follow_the_calendar(desk: Desk, days: int, stage: str) -> None:
    letter = ended(desk, "400.14")
    row = one(desk.later(days=days), letter, stage=stage)
    assert row is not None
    assert row.stage == stage
    others = {"active", "inactive", "due", "unscheduled"} - {stage}
    assert not any(one(desk.later(days=days), letter, stage=each) for each in others)


def test_filters(desk: Desk) -> None:
    goes, stays = ended(desk, "400.14"), ended(desk, "100")
    assert one(desk, goes, fate="destroy") is not None
    assert one(desk, stays, fate="destroy") is None
    assert one(desk, goes, before="2029-11-24", unit_id=str(KOMINFO)) is not None
    assert one(desk, goes, before="2029-11-23") is None


def test_without_a_classification_there_is_no_schedule(desk: Desk) -> None:
    row = one(desk, ended(desk, None), stage="unscheduled")
    assert row is not None
    assert (row.fate, row.active_until, row.rule_code) == (None, None, None)


def test_what_has_not_ended_is_not_listed(desk: Desk) -> None:
    letter = desk.register("tu.kominfo", addressees=["kadis.kominfo"])
    assert one(desk, letter) is None


def test_what_completes_by_itself_counts_from_then(
    desk: Desk, database: Database
) -> None:
    from contracts.letters import ReportTask
    from services.letters.use_cases import working

    letter = desk.register("tu.kominfo", addressees=["kadis.kominfo"])
    task_id = desk.task_of(letter.letter_id, "kadis.kominfo")
    later = desk.later(days=3)
    report = ReportTask(text="Beres", final=True)
    later.do("kadis.kominfo", working.report_task, task_id, report)
    row = one(later, letter)
    assert row is not None
    assert (row.state, row.ended_at) == (LetterState.COMPLETED, later.now)


def test_a_secret_letter_is_listed_without_its_subject(desk: Desk) -> None:
    row = one(desk, ended(desk, "100", secrecy="rahasia", subject="Rahasia sekali"))
    assert row is not None
    assert (row.masked, row.subject) == (True, None)


def test_only_registrars_of_the_register_read_it(desk: Desk) -> None:
    letter = ended(desk, "400.14")
    assert one(desk, letter) is not None
    assert not [r for r in rows(desk, "tu.setda") if r.letter_id == letter.letter_id]
    with pytest.raises(NotFound):
        rows(desk, "tu.setda", unit_id=str(KOMINFO))
    for who in ("kadis.kominfo", "bupati", "admin"):
        with pytest.raises(Forbidden):
            rows(desk, who)


def test_pages(desk: Desk) -> None:
    many = desk.later(days=30)
    wanted = [ended(many, "400.14").letter_id for _ in range(5)]
    found, cursor = [], None
    while True:
        query = codec.load(RetentionQuery, {"limit": 2, "cursor": cursor})
        page = many.look("tu.kominfo", views_retention.listed, query)
        found += [row.letter_id for row in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert len(found) == len(set(found))
    assert found[-5:] == sorted(wanted)


def test_an_administrator_replaces_the_schedule(desk: Desk) -> None:
    def put(who: str, *rules: dict[str, Any]) -> Any:
        body = codec.load(PutRetentionRules, {"rules": [*rules]})
        return desk.do(who, retention.put_rules, body)

    rule = {"active_years": 1, "inactive_years": 0, "fate": "review"}
    letter = ended(desk, "400.14")
    before = desk.look("admin", lambda session, _: retention.rules(session))
    with pytest.raises(Forbidden):
        put("tu.kominfo", {"classification_code": "400", **rule})
    with pytest.raises(Invalid) as twice:
        put("admin", *[{"classification_code": "400", **rule}] * 2)
    assert twice.value.errors[0]["field"] == "/rules/1/classification_code"
    put("admin", {"classification_code": "400", **rule})
    row = one(desk, letter)
    assert row is not None
    assert (row.rule_code, row.fate) == ("400", "review")
    put("admin", *[codec.dump(each) for each in before.items])
    row = one(desk, letter)
    assert row is not None
    assert row.rule_code == "400.14"


def test_no_code_path_can_delete_a_letter(desk: Desk, database: Database) -> None:
    letter = ended(desk, "400.14")
    desk.later(days=40 * 365).look(
        "tu.kominfo", views_retention.listed, RetentionQuery(stage=None)
    )
    for statement in (
        "DELETE FROM letter WHERE letter_id = :id",
        "DELETE FROM letter WHERE ended_at IS NOT NULL AND letter_id = :id",
    ):
        with database.session() as session, pytest.raises(sa.exc.DBAPIError) as refused:
            session.execute(sa.text(statement), {"id": letter.letter_id})
        assert refused.value.orig.pgcode == "23001"  # restrict_violation
    assert one(desk, letter) is not None
