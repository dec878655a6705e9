"""What a list tells of a letter `rahasia` or above: that there is one.

Every read of such a letter is recorded before it is answered. A list is no read, so it
shows no word of it, whoever asks; opening the letter shows all, and is recorded.
"""

from __future__ import annotations

from typing import TypeVar

import msgspec

from contracts.letters import LetterSummary, Secrecy, Sender, Task

SUBJECTS = {
    Secrecy.RAHASIA: "Surat rahasia",
    Secrecy.SANGAT_RAHASIA: "Surat sangat rahasia",
}
SENDER = "Dirahasiakan"

L = TypeVar("L", bound=LetterSummary)


def hides(secrecy: Secrecy) -> bool:
    return secrecy in SUBJECTS


def subject_in_list(secrecy: Secrecy, subject: str) -> str:
    return SUBJECTS.get(secrecy, subject)


def summary_in_list(line: L) -> L:
    if not hides(line.secrecy):
        return line
    return msgspec.structs.replace(
        line,
        subject=SUBJECTS[line.secrecy],
        sender=Sender(name=SENDER),
        classification_code=None,
        masked=True,
    )


def task_in_list(task: Task) -> Task:
    if not hides(task.secrecy):
        return task
    return msgspec.structs.replace(
        task,
        subject=SUBJECTS[task.secrecy],
        sender_name=SENDER,
        note=None,
        disposition_note=None,
        invitation=None,
        masked=True,
    )
