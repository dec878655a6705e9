"""Random acts on activities without a database, held against a calendar of half hours.

What the domain says of lines and spans decides on one side; on the other, one cell for
each half hour of each person, as on squared paper. Both must refuse the same acts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from contracts.errors import Conflict
from contracts.schedule import ActivityState, ParticipantRole, Response, Standing
from services.schedule.domain.activity import Activity, Attendee
from services.schedule.domain.lines import Bookable, Line, lines_of, with_standing
from services.schedule.domain.representation import (
    dismiss_representative,
    fall_back,
    send,
)
from services.schedule.domain.transitions import Act
from tests.unit.schedule.naive import holder_key
from tests.unit.schedule.offices import NOW, activity, assignment, at, key, organisation

OFFICES = ("bupati", "wabup", "sekda", "kadis", "camat", "kabid", "vacant")
TERMS = (
    assignment("sekda", "bupati", "plh", at(0, -1).date(), at(0, 4).date()),
    assignment("kadis", "vacant", "plt", at(0, -1).date(), at(0, 4).date()),
    assignment("mertua", "kadis", "plh", at(0).date(), at(0).date()),
)
ORGS = [
    organisation(*(term for bit, term in enumerate(TERMS) if number >> bit & 1))
    for number in range(2 ** len(TERMS))
]
CELL = timedelta(minutes=30)
LIVE = ("proposed", "tentative", "confirmed", "completed")
BINDS = ("confirmed", "completed")

numbers = st.integers(0, 9)
starts = st.integers(16, 24)  # half hours of the day
lengths = st.integers(1, 4)
days = st.integers(0, 1)
groups = st.lists(st.sampled_from(OFFICES), min_size=1, max_size=3, unique=True)
roles = st.sampled_from([ParticipantRole.REQUIRED, ParticipantRole.INVITED])
states = st.sampled_from(["proposed", "tentative", "confirmed", "confirmed"])

Cells = dict[tuple[UUID, int], UUID]
Lines = dict[Bookable, Line]


class Acts(RuleBasedStateMachine):
    """`steps`: acts tried by all examples together."""

    steps = 0

    def __init__(self) -> None:
        super().__init__()
        self.org, self.now, self.turn = ORGS[0], NOW, 0
        self.made: dict[UUID, Activity] = {}
        self.lines: dict[UUID, Lines] = {}
        self.cells: Cells = {}
        self.lost: set[tuple[UUID, UUID]] = set()  # displaced lines, by whose they are

    @initialize(start=starts, number=st.integers(0, len(ORGS) - 1))
    def begin(self, start: int, number: int) -> None:
        self.change_offices(number)
        self.create(
            ["bupati", "kadis"], 0, start, 2, 0, "confirmed", ParticipantRole.REQUIRED
        )

    # ---- acts -----------------------------------------------------------------------

    @rule(
        group=groups,
        day=days,
        start=starts,
        length=lengths,
        travel=st.integers(0, 1),
        state=states,
        role=roles,
        urgent=st.booleans(),
    )
    def create(
        self,
        group: list[str],
        day: int,
        start: int,
        length: int,
        travel: int,
        state: str,
        role: ParticipantRole,
        urgent: bool = False,
    ) -> None:
        self.now += timedelta(minutes=1)
        first = Attendee(key(group[0]), role)
        required = [Attendee(key(x), ParticipantRole.REQUIRED) for x in group[1:]]
        new = activity(
            first,
            *required,
            activity_id=UUID(int=len(self.made) + 1),
            starts_at=at(start / 2, day),
            ends_at=at((start + length) / 2, day),
            travel_before=30 * travel,
            state=ActivityState(state),
            confirmed_at=self.now if state == "confirmed" else None,
            updated_at=self.now,
        )
        self.attempt(new, lambda _: None, urgent=urgent and state == "confirmed")

    @precondition(lambda self: self.made)
    @rule(number=numbers, act=st.sampled_from(["confirm", "confirm", "cancel"]))
    def settle(self, number: int, act: str) -> None:
        self.attempt(self.pick(number), lambda it: it.act(Act(act), self.now))

    @precondition(lambda self: self.made)
    @rule(number=numbers, act=st.sampled_from(["postpone", "complete"]))
    def end(self, number: int, act: str) -> None:
        self.attempt(self.pick(number), lambda it: it.act(Act(act), self.now))

    @precondition(lambda self: self.made)
    @rule(number=numbers, day=days, start=starts, length=lengths)
    def move(self, number: int, day: int, start: int, length: int) -> None:
        def later(it: Activity) -> None:
            it.act(Act.UPDATE, self.now)
            it.starts_at = at(start / 2, day)
            it.ends_at = at((start + length) / 2, day)

        self.attempt(self.pick(number), later)

    @precondition(lambda self: self.made)
    @rule(
        number=numbers,
        line=numbers,
        response=st.sampled_from(
            [Response.ATTENDING, Response.NOT_ATTENDING, Response.REPRESENTED]
        ),
        by=st.sampled_from(OFFICES),
    )
    def respond(self, number: int, line: int, response: Response, by: str) -> None:
        def answer(it: Activity) -> None:
            it.act(Act.RESPOND, self.now)
            own = it.attendees[line % len(it.attendees)]
            dismiss_representative(it, own)
            own.response, own.decided_at = response, self.now
            if response is Response.REPRESENTED and own.position_id != key(by):
                own.represented_by = key(by)
                send(it, own, key(by)).decided_at = self.now
            fall_back(it)

        self.attempt(self.pick(number), answer)

    @rule(number=st.integers(0, len(ORGS) - 1))
    def change_offices(self, number: int) -> None:
        """Lines follow the holders; of two that clash then, the later one gives way."""
        Acts.steps += 1
        self.org = ORGS[number]
        self.cells, self.lines, self.lost = {}, {}, set()
        for each in sorted(self.made.values(), key=lambda it: it.confirmed_at or NOW):
            lines = {line.bookable: line for line in lines_of(each, self.org)}
            wanted = self.wanted(each)
            for bookable, line in lines.items():
                if self.beaten(each.activity_id, {bookable: line}):
                    lines[bookable] = with_standing(line, Standing.DISPLACED)
            for whose in {whose for whose, _ in wanted}:
                own = [cell for cell in wanted if cell[0] == whose]
                if self.cells.keys() & set(own):
                    self.lost.add((each.activity_id, whose))
                else:
                    self.cells |= dict.fromkeys(own, each.activity_id)
            self.lines[each.activity_id] = lines

    # ---- both sides -----------------------------------------------------------------

    def pick(self, number: int) -> Activity:
        made = list(self.made.values())
        return made[-1 - number % len(made)]

    def attempt(
        self, old: Activity, change: Callable[[Activity], None], *, urgent: bool = False
    ) -> None:
        """Refused on both sides, or done on both."""
        Acts.steps += 1
        self.now += timedelta(minutes=1)
        self.turn += 1
        it = replace(old, attendees=[replace(line) for line in old.attendees])
        try:
            change(it)
        except Conflict:
            return
        own = it.activity_id
        lines = {line.bookable: line for line in lines_of(it, self.org)}
        wanted = self.wanted(it)
        beaten = self.beaten(own, lines)
        taken = {
            (self.cells[cell], cell[0])
            for cell in wanted
            if self.cells.get(cell, own) != own
        }
        assert {(other, bookable.ref) for other, bookable in beaten} == taken
        if beaten and not urgent:
            return
        self.displace(beaten)
        self.made[own], self.lines[own] = it, lines
        self.lost = {each for each in self.lost if each[0] != own}
        self.forget(lambda cell: self.cells[cell] == own)
        self.cells |= dict.fromkeys(wanted, own)

    def beaten(self, own: UUID, lines: Lines) -> set[tuple[UUID, Bookable]]:
        """Lines of others under those of ours that bind."""
        return {
            (other, bookable)
            for bookable, line in lines.items()
            if line.binds
            for other, theirs in self.lines.items()
            if other != own
            and bookable in theirs
            and theirs[bookable].binds
            and theirs[bookable].span.overlaps(line.span)
        }

    def displace(self, beaten: Iterable[tuple[UUID, Bookable]]) -> None:
        for other, bookable in beaten:
            line = self.lines[other][bookable]
            self.lines[other][bookable] = with_standing(line, Standing.DISPLACED)
            self.lost.add((other, bookable.ref))
            self.forget(
                lambda cell, other=other, ref=bookable.ref: (
                    cell[0] == ref and self.cells[cell] == other
                )
            )

    def forget(self, gone: Callable[[tuple[UUID, int]], bool]) -> None:
        self.cells = {cell: x for cell, x in self.cells.items() if not gone(cell)}

    def wanted(self, it: Activity) -> list[tuple[UUID, int]]:
        """The half hours of everybody whom the activity binds."""
        if it.state not in BINDS or it.ends_at is None:
            return []
        first = cell_of(it.starts_at) - it.travel_before // 30
        people = {
            holder_key(self.org, line.position_id, it.starts_at)
            for line in it.attendees
            if line.response == "attending"
            or (line.role != "invited" and line.response == "pending")
        }
        return [(one, n) for one in people for n in range(first, cell_of(it.ends_at))]


def cell_of(when: datetime) -> int:
    return (when - at(0)) // CELL
