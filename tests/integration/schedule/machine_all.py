"""Random acts on series, and what comes from outside: files, requests, letters, offices."""

from __future__ import annotations

from datetime import date, timedelta

import hypothesis.strategies as st
from hypothesis.stateful import initialize, precondition, rule

from contracts.schedule import ActivityState, Recurrence
from services.schedule.domain.span import day_start, local_date
from services.schedule.rebinding import rebind_lines
from services.schedule.unit_of_work import opener
from services.schedule.use_cases.series_scope import Scope
from tests.integration.schedule.machine import (
    OFFICES,
    Acts,
    groups,
    hours,
    keeper,
    keeper_of,
    numbers,
    offices,
    pick,
    states,
)
from tests.integration.schedule.post import Letter, deliver
from tests.integration.schedule.test_calendar_imports import imported
from tests.unit.schedule.offices import assignment, at, key, organisation, request
from tests.unit.schedule.test_calendar_reading import event

TERMS = (
    assignment("sekda", "bupati", "plh", date(2026, 11, 25), date(2026, 11, 30)),
    assignment("kadis", "vacant", "plt", date(2026, 11, 25), date(2026, 12, 30)),
    assignment("mertua", "kadis", "plh", date(2026, 11, 26), date(2026, 11, 26)),
)
RULES = ("FREQ=DAILY;COUNT=3", "FREQ=WEEKLY;COUNT=3", "FREQ=YEARLY")
CHANGED_RULES = (
    *RULES,
    "FREQ=DAILY;INTERVAL=2;COUNT=3",
    "FREQ=WEEKLY;BYDAY=FR;COUNT=2",
)
STATUS = ("CONFIRMED", "TENTATIVE", "CANCELLED")

rules = st.sampled_from(RULES)
scopes = st.sampled_from(["this", "following", "all"])


class AllActs(Acts):
    """Begins with somebody booked and a series under way."""

    @initialize(hour=hours, rrule=rules)
    def begin(self, hour: int, rrule: str) -> None:
        self.create(["bupati", "sekda"], hour, 0, 1, "confirmed", "required")
        self.create_series(["kadis"], hour, rrule, False, "confirmed", True)

    # ---- series ---------------------------------------------------------------------

    @rule(
        group=groups,
        hour=hours,
        rrule=rules,
        skip=st.booleans(),
        state=states,
        room=st.booleans(),
    )
    def create_series(
        self,
        group: list[str],
        hour: int,
        rrule: str,
        skip: bool,
        state: str,
        room: bool,
    ) -> None:
        wanted = request(
            *group,
            starts=hour,
            ends=hour + 1,
            state=state,
            recurrence=Recurrence(rrule=rrule, on_clash="skip" if skip else "refuse"),
            resource_ids=[key("aula"), self.lent] if room else [],
        )
        self.attempt(lambda: self.desk.create(keeper_of(group), wanted))

    @precondition(lambda self: self.occurrences)
    @rule(number=numbers, scope=scopes, hour=hours)
    def move_series(self, number: int, scope: Scope, hour: int) -> None:
        one = pick(self.occurrences, number)
        starts = day_start(local_date(one.starts_at)) + timedelta(hours=hour)
        fields = {"starts_at": starts, "ends_at": starts + timedelta(hours=1)}
        self.attempt(
            lambda: self.desk.update(
                keeper(one), one.activity_id, scope=scope, **fields
            ),
        )

    @precondition(lambda self: self.occurrences)
    @rule(
        number=numbers,
        scope=scopes,
        rrule=st.sampled_from(CHANGED_RULES),
        skip=st.booleans(),
    )
    def change_rule(self, number: int, scope: Scope, rrule: str, skip: bool) -> None:
        one = pick(self.occurrences, number)
        wanted = Recurrence(rrule=rrule, on_clash="skip" if skip else "refuse")
        self.attempt(
            lambda: self.desk.update(
                keeper(one), one.activity_id, scope=scope, recurrence=wanted
            ),
        )

    @precondition(lambda self: self.occurrences)
    @rule(number=numbers, scope=scopes)
    def cancel_series(self, number: int, scope: Scope) -> None:
        one = pick(self.occurrences, number)
        self.attempt(
            lambda: self.desk.cancel(keeper(one), one.activity_id, scope),
        )

    @precondition(lambda self: self.occurrences)
    @rule(number=numbers, scope=scopes)
    def postpone_series(self, number: int, scope: Scope) -> None:
        one = pick(self.occurrences, number)
        self.attempt(lambda: self.desk.postpone(keeper(one), one.activity_id, scope))

    @rule()
    def extend(self) -> None:
        """A week on, a yearly rule reaches one date more; then the clock is put back."""

        def week_on() -> None:
            now = self.desk.now
            self.desk.now += timedelta(days=7)
            self.desk.extend()
            self.desk.now = now

        self.attempt(week_on)

    # ---- from outside ---------------------------------------------------------------

    @rule(
        office=offices,
        hour=hours,
        day=st.integers(0, 1),
        uid=st.sampled_from("ab"),
        status=st.sampled_from(STATUS),
        daily=st.booleans(),
    )
    def bring_a_calendar(
        self, office: str, hour: int, day: int, uid: str, status: str, daily: bool
    ) -> None:
        zone, date_ = "TZID=Asia/Makassar", 20261126 + day
        lines = [
            f"DTSTART;{zone}:{date_}T{hour:02}0000",
            f"DTEND;{zone}:{date_}T{hour + 1:02}0000",
            f"STATUS:{status}",
            "SUMMARY:Rapat",
            *(["RRULE:FREQ=DAILY;COUNT=2"] if daily else []),
        ]
        part = event(*lines, uid=uid)
        self.attempt(
            lambda: imported(
                self.desk, keeper_of([office]), part, position_id=key(office)
            ),
        )

    @rule(group=groups, hour=hours, day=st.integers(0, 1))
    def ask_for_a_slot(self, group: list[str], hour: int, day: int) -> None:
        wanted = request(*group, starts=hour, ends=hour + 1, day=day, state="proposed")
        self.attempt(lambda: self.desk.create("staf.dinkes", wanted))

    @precondition(lambda self: self.some(ActivityState.PROPOSED))
    @rule(
        number=numbers,
        who=st.sampled_from(["protokol", "tu.kominfo", "staf.dinkes"]),
        answer=st.sampled_from(["accept", "accept", "offer", "refuse"]),
        hour=hours,
    )
    def answer(self, number: int, who: str, answer: str, hour: int) -> None:
        asked = pick(self.some(ActivityState.PROPOSED), number).activity_id
        times = (at(hour), at(hour + 1)) if answer == "offer" else ()
        act = getattr(self.desk, answer)
        self.attempt(lambda: act(who, asked, *times))

    @rule(hour=hours)
    def expire(self, hour: int) -> None:
        """The hour comes for which some asked, or pencilled; then the clock is put
        back."""

        def later() -> None:
            now, self.desk.now = self.desk.now, at(hour)
            self.desk.expire()
            self.desk.lapse()
            self.desk.now = now

        self.attempt(later)

    @rule(hour=hours, asked=offices, again=st.booleans())
    def hear_of_a_letter_taken_back(self, hour: int, asked: str, again: bool) -> None:
        letter = Letter(hour=hour)
        messages = [
            letter.disposition("bupati", asked, minute=1),
            letter.withdrawal("bupati", asked, minute=2),
        ]
        if again:
            messages.append(letter.disposition("bupati", "sekda", minute=3))
        self.attempt(lambda: deliver(self.desk, *messages))

    @rule(hour=hours, office=st.sampled_from(OFFICES), asked=offices)
    def hear_of_a_letter(self, hour: int, office: str, asked: str) -> None:
        if office == "vacant":
            return
        letter = Letter(hour=hour)
        messages = [letter.attendance(office, "attend", minute=1)]
        if asked != office:
            messages.append(letter.disposition("bupati", asked, minute=2))
        self.attempt(lambda: deliver(self.desk, *messages))

    @rule(terms=st.sets(st.sampled_from(range(len(TERMS)))))
    def change_offices(self, terms: set[int]) -> None:
        self.desk.org = organisation(*(TERMS[index] for index in sorted(terms)))
        self.attempt(
            lambda: rebind_lines(
                opener(self.desk.database, lambda: self.desk.now),
                self.desk.org,
                self.desk.now,
            ),
        )
