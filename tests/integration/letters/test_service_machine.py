"""Random acts of many offices through the service: after each, everything about the
letter is as a clerk would have written it by hand, whoever asks.

500 acts done, ten times as many with ``RAKAT_TEST_LONG=1``.
"""

from __future__ import annotations

import os
from collections import Counter
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from chassis.database import Database
from contracts.errors import NotFound
from ops import audit
from tests.integration.letters.machine import PEOPLE, Acts, office
from tests.integration.letters.machine_all import AllActs
from tests.integration.letters.naive import Sheet, Slip
from tests.integration.letters.playing import Stage
from tests.integration.letters.test_random_acts import TOLD

LONG = os.environ.get("RAKAT_TEST_LONG") == "1"
DONE = 5000 if LONG else 500
STEPS_EACH = 60
LISTS = ("must_handle", "must_coordinate", "following", "informed")
PUBLISHED = TOLD | {
    "due_changed": "task.due_changed.v1",
    "attendance_decided": "letter.attendance_decided.v1",
    "corrected": "letter.corrected.v1",
    "secrecy_raised": "letter.secrecy_raised.v1",
}
MUST_BE_REFUSED = (
    *("not_found", "position_not_held", "forbidden", "outside_authority"),
    *("illegal_transition", "open_children", "already_disposed", "outside_register"),
    *("invalid", "version_conflict"),
)


class Letters(AllActs):
    def look(self, who: str, sheet: Sheet, method: str, *given: Any) -> Any:
        """A read of a letter `rahasia` or above leaves a line in its trail."""
        found = self.stage.call(who, method, sheet.key, *given)
        sheet.viewed += sheet.rank > 1
        return found

    def reader(self, sheet: Sheet, turn: int) -> str:
        seeing = [one for one in PEOPLE if self.chairs.sees(one, sheet)]
        return seeing[turn % len(seeing)]

    # ---- after every step -----------------------------------------------------------

    @invariant()
    def everything_is_as_written_by_hand(self) -> None:
        sheet, self.touched = self.touched, None
        if sheet is None:
            return
        self.tasks_are_where_the_acts_left_them(sheet)
        self.tracking_equals_a_naive_recomputation(sheet)
        self.every_act_is_in_the_trail_and_told_once(sheet)
        who = PEOPLE[self.turn % len(PEOPLE)]
        self.sees_what_he_may_and_no_more(who, sheet)
        self.finds(who, {"limit": 50})

    def tasks_are_where_the_acts_left_them(self, sheet: Sheet) -> None:
        rows = self.stage.tasks(sheet.key)
        known = {slip.key for slip in sheet.slips}
        new = [row for row in rows if str(row["task_id"]) not in known]
        for slip in sheet.slips:
            if not slip.key:
                row = next(one for one in new if _row_as(slip) == _row(one))
                new.remove(row)
                slip.key, slip.due = str(row["task_id"]), row["due_at"]
        assert not new, "a task nobody gave"
        stored = {str(row["task_id"]): row for row in rows}
        assert len(stored) == len(sheet.slips)
        for slip in sheet.slips:
            row = stored[slip.key]
            assert _row(row) == _row_as(slip)
            assert (row["state"], row["due_at"]) == (slip.state, slip.due)
            assert (row["ended_at"] is None) == slip.open

    def tracking_equals_a_naive_recomputation(self, sheet: Sheet) -> None:
        who = self.reader(sheet, self.turn)
        found = self.look(who, sheet, "get_letter_tracking")
        assert found["state"] == sheet.state
        shown = {
            (name, one["task_id"], one["state"], one["waiting_for"], _at(one["due_at"]))
            for name in LISTS
            for one in found[name]
        }
        expected = {
            (name, slip.key, slip.state, waits and office(waits), slip.due)
            for slip in sheet.slips
            for name, waits in [(sheet.list_of(slip), sheet.waits_for(slip))]
            if name
        }
        assert shown == expected
        sent = sheet.paper_to and office(sheet.paper_to[0])
        paper = found["paper"]
        assert (paper["position_id"], paper["on_the_way_to"]) == (
            office(sheet.paper),
            sent,
        )

    def every_act_is_in_the_trail_and_told_once(self, sheet: Sheet) -> None:
        who = self.reader(sheet, self.turn + 1)
        trail = self.look(who, sheet, "get_letter_audit", {"limit": 1000})
        assert trail["intact"]
        lines = trail["items"]
        assert [one["seq"] for one in lines] == list(range(1, len(lines) + 1))
        views = [one for one in lines if one["action"] == "viewed"]
        assert len(views) == sheet.viewed, "every read of a secret letter, once"
        assert Counter(
            (one["action"], one["task_id"]) for one in lines if one not in views
        ) == Counter((act, slip and slip.key) for act, slip, _ in sheet.told)

        sent = self.stage.sent(sheet.key)
        tasks = [one for one in sent if one["type"].startswith("task.")]
        assert Counter((one["type"], one["data"]["task_id"]) for one in tasks) == (
            Counter(
                (PUBLISHED[act], slip.key)
                for act, slip, silent in sheet.told
                if slip and not silent and PUBLISHED.get(act, "").startswith("task.")
            )
        )
        assert Counter(one["type"] for one in sent) == Counter(
            PUBLISHED[act]
            for act, _, silent in sheet.told
            if act in PUBLISHED and not silent
        )
        actions = {one["seq"]: one["action"] for one in lines}
        order = [one["sequence"] for one in sent]
        assert order == sorted(set(order))
        assert all(PUBLISHED[actions[one["sequence"]]] == one["type"] for one in sent)

    # ---- who sees ---------------------------------------------------------------------

    def sees_what_he_may_and_no_more(self, who: str, sheet: Sheet) -> None:
        may = self.chairs.sees(who, sheet)
        try:
            found = self.look(who, sheet, "get_letter")
        except NotFound:
            assert not may, f"{who} does not see {sheet.secrecy} {sheet.chain}"
        else:
            assert may, f"{who} sees {sheet.secrecy} {sheet.chain}"
            assert (found["secrecy"], found["state"]) == (sheet.secrecy, sheet.state)

    def finds(self, who: str, query: dict[str, Any]) -> None:
        """In a list, or by a word of the subject."""
        page = self.stage.call(who, "list_letters", query)
        mine = {sheet.key for sheet in self.sheets}
        assert {one["letter_id"] for one in page["items"]} & mine == {
            sheet.key for sheet in self.sheets if self.chairs.sees(who, sheet)
        }

    def teardown(self) -> None:
        """Everybody looks at everything, in every way."""
        for who in PEOPLE:
            for sheet in self.sheets:
                self.sees_what_he_may_and_no_more(who, sheet)
            self.finds(who, {"limit": 50})
            self.finds(who, {"q": self.word()})
        for sheet in self.sheets:
            self.tasks_are_where_the_acts_left_them(sheet)
            self.every_act_is_in_the_trail_and_told_once(sheet)


def _row(row: dict[str, Any]) -> tuple[Any, ...]:
    names = ("position_id", "role", "given_by", "parent_task_id")
    return tuple(str(row[name]) if row[name] else None for name in names)


def _row_as(slip: Slip) -> tuple[Any, ...]:
    giver, parent = slip.giver and office(slip.giver), slip.parent and slip.parent.key
    return office(slip.who), slip.role, giver, parent


def _at(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


@pytest.mark.timeout(900 if LONG else 120)
def test_random_acts_leave_what_a_clerk_would_write(database: Database) -> None:
    Letters.stage = Stage(database)
    Acts.done, Acts.refused = Counter(), Counter()
    run_state_machine_as_test(
        Letters,
        settings=settings(
            max_examples=DONE // 20,
            derandomize=True,
            phases=[Phase.generate],  # to shrink one takes longer than `make test` may
            stateful_step_count=STEPS_EACH,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert Acts.done.total() >= DONE, Acts.done
    assert audit.check(database).intact
    assert Acts.refused.keys() >= set(MUST_BE_REFUSED)
