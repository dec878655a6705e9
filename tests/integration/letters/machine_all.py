"""Random acts on whole letters, on their paper, and on who holds which office."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
from hypothesis.stateful import initialize, precondition, rule

from tests.integration.letters import naive_acts as by_hand
from tests.integration.letters.desk import letter_body
from tests.integration.letters.machine import (
    PEOPLE,
    REASON,
    Acts,
    disposition,
    numbers,
    office,
    people,
    pick,
    recipients,
)
from tests.integration.letters.naive import (
    AT_WORK,
    SECRECIES,
    Chairs,
    Sheet,
    Slip,
    above,
)

MOST = 4  # letters of one example
HERE = ("bupati", "wabup", "sekda", "asisten.1")
DRAFTED = {"confirm": "confirm_disposition", "discard": "discard_disposition"}

secrecies = st.sampled_from(SECRECIES)
addressed = st.lists(st.sampled_from(HERE), min_size=1, max_size=2, unique=True)
rarely = st.integers(0, 3)


class AllActs(Acts):
    @initialize(secrecy=secrecies, to=addressed)
    def begin(self, secrecy: str, to: list[str]) -> None:
        self.registers("tu.setda", secrecy, to, None)

    @precondition(lambda self: len(self.sheets) < MOST)
    @rule(
        who=st.sampled_from(["tu.setda"] * 4 + ["tu.dinkes", "sekda"]),
        secrecy=secrecies,
        to=addressed,
        copy=st.sampled_from([None, "kabag.kesra", "kadis.dinkes"]),
    )
    def registers(
        self, who: str, secrecy: str, to: list[str], copy: str | None
    ) -> None:
        copies = [copy] if copy else []
        why = set() if who == "tu.setda" else {"outside_register"}
        words = {"subject": f"Perihal {self.word()}", "secrecy": secrecy}
        body = letter_body(**words, addressees=to, copies=copies)
        answer = self.dare(why, who, "register_letter", body)
        if answer:
            sheet = Sheet(answer["letter_id"], secrecy, to, copies)
            sheet.slips = [Slip(one, "handle") for one in to]
            sheet.slips += [Slip(one, "inform") for one in copies]
            by_hand.tell(sheet, "registered")
            self.sheets.append(sheet)
            self.touched = sheet

    def word(self) -> str:
        """By which this example's letters are found; no other example has it."""
        return f"m{id(self):x}x"

    def any_sheet(self, number: int, *states: str) -> Sheet:
        some = [one for one in self.sheets if one.state in states] if number < 9 else []
        found: Sheet = pick(some or self.sheets, number)
        return found

    def any_in(self, *states: str) -> bool:
        return self.turn % 7 == 3 or any(one.state in states for one in self.sheets)

    def registrar_or(self, who: str, some: list[str], sheet: Sheet) -> set[str]:
        chair = self.chairs.chair_among(who, [*some, "tu.setda"], sheet)
        return set() if chair else {"forbidden"}

    # ---- prepared, and confirmed ------------------------------------------------------

    @precondition(lambda self: self.able("dispose"))
    @rule(number=numbers, who=people, to=recipients)
    def prepares(self, number: int, who: str | None, to: list[tuple[str, str]]) -> None:
        sheet, slip = self.pick_giver(number, to)
        to = self.lines(slip, to, number)
        who = who or slip.who
        why = self.chairs.wrong_chair(who, slip.who, sheet, "prepare")
        why |= by_hand.why_not(sheet, slip, "dispose") | by_hand.why_not_give(slip, to)
        body = disposition(slip, to, prepared=True)
        made = self.attempt(sheet, why, who, "issue_disposition", sheet.key, body)
        if made:
            draft = {"slip": slip, "to": to, "by": who, "state": "prepared"}
            sheet.drafts[made["disposition_id"]] = draft
            by_hand.tell(sheet, "prepared", slip)

    @precondition(lambda self: self.waiting())
    @rule(
        number=numbers, who=people, act=st.sampled_from(["confirm"] * 2 + ["discard"])
    )
    def decides_on_a_draft(self, number: int, who: str | None, act: str) -> None:
        every = [(sheet, key) for sheet in self.sheets for key in sheet.drafts]
        sheet, key = pick(self.waiting() or every, number)
        draft, slip = sheet.drafts[key], sheet.drafts[key]["slip"]
        who = who or slip.who
        why = self.why_not_draft(sheet, draft, who, act)
        if self.attempt(sheet, why, who, DRAFTED[act], key):
            if act == "confirm":
                by_hand.give(sheet, slip, draft["to"])
            else:
                by_hand.tell(sheet, "discarded", slip)
            draft["state"] = act

    def waiting(self) -> list[tuple[Sheet, str]]:
        return [
            (sheet, key)
            for sheet in self.sheets
            for key, draft in sheet.drafts.items()
            if draft["state"] == "prepared" or self.turn % 7 == 3
        ]

    def why_not_draft(
        self, sheet: Sheet, draft: dict[str, Any], who: str, act: str
    ) -> set[str]:
        slip: Slip = draft["slip"]
        held = self.chairs.held(who).get(slip.who)
        if held is None or held[1] < sheet.rank:
            return {"not_found"}  # nobody else knows of it
        why = set() if draft["state"] == "prepared" else {"illegal_transition"}
        mine = act == "discard" and draft["by"] == who
        why |= self.chairs.wrong_chair(
            who, slip.who, sheet, "prepare" if mine else "act"
        )
        if act == "confirm":
            why |= by_hand.why_not(sheet, slip, "dispose")
            why |= by_hand.why_not_give(slip, draft["to"])
        return why

    # ---- attendance -------------------------------------------------------------------

    @precondition(lambda self: self.able("final"))
    @rule(
        number=numbers,
        who=people,
        decision=st.sampled_from(["attend", "decline", "represent", "represent"]),
        by=st.sampled_from(PEOPLE[1:6]),
    )
    def answers_an_invitation(
        self, number: int, who: str | None, decision: str, by: str
    ) -> None:
        sheet, slip = self.pick_for(number, "final")
        who, sent = who or slip.who, decision == "represent"
        why, mine = self.invited(sheet, who)
        if mine and number < 9:
            below = [one for one in PEOPLE[1:6] if mine.who in above(one)]
            by = pick(below, number) if below else by
        if self.has_answered(sheet, who) or self.sends_another(sheet, mine, sent, by):
            return  # another answer: test_answering_again.py, test_circle.py
        if mine and sent:
            why |= by_hand.why_not_give(mine, [(by, "represent")])
            if any(
                x.open and x.who == by and x.role == "represent"
                for x in sheet.below(mine)
            ):
                why.add("illegal_transition")
        elif mine:
            why |= by_hand.why_not(sheet, mine, "final")
        body = {"decision": decision, "represented_by": office(by) if sent else None}
        if self.attempt(sheet, why, who, "decide_attendance", sheet.key, body):
            assert mine
            if sent:
                by_hand.give(sheet, mine, [(by, "represent")])
            else:
                by_hand.report(sheet, mine, final=True)
            by_hand.tell(sheet, "attendance_decided", mine)

    def has_answered(self, sheet: Sheet, who: str) -> bool:
        return any(
            slip.who in self.chairs.held(who)
            and slip.state in ("reported", "completed")
            for slip in sheet.slips
            if slip.role in ("handle", "represent")
        )

    def sends_another(
        self, sheet: Sheet, mine: Slip | None, sent: bool, by: str
    ) -> bool:
        """Whoever was sent before is called back by it."""
        below = sheet.below(mine) if mine else []
        return any(
            slip.open and slip.role == "represent" and (not sent or slip.who != by)
            for slip in below
        )

    def invited(self, sheet: Sheet, who: str) -> tuple[set[str], Slip | None]:
        mine = [
            slip
            for chair in self.chairs.held(who)
            if not self.chairs.wrong_chair(who, chair, sheet)
            for slip in sorted(sheet.slips, key=lambda one: one.key)
            if slip.who == chair and slip.role in ("handle", "represent")
        ]
        found = next((one for one in mine if one.state in AT_WORK), None)
        if found:
            return set(), found
        why = {"illegal_transition"} if mine else {"forbidden"}
        return why | self.ended(sheet), None

    def ended(self, sheet: Sheet) -> set[str]:
        over = sheet.state in ("closed", "void")
        return {"illegal_transition"} if over else set()

    # ---- whole letters ----------------------------------------------------------------

    @precondition(lambda self: self.turn % 5 == 4)
    @rule(number=numbers, who=people, force=st.booleans())
    def closes(self, number: int, who: str | None, force: bool) -> None:
        sheet = self.any_sheet(number, "under_disposition", "completed")
        who = who or sheet.addressees[0]
        why = self.registrar_or(who, sheet.addressees, sheet) | self.ended(sheet)
        addressee = self.chairs.chair_among(who, sheet.addressees, sheet)
        others = [
            one
            for one in sheet.slips
            if one.open
            and one.role in ("handle", "represent")
            and not self.chairs.chair_among(who, [one.who], sheet)
        ]
        if others and not (force and addressee):
            why.add("open_tasks")
        body = {"outcome": "noted", "force": force}
        if self.attempt(sheet, why, who, "close_letter", sheet.key, body):
            by_hand.end_all(sheet, "closed", "closed")

    @precondition(lambda self: self.turn % 5 == 0 and self.any_in("registered"))
    @rule(
        number=numbers,
        who=people,
    )
    def voids(self, number: int, who: str | None) -> None:
        sheet = self.any_sheet(number, "registered")
        who = who or "tu.setda"
        why = self.registrar_or(who, [], sheet)
        if sheet.acted or sheet.state != "registered":
            why.add("illegal_transition")
        if self.attempt(sheet, why, who, "void_letter", sheet.key, REASON):
            by_hand.end_all(sheet, "voided", "void")

    @precondition(lambda self: self.any_in("completed", "closed"))
    @rule(number=numbers, who=people)
    def reopens(self, number: int, who: str | None) -> None:
        sheet = self.any_sheet(number, "completed", "closed")
        who = who or sheet.addressees[0]
        why = self.registrar_or(who, sheet.addressees, sheet)
        if sheet.state not in ("completed", "closed"):
            why.add("illegal_transition")
        chair = self.chairs.chair_among(who, sheet.addressees, sheet)
        if self.attempt(sheet, why, who, "reopen_letter", sheet.key, REASON):
            by_hand.reopen(sheet, [chair] if chair else sheet.addressees)

    @precondition(lambda self: self.any_in("registered", "under_disposition"))
    @rule(
        number=numbers,
        who=people,
        to=st.one_of(addressed, addressed, st.just(["sekda", "kadis.dinkes"])),
    )
    def redirects(self, number: int, who: str | None, to: list[str]) -> None:
        sheet = self.any_sheet(number, "registered", "under_disposition")
        who = who or "tu.setda"
        why = self.registrar_or(who, [], sheet)
        if "kadis.dinkes" in to:
            why.add("outside_register")
        if sheet.state not in ("registered", "under_disposition"):
            why.add("illegal_transition")
        if set(to) == set(sheet.addressees):
            why.add("invalid")
        if any(by_hand.begun(sheet, one) for one in by_hand.leaving(sheet, to)):
            why.add("branch_begun")
        body = {"addressees": [office(one) for one in to], **REASON}
        if self.attempt(sheet, why, who, "redirect_letter", sheet.key, body):
            by_hand.redirect(sheet, to)

    @rule(
        number=numbers,
        who=people,
        secrecy=st.one_of(st.none(), secrecies),
        stale=rarely,
    )
    def corrects(
        self, number: int, who: str | None, secrecy: str | None, stale: int
    ) -> None:
        """The subject, or how secret it is; upwards also an addressee, at any time."""
        sheet = self.any_sheet(number, "registered", "under_disposition")
        who = who or "tu.setda"
        up = secrecy is not None and SECRECIES.index(secrecy) > sheet.rank
        why = self.registrar_or(who, sheet.addressees if up else [], sheet)
        why |= {"illegal_transition"} if sheet.state == "void" else set()
        if not up and self.rested_on(sheet):
            why.add("already_disposed")
        if stale == 3:
            why.add("version_conflict")
        subject = f"Perihal {self.word()} {self.turn}"
        body = {"secrecy": secrecy} if secrecy else {"subject": subject}
        seen = 9999 if stale == 3 else None
        if self.attempt(sheet, why, who, "correct_letter", sheet.key, body, seen):
            if up:
                by_hand.tell(sheet, "secrecy_raised")
            elif secrecy != sheet.secrecy:
                by_hand.tell(sheet, "corrected")
            sheet.secrecy = secrecy or sheet.secrecy

    def rested_on(self, sheet: Sheet) -> bool:
        return sheet.state not in ("registered", "under_disposition") or any(
            one.of_disposition or one.reported_on for one in sheet.slips
        )

    # ---- paper, and offices -------------------------------------------------------------

    @rule(
        number=numbers, who=people, to=st.sampled_from(PEOPLE), accepted=st.booleans()
    )
    def hands_the_paper_on(
        self, number: int, who: str | None, to: str, accepted: bool
    ) -> None:
        """Send it if nobody is to sign for it, else sign, or refuse to."""
        sheet: Sheet = pick(self.sheets, number)
        if sheet.paper_to:
            self.signs(sheet, who, accepted)
            return
        if number < 9:
            to = pick(sorted(sheet.visible_to & {*PEOPLE}), number)
        who = who or sheet.paper
        why = self.chairs.wrong_chair(who, sheet.paper, sheet)
        if to == sheet.paper or to not in sheet.visible_to:
            why.add("invalid")
        body = {"to_position_id": office(to)}
        sent = self.attempt(sheet, why, who, "hand_over_paper", sheet.key, body)
        if sent:
            sheet.paper_to = to, sent["handover_id"]
            by_hand.tell(sheet, "handed_over")

    def signs(self, sheet: Sheet, who: str | None, accepted: bool) -> None:
        assert sheet.paper_to
        to, key = sheet.paper_to
        who = who or to
        receives = not self.chairs.wrong_chair(who, to, sheet)
        sends = not self.chairs.wrong_chair(who, sheet.paper, sheet)
        refused = not receives and (accepted or not sends)
        why = {"forbidden"} if refused else set[str]()
        body = {"accepted": accepted}
        if self.attempt(sheet, why, who, "sign_receipt", sheet.key, key, body):
            sheet.paper, sheet.paper_to = to if accepted else sheet.paper, None
            by_hand.tell(sheet, "receipt_signed")

    @precondition(lambda self: self.turn % 5 == 1)
    @rule(plh=st.booleans(), lent=st.booleans())
    def offices_change(self, plh: bool, lent: bool) -> None:
        """An acting official, aides to whom their leaders lend."""
        self.chairs = Chairs(plh=plh, lent=lent)
        self.stage.seat(self.chairs)
        self.turn += 1
