"""What each act is refused for, and what it leaves behind; by hand, as in `naive`.

`why_not` collects every reason that applies: the service may name any of them, and has
to do the act when there is none. `done` then writes what has to have happened.
"""

from __future__ import annotations

from collections.abc import Sequence

from tests.integration.letters.naive import AT_WORK, WORK, Sheet, Slip, may_give

ANY = (*WORK, "inform")
# From which states, and for which roles.
MOVES: dict[str, tuple[Sequence[str], Sequence[str]]] = {
    "accept": (("sent", "read"), WORK),
    "dispose": (AT_WORK, ANY),
    "report": (AT_WORK, WORK),
    "acknowledge": (AT_WORK, ("coordinate", "inform")),
    "return": (AT_WORK, ANY),
    "approve": (("reported",), ANY),
    "reject": (("reported",), ANY),
    "withdraw": (("sent",), ANY),
    "cancel": (("read", "in_progress", "reported"), ANY),
    "change_due": ((*AT_WORK, "reported"), WORK),
    "remind": (AT_WORK, ANY),
}
NEEDS_QUIET = ("final", "acknowledge", "return", "approve")
ENDS = {"withdraw": "withdrawn", "cancel": "cancelled", "approve": "approved"}


def why_not(sheet: Sheet, slip: Slip, act: str) -> set[str]:
    """Because of the task's state, whoever asks."""
    if act == "read":
        return set() if slip.open else {"illegal_transition"}
    found: set[str] = set()
    states, roles = MOVES["report" if act == "final" else act]
    if slip.state not in states or slip.role not in roles:
        late = act == "withdraw" and slip.open
        found.add("already_read" if late else "illegal_transition")
    if act in NEEDS_QUIET and sheet.blocked(slip):
        found.add("open_children")
    return found


def why_not_give(slip: Slip, lines: Sequence[tuple[str, str]]) -> set[str]:
    found = {"invalid" for to, _ in lines if to == slip.who}
    if not all(may_give(slip.who, slip.role, to, role) for to, role in lines):
        found.add("outside_authority")
    return found


def tell(
    sheet: Sheet, action: str, slip: Slip | None = None, *, silent: bool = False
) -> None:
    sheet.told.append((action, slip, silent))


def take_up(sheet: Sheet, slip: Slip, *, accept: bool = True) -> None:
    """What begins with a task reads it, and accepts it if it is work."""
    if slip.state == "sent":
        slip.state = "read"
        tell(sheet, "read", slip)
    if accept and slip.state == "read" and slip.role in WORK:
        slip.state = "in_progress"
        tell(sheet, "accepted", slip)


def settle(sheet: Sheet, ended: Slip | None = None) -> None:
    upper = ended.parent if ended else None
    while upper is not None and _done_below(sheet, upper):
        upper.state = "completed"
        tell(sheet, "completed", upper)
        upper = upper.parent
    if sheet.state in ("closed", "void"):
        return
    if not any(slip.blocks for slip in sheet.slips):
        if sheet.state != "completed":
            sheet.state = "completed"
            tell(sheet, "letter_completed")
    elif sheet.acted:
        sheet.state = "under_disposition"


def _done_below(sheet: Sheet, slip: Slip) -> bool:
    return (
        slip.blocks
        and slip.giver is None
        and not sheet.blocked(slip)
        and any(
            one.state == "completed" and one.role != "inform"
            for one in sheet.below(slip)
        )
    )


def give(sheet: Sheet, slip: Slip, lines: Sequence[tuple[str, str]]) -> None:
    take_up(sheet, slip)
    for to, role in lines:
        sheet.slips.append(
            Slip(to, role, giver=slip.who, parent=slip, of_disposition=True)
        )
    sheet.acted = True
    tell(sheet, "disposed", slip)
    settle(sheet)


def report(sheet: Sheet, slip: Slip, *, final: bool) -> None:
    take_up(sheet, slip)
    slip.reported_on = sheet.acted = True
    tell(sheet, "reported", slip)
    if final:
        slip.state = "reported" if slip.giver else "completed"
        if slip.giver is None:
            tell(sheet, "completed", slip)
    settle(sheet, None if slip.open else slip)


def move(sheet: Sheet, slip: Slip, act: str) -> None:
    """The acts of one word."""
    if act == "read":
        take_up(sheet, slip, accept=False)
        return
    if act == "accept":
        take_up(sheet, slip)
        return
    if act == "return":
        _give_back(sheet, slip)
    elif act == "acknowledge":
        take_up(sheet, slip, accept=False)
        slip.state = "completed"
        tell(sheet, "acknowledged", slip)
    elif act == "reject":
        slip.state = "in_progress"
        tell(sheet, "rejected", slip)
    elif act in ("change_due", "remind"):
        tell(sheet, {"change_due": "due_changed", "remind": "reminded"}[act], slip)
        return
    else:
        _end(sheet, slip, act)
    settle(sheet, None if slip.open else slip)


def _end(sheet: Sheet, slip: Slip, act: str) -> None:
    slip.state = "completed" if act == "approve" else ENDS[act]
    tell(sheet, ENDS[act], slip)
    if act == "cancel":
        for one in sheet.all_below(slip):
            if one.open:
                one.state = "cancelled"
                tell(sheet, "cancelled", one)


def _give_back(sheet: Sheet, slip: Slip) -> None:
    take_up(sheet, slip, accept=False)
    slip.state = "returned"
    tell(sheet, "returned", slip)
    if slip.role == "inform":
        return
    back = Slip(slip.giver or sheet.registrar, "handle", parent=slip.parent)
    back.of_disposition = slip.of_disposition
    sheet.slips.append(back)
    sheet.acted = True


def end_all(sheet: Sheet, action: str, state: str) -> None:
    """Closed or void: every open task ends, and the letter's event says it for all."""
    sheet.state = state
    for slip in sheet.slips:
        if slip.open:
            slip.state = "cancelled"
            tell(sheet, "cancelled", slip, silent=True)
    tell(sheet, action)


def leaving(sheet: Sheet, to: Sequence[str]) -> list[Slip]:
    return [
        slip
        for slip in sheet.slips
        if slip.parent is None and slip.role == "handle" and slip.who not in to
    ]


def begun(sheet: Sheet, slip: Slip) -> bool:
    return (
        slip.reported_on
        or slip.state in ("reported", "completed")
        or any(one.open or one.state == "completed" for one in sheet.all_below(slip))
    )


def redirect(sheet: Sheet, to: Sequence[str]) -> None:
    for slip in leaving(sheet, to):
        if slip.open:
            slip.state = "cancelled"
            tell(sheet, "cancelled", slip, silent=True)
    sheet.addressees = list(to)
    for one in to:
        has = any(
            slip.who == one
            and slip.parent is None
            and slip.role == "handle"
            and (slip.open or slip.state == "completed")
            for slip in sheet.slips
        )
        if not has:
            sheet.slips.append(Slip(one, "handle"))
    tell(sheet, "redirected")
    settle(sheet)


def reopen(sheet: Sheet, to: Sequence[str]) -> None:
    sheet.state, sheet.acted = "under_disposition", True
    sheet.slips += [Slip(one, "handle") for one in to]
    tell(sheet, "reopened")
    settle(sheet)
