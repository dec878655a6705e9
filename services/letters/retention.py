"""The retention schedule (JRA): rules by classification, as data.

A letter is kept by the rule of its own classification or of the nearest one above.
Rules only tell what is due; nobody deletes a letter, and the database refuses it.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from contracts import codec
from contracts.directory import Duty
from contracts.errors import Forbidden, Invalid
from contracts.letters.registers import (
    PutRetentionRules,
    RetentionRule,
    RetentionRules,
)
from services.letters.caller import Caller
from services.letters.domain import register_trail as trail
from services.letters.orm_registers import retention_rule
from services.letters.repository_registers import add_line
from services.letters.unit_of_work import LettersUnitOfWork

log = structlog.get_logger(__name__)


def load(session: Session, folder: Path) -> None:
    """The schedule of ``retention.csv``, if the folder has one."""
    path = folder / "retention.csv"
    if path.exists():
        with path.open(encoding="utf-8", newline="") as lines:
            found = msgspec.convert(
                [*csv.DictReader(lines)], list[RetentionRule], strict=False
            )
        _replace(session, found, at=datetime.now(UTC), actor=None)


def rules(session: Session) -> RetentionRules:
    query = sa.select(retention_rule).order_by(retention_rule.c.classification_code)
    rows = session.execute(query).mappings()
    named = [{str(name): value for name, value in row.items()} for row in rows]
    return RetentionRules(items=msgspec.convert(named, list[RetentionRule]))


def put_rules(
    uow: LettersUnitOfWork, caller: Caller, body: PutRetentionRules
) -> RetentionRules:
    """The whole schedule anew, by an administrator; what changed is sealed."""
    held = caller.acting()
    position = caller.org.position(held.position_id)
    if position is None or position.duty is not Duty.ADMINISTRATOR:
        raise Forbidden
    _check(body.rules)
    by = codec.dump(caller.ref(held))
    _replace(uow.session, body.rules, at=caller.now, actor=by)
    log.info("retention schedule replaced", rules=len(body.rules))
    return rules(uow.session)


def _check(given: Sequence[RetentionRule]) -> None:
    seen: set[str] = set()
    for place, rule in enumerate(given):
        code = rule.classification_code
        if code in seen:
            field = f"/rules/{place}/classification_code"
            message = "Klasifikasi disebut dua kali"
            raise Invalid(errors=[{"field": field, "message": message}])
        seen.add(code)


def _replace(
    session: Session,
    given: Sequence[RetentionRule],
    *,
    at: datetime,
    actor: dict[str, Any] | None,
) -> None:
    # Two administrators at once: the one after the other, never a mixture.
    session.execute(sa.text("LOCK TABLE retention_rule IN SHARE ROW EXCLUSIVE MODE"))
    before = session.execute(sa.select(retention_rule)).mappings().all()
    session.execute(sa.delete(retention_rule))
    rows = [msgspec.to_builtins(rule) for rule in given]
    if rows:
        session.execute(sa.insert(retention_rule), rows)
    detail = trail.change(map(trail.rule, before), map(trail.rule, rows))
    # A file that an operator loads again without a change is no act.
    if actor is not None or detail["before"] != detail["after"]:
        add_line(
            session,
            trail.REGENCY,
            at=at,
            action=trail.RETENTION,
            actor=actor,
            detail=detail,
        )
