"""Random acts on one draft against a naive book: an initial never survives a change."""

from __future__ import annotations

import os

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from contracts.errors import Conflict
from contracts.letters import LetterState
from services.letters.domain import closing, outgoing_review
from tests.unit.letters.drafts import BY, boxes, draft, part, position
from tests.unit.letters.offices import NOW

COORDINATORS = ("kadis.pupr", "kadis.dinkes")
LEVELS = ("kabag.kesra", "asisten.1")
ROWS = st.tuples(
    st.lists(st.sampled_from(COORDINATORS), unique=True),
    st.lists(st.sampled_from(LEVELS), unique=True),
)
OFFICES = st.sampled_from((*COORDINATORS, *LEVELS, "sekda", "bupati"))
LONG = bool(os.environ.get("RAKAT_TEST_LONG"))


class Review(RuleBasedStateMachine):
    """The book: the text as it stands, and which text each office initialled."""

    @initialize(rows=ROWS)
    def begin(self, rows: tuple[list[str], list[str]]) -> None:
        self.coordinators, self.levels = rows
        self.letter = draft(
            coordinators=tuple(self.coordinators), levels=tuple(self.levels)
        )
        self.text = 0
        self.initialled: dict[str, int] = {}

    @property
    def due(self) -> list[str]:
        """Whose initial on the present text is wanted next, by the rule in words."""

        def lacking(codes: list[str]) -> list[str]:
            return [one for one in codes if self.initialled.get(one) != self.text]

        return lacking(self.coordinators) or lacking(self.levels)[:1]

    @rule()
    def submit(self) -> None:
        self._try(LetterState.DRAFT, lambda: outgoing_review.submit(self.letter, NOW))

    @rule()
    def recall(self) -> None:
        state = LetterState.IN_REVIEW
        self._try(state, lambda: outgoing_review.recall(self.letter, NOW))

    @rule(rows=st.one_of(st.none(), ROWS))
    def revise(self, rows: tuple[list[str], list[str]] | None) -> None:
        def change() -> None:
            outgoing_review.revise(self.letter, NOW, ["subject"])
            self.text += 1
            if rows is not None:
                self.coordinators, self.levels = rows
                fresh = boxes(tuple(self.coordinators), tuple(self.levels))
                part(self.letter).initials = fresh

        self._try(LetterState.DRAFT, change)

    @rule(who=OFFICES)
    def approve(self, who: str) -> None:
        may = self.letter.state is LetterState.IN_REVIEW and who in self.due
        done = self._done(outgoing_review.approve, who)
        assert done == may
        if done:
            self.initialled[who] = self.text

    @rule(who=OFFICES)
    def send_back(self, who: str) -> None:
        reviewing = self.letter.state is LetterState.IN_REVIEW
        turn = self.due or ["sekda"]
        assert self._done(outgoing_review.send_back, who) == (reviewing and who in turn)

    @rule()
    def sign(self) -> None:
        ready = self.letter.state is LetterState.IN_REVIEW and not self.due
        try:
            outgoing_review.require_ready(self.letter, NOW)
        except Conflict:
            assert not ready
        else:
            assert ready

    @rule()
    def void(self) -> None:
        if len(self.letter.records) > 12:
            closing.void(self.letter, NOW, reason="x") if self._alive() else None

    @invariant()
    def every_initial_is_for_the_text_as_it_stands(self) -> None:
        for box in part(self.letter).initials:
            if box.state == "approved":
                assert box.revision == part(self.letter).revision == self.text + 1

    @invariant()
    def who_is_asked_is_who_is_due(self) -> None:
        asked = [
            one.position_id
            for one in part(self.letter).initials
            if one.state == "asked"
        ]
        reviewing = self.letter.state is LetterState.IN_REVIEW
        expected = [position(code) for code in self.due] if reviewing else []
        assert sorted(asked) == sorted(expected)
        waits_for_signer = reviewing and not self.due
        assert (part(self.letter).step == "sign") == waits_for_signer

    def _alive(self) -> bool:
        return self.letter.state in (LetterState.DRAFT, LetterState.IN_REVIEW)

    def _try(self, state: LetterState, act: object) -> None:
        allowed = self.letter.state is state
        try:
            act()  # type: ignore[operator]
        except Conflict:
            assert not allowed
        else:
            assert allowed

    def _done(self, act: object, who: str) -> bool:
        try:
            act(self.letter, position(who), NOW, by=BY, note=None)  # type: ignore[operator]
        except Conflict:
            return False
        return True


Review.TestCase.settings = settings(
    max_examples=2000 if LONG else 200, stateful_step_count=40, deadline=None
)
TestReview = Review.TestCase
