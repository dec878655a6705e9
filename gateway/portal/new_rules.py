"""The form that changes the rule of a series: read, checked, and what it comes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from gateway.portal import forms, recurring, recurring_words, words
from gateway.portal.recurring import FORTNIGHTLY, MONTHLY, WEEKLY, Repeat

Row = dict[str, Any]

EVERY: Final = {
    code: text for code, text in recurring.CHOICES.items() if code != recurring.ONCE
}
SCOPES: Final = {
    "following": ("Tanggal ini dan sesudahnya", "Yang sebelumnya tetap."),
    "all": ("Semua", "Semua yang belum dimulai, juga sebelum tanggal ini."),
}
DAYS: Final = dict(
    zip(("MO", "TU", "WE", "TH", "FR", "SA", "SU"), words.DAYS, strict=True)
)
FIELDS: Final = {
    "/recurrence": "berulang",
    "/recurrence/exdates": "sampai",
    "/scope": "lingkup",
    "/ends_at": "berulang",
}


@dataclass
class NewRule:
    """As typed; `until` empty = without end."""

    repeat: Repeat = field(default_factory=lambda: Repeat(WEEKLY))
    days: list[str] = field(default_factory=list)
    scope: str = "following"

    def problems(self, today: date) -> list[forms.Problem]:
        """What the form itself can tell is wrong."""
        if self.scope not in SCOPES:
            return [_problem("lingkup", "Pilih tanggal mana yang diubah.")]
        if self.repeat.every not in EVERY:
            return [_problem("berulang", "Pilih seberapa sering kegiatan berulang.")]
        if not self.repeat.until:
            return []
        try:
            last = date.fromisoformat(self.repeat.until)
        except ValueError:
            return [_problem("sampai", "Tanggal terakhir ini tidak ada.")]
        if last <= today:
            return [_problem("sampai", "Pengulangan harus berakhir sesudah hari ini.")]
        return []

    def body(self, activity: Row) -> Row:
        """`recurrence` of the patch. The day of the week or month is said, also when
        it is that of the activity: the first date that is meant may be another."""
        day, every = words.day_of(activity["starts_at"]), self.repeat.every
        more = ""
        if every in (WEEKLY, FORTNIGHTLY):
            days = self.days or [list(DAYS)[day.weekday()]]
            more = f";BYDAY={','.join(days)}"
        elif every == MONTHLY and day.day <= recurring.EVERY_MONTH:
            more = f";BYMONTHDAY={day.day}"
        return self.repeat.rule(day, more)


def from_form(fields: Mapping[str, str]) -> NewRule:
    """As posted; what the form does not offer is left out."""
    return NewRule(
        repeat=recurring.from_form(fields),
        days=[code for code in DAYS if code in forms.chosen(fields, "hari")],
        scope=fields.get("lingkup", ""),
    )


def of_activity(activity: Row) -> NewRule:
    """The form as the series is now, as far as the form can say it."""
    parts = recurring_words.parts((activity.get("recurrence") or {}).get("rrule") or "")
    days = [code for code in DAYS if code in parts.get("BYDAY", "").split(",")]
    now = list(DAYS)[words.day_of(activity["starts_at"]).weekday()]
    return NewRule(Repeat(_every(parts), _until(parts)), days or [now])


def _every(parts: Mapping[str, str]) -> str:
    steps = {
        ("DAILY", "1"): recurring.DAILY,
        ("WEEKLY", "2"): FORTNIGHTLY,
        ("MONTHLY", "1"): MONTHLY,
    }
    step = parts.get("FREQ", ""), parts.get("INTERVAL", "1")
    return steps.get(step, WEEKLY)


def _until(parts: Mapping[str, str]) -> str:
    last = recurring_words.last_date(parts["UNTIL"]) if "UNTIL" in parts else None
    return last.isoformat() if last else ""


def comes_to(report: Row, now: datetime) -> list[tuple[str, str]]:
    """What becomes of the dates: how many, and the first of them."""
    dates = report["dates"]
    counted = (
        ("Tetap", report["kept"], dates["kept"]),
        ("Baru", report["occurrences"], dates["made"]),
        ("Dibatalkan", report["called_off"], dates["called_off"]),
        (
            "Dilewati karena bentrok",
            len(report["skipped"]),
            [row["starts_at"] for row in report["skipped"]],
        ),
    )
    return [
        (said, _named(number, days, now)) for said, number, days in counted if number
    ]


def _named(number: int, dates: list[str], now: datetime) -> str:
    shown = dates[: recurring_words.NAMED]
    named = "; ".join(words.day_short(at, now) for at in shown)
    left = number - len(shown)
    more = f"; dan {words.number(left)} lagi" if left else ""
    return f"{words.number(number)} tanggal: {named}{more}"


def said(report: Row) -> str:
    """That it is done, and who learns of it."""
    new, kept, off = (
        words.number(report[name]) for name in ("occurrences", "kept", "called_off")
    )
    return (
        f"Aturan ulang diubah: {kept} tanggal tetap, {new} baru, {off} dibatalkan."
        " Semua peserta diberi tahu."
    )


def other_days(slots: list[Row]) -> str:
    """The weekdays on which all new dates would be free."""
    days = {words.day_of(slot["starts_at"]).weekday(): None for slot in slots}
    if not days:
        return ""
    named = words.join([words.DAYS[day] for day in sorted(days)])
    return f" Semua tanggal baru kosong pada hari {named}."


def _problem(name: str, message: str) -> forms.Problem:
    return {"field": name, "message": message}
