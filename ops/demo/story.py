"""What happened in the regency these days, as read from `deploy/demo/*.yaml`.

Days and hours are relative (see `moments.py`); `seeding.py` plays the story.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec

FACTS = Path(__file__).resolve().parents[2] / "deploy" / "demo"

When = tuple[int, int, int]
"""Working days ago (of an activity: ahead), hour, minute."""


class Recipient(msgspec.Struct, forbid_unknown_fields=True):
    office: str
    role: str
    instructions: list[str] = []


class Act(msgspec.Struct, forbid_unknown_fields=True):
    """One act by an office; `task_of` says whose task a giver approves."""

    by: str
    verb: Literal[
        "dispose", "read", "accept", "report", "approve", "acknowledge", "attend"
    ]
    when: When
    note: str | None = None
    to: list[Recipient] = []
    final: bool = False
    task_of: str | None = None


class Invitation(msgspec.Struct, forbid_unknown_fields=True):
    """`minutes` absent = until finished."""

    day: int
    hour: int
    minute: int
    place: str
    minutes: int | None = None
    dress: str | None = None


class Sender(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    address: str
    over: str | None = None
    town: str = "Kandangan"
    signer: str = "Kepala"


class DemoLetter(msgspec.Struct, forbid_unknown_fields=True):
    """One incoming letter as a registrar enters it, with the text of its page."""

    registrar: str
    when: When
    kind: str
    subject: str
    urgency: str
    secrecy: str
    sender: Sender
    to: list[str]
    paragraphs: list[str]
    closing: str = (
        "Demikian disampaikan, atas perhatian dan kerja samanya diucapkan terima kasih."
    )
    number: str | None = None
    copies: list[str] = []
    classification: str | None = None
    invitation: Invitation | None = None
    acts: list[Act] = []


class DemoActivity(msgspec.Struct, forbid_unknown_fields=True):
    """One entry of the schedule, by an office that keeps the time of all who bind."""

    by: str
    title: str
    kind: str
    start: When
    minutes: int
    state: Literal["proposed", "tentative", "confirmed"]
    unit: str
    place: str | None = None
    host: list[str] = []
    required: list[str] = []
    invited: list[str] = []
    resources: list[str] = []
    visibility: str = "internal"
    override: str | None = None


def letters() -> list[DemoLetter]:
    return msgspec.yaml.decode(
        (FACTS / "letters.yaml").read_bytes(), type=list[DemoLetter]
    )


def activities() -> list[DemoActivity]:
    return msgspec.yaml.decode(
        (FACTS / "activities.yaml").read_bytes(), type=list[DemoActivity]
    )
