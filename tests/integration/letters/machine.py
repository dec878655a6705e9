"""Random acts of many offices on tasks, allowed or not, through the service's methods."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any, ClassVar

import hypothesis.strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from contracts.codec import ZONE
from contracts.errors import RakatError
from tests.integration.letters import naive_acts as by_hand
from tests.integration.letters.naive import Chairs, Sheet, Slip
from tests.integration.letters.playing import Stage
from tests.unit.letters import offices

# The last three are somebody's aide, his register's neighbour, and nobody's affair.
PEOPLE = (
    *("bupati", "wabup", "sekda", "asisten.1", "kabag.kesra", "kadis.dinkes"),
    *("kabid.dinkes.1", "tu.setda", "tu.dinkes"),
    *("sespri.sekda", "ajudan.bupati", "staf.hukum"),
)
RECEIVERS = PEOPLE[:8]
REASON = {"reason": "Sebab"}
STEP = timedelta(minutes=17)  # between two acts
HOLDERS: dict[str, list[Any]] = {
    "read": ["read_task"],
    "accept": ["accept_task"],
    "acknowledge": ["acknowledge_task"],
    "report": ["report_task", {"text": "Laporan", "final": False}],
    "final": ["report_task", {"text": "Selesai", "final": True}],
    "return": ["return_task", REASON],
}
GIVERS: dict[str, list[Any]] = {
    "approve": ["approve_task"],
    "reject": ["reject_task", REASON],
    "withdraw": ["withdraw_task"],
    "cancel": ["cancel_task", REASON],
    "change_due": ["change_task_due"],
    "remind": ["remind_task"],
}

numbers = st.integers(0, 9)
# Nobody named: whoever is entitled to do it, so that most acts are done.
people = st.sampled_from([None] * 5 * len(PEOPLE) + [*PEOPLE])
recipients = st.lists(
    st.tuples(
        st.sampled_from(RECEIVERS),
        st.sampled_from(["handle", "handle", "represent", "coordinate", "inform"]),
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda one: one[0],
)


class Acts(RuleBasedStateMachine):
    """`done` counts acts by name that were done in all examples together, `refused`
    those that had to be refused and were. `touched`: the letter of the last act."""

    stage: Stage
    done: ClassVar[Counter[str]] = Counter()
    refused: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[Sheet] = []
        self.chairs = Chairs()
        self.stage.seat(self.chairs)
        self.touched: Sheet | None = None
        self.turn = 0

    # ---- the pattern of every act ---------------------------------------------------

    def attempt(
        self, sheet: Sheet, why_not: set[str], who: str, method: str, *given: Any
    ) -> Any:
        """The answer when it was done; it is refused only for what forbids it."""
        if not self.chairs.sees(who, sheet):
            why_not = {"not_found"}
        answer = self.dare(why_not, who, method, *given)
        self.touched = sheet
        return answer

    def dare(self, why_not: set[str], who: str, method: str, *given: Any) -> Any:
        self.turn += 1
        self.stage.now += STEP
        answer, code = None, ""
        try:
            answer = self.stage.act(who, method, *given)
        except RakatError as refusal:
            code = refusal.code
        expected = why_not or {""}
        assert code in expected, f"{who} {method}: {code!r}, not one of {expected}"
        (Acts.refused if code else Acts.done)[code or method] += 1
        return answer

    def pick(
        self, number: int, fits: Callable[[Sheet, Slip], object]
    ) -> tuple[Sheet, Slip]:
        """Mostly a task on which the act can be done; now and then any."""
        every = [(sheet, slip) for sheet in self.sheets for slip in sheet.slips]
        fitting = [one for one in every if fits(*one)] if number < 9 else []
        some = fitting or every
        return some[-1 - number % len(some)]

    def able(self, *acts: str, given: bool = False) -> bool:
        """Whether one of these acts can be done on some task; at times it is tried
        all the same."""
        return self.turn % 7 == 3 or any(
            (slip.giver or not given) and not by_hand.why_not(sheet, slip, act)
            for act in acts
            for sheet in self.sheets
            for slip in sheet.slips
        )

    def pick_for(self, number: int, act: str) -> tuple[Sheet, Slip]:
        return self.pick(number, lambda it, on: not by_hand.why_not(it, on, act))

    def pick_given(self, number: int, act: str) -> tuple[Sheet, Slip]:
        return self.pick(
            number, lambda it, on: on.giver and not by_hand.why_not(it, on, act)
        )

    def pick_giver(self, number: int, to: list[tuple[str, str]]) -> tuple[Sheet, Slip]:
        return self.pick(
            number,
            lambda it, on: (
                not by_hand.why_not(it, on, "dispose")
                and not all(by_hand.why_not_give(on, [one]) for one in to)
            ),
        )

    def lines(
        self, slip: Slip, to: list[tuple[str, str]], number: int
    ) -> list[tuple[str, str]]:
        """Mostly those of the recipients to whom this office may give."""
        some = [one for one in to if not by_hand.why_not_give(slip, [one])]
        return some if some and number < 9 else to

    # ---- by the holder ---------------------------------------------------------------

    @precondition(lambda self: self.able("dispose"))
    @rule(number=numbers, who=people, to=recipients)
    def passes_on(
        self, number: int, who: str | None, to: list[tuple[str, str]]
    ) -> None:
        sheet, slip = self.pick_giver(number, to)
        to = self.lines(slip, to, number)
        who = who or slip.who
        why = self.chairs.wrong_chair(who, slip.who, sheet)
        why |= by_hand.why_not(sheet, slip, "dispose") | by_hand.why_not_give(slip, to)
        body = disposition(slip, to)
        if self.attempt(sheet, why, who, "issue_disposition", sheet.key, body):
            by_hand.give(sheet, slip, to)

    @rule(number=numbers, who=people, which=st.integers(0, 11))
    def works(self, number: int, who: str | None, which: int) -> None:
        act = pick(self.possible(HOLDERS), which)
        sheet, slip = self.pick_for(number, act)
        who = who or slip.who
        why = self.chairs.wrong_chair(who, slip.who, sheet)
        why |= by_hand.why_not(sheet, slip, act)
        again = act == "read" and slip.state != "sent"
        method, *body = HOLDERS[act]
        if not self.attempt(sheet, why, who, method, slip.key, *body):
            return
        sheet.viewed += again and sheet.rank > 1  # nothing changed, but it was shown
        if act in ("report", "final"):
            by_hand.report(sheet, slip, final=act == "final")
        else:
            by_hand.move(sheet, slip, act)

    @rule(number=numbers, who=people, which=st.integers(0, 11))
    def works_on(self, number: int, who: str | None, which: int) -> None:
        """The same, so that few examples go without."""
        self.works(number, who, which)

    def possible(self, acts: dict[str, Any], *, given: bool = False) -> list[str]:
        return [one for one in acts if self.able(one, given=given)] or list(acts)

    @precondition(lambda self: self.able("acknowledge"))
    @rule(those=st.lists(numbers, min_size=2, max_size=4), who=people)
    def acknowledges_many(self, those: list[int], who: str | None) -> None:
        """One refused does not keep the others from being done."""
        sheet, first = self.pick_for(those[0], "acknowledge")
        who = who or first.who
        slips = {id(on): on for on in (first, *(pick(sheet.slips, n) for n in those))}
        body = {"task_ids": [on.key for on in slips.values()]}
        results = self.attempt_bulk(who, sheet, body)
        expected: dict[str, set[str]] = {}
        for slip in sorted(slips.values(), key=lambda on: on.key):
            why = {"not_found"}
            if self.chairs.sees(who, sheet):
                why = self.chairs.wrong_chair(who, slip.who, sheet)
                why |= by_hand.why_not(sheet, slip, "acknowledge")
            if not why:
                by_hand.move(sheet, slip, "acknowledge")
                Acts.done["acknowledge_tasks"] += 1
            expected[slip.key] = why or {""}
        for one in results:
            assert (one["code"] or "") in expected[one["task_id"]]

    def attempt_bulk(self, who: str, sheet: Sheet, body: Any) -> list[dict[str, Any]]:
        self.turn += 1
        self.stage.now += STEP
        self.touched = sheet
        found = self.stage.act(who, "acknowledge_tasks", body)["results"]
        assert [one["task_id"] for one in found] == body["task_ids"]
        return list(found)

    # ---- by the giver ----------------------------------------------------------------

    @precondition(lambda self: self.able(*GIVERS, given=True))
    @rule(
        number=numbers,
        who=people,
        which=st.integers(0, 11),
        days=st.sampled_from([1, 2, 3, -1]),
    )
    def judges(self, number: int, who: str | None, which: int, days: int) -> None:
        act = pick(self.possible(GIVERS, given=True), which)
        sheet, slip = self.pick_given(number, act)
        who = who or slip.giver or slip.who
        why = {"forbidden"}  # a root has no giver
        if slip.giver:
            why = self.chairs.wrong_chair(who, slip.giver, sheet)
        why |= by_hand.why_not(sheet, slip, act)
        method, *body = GIVERS[act]
        due = (self.stage.now + timedelta(days=days)).replace(microsecond=0)
        if act == "change_due":
            why |= {"invalid"} if days < 0 else set()
            body = [{"due_at": due.isoformat(), **REASON}]
        once = slip.key, self.day_of_the_next()
        if act == "remind" and once in sheet.reminded:
            why.add("already_reminded")
        if self.attempt(sheet, why, who, method, slip.key, *body):
            by_hand.move(sheet, slip, act)
            slip.due = due if act == "change_due" else slip.due
            sheet.reminded |= {once} if act == "remind" else set()

    @precondition(lambda self: self.able(*GIVERS, given=True))
    @rule(number=numbers, who=people, which=st.integers(0, 11))
    def judges_on(self, number: int, who: str | None, which: int) -> None:
        self.judges(number, who, which, 1)

    def day_of_the_next(self) -> str:
        """The day of the next act, in the regency."""
        return (self.stage.now + STEP).astimezone(ZONE).date().isoformat()


def pick(some: list[Any], number: int) -> Any:
    return some[-1 - number % len(some)]


def disposition(slip: Slip, to: list[tuple[str, str]], **more: Any) -> dict[str, Any]:
    lines = [
        {"position_id": office(code), "role": role, "instructions": ["tindaklanjuti"]}
        for code, role in to
    ]
    return {"parent_task_id": slip.key, "recipients": lines, **more}


def office(code: str) -> str:
    return str(offices.position_id(code))
