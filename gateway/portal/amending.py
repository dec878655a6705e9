"""An activity as the form that changes it, and the patch of what was changed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from gateway.portal import activities, words
from gateway.portal.activities import Draft

Row = dict[str, Any]
NAMES: Final = {
    "title": "nama",
    "kind": "jenis",
    "starts_at": "waktu mulai",
    "ends_at": "waktu selesai",
    "all_day": "sepanjang hari",
    "organiser_unit_id": "penyelenggara",
    "visibility": "siapa yang melihat",
    "participants": "peserta",
    "resource_ids": "ruang dan kendaraan",
    "place": "tempat",
    "travel_minutes_before": "perjalanan sebelum",
    "travel_minutes_after": "perjalanan sesudah",
    "dress_code": "pakaian",
    "contact": "narahubung",
}


def draft_of(activity: Row) -> Draft:
    """The form as the activity is now."""
    start = words.instant(activity["starts_at"])
    place = activity["place"] or {}
    draft = Draft(
        title=activity["title"],
        kind=activity["kind"],
        day=start.date().isoformat(),
        begins=start.strftime("%H:%M"),
        place=place.get("name") or "",
        online=place.get("online_url") or "",
        region=place.get("region_code") or "",
        visibility=activity["visibility"],
        roles={line["position_id"]: line["role"] for line in activity["participants"]},
        resources=list(activity["resource_ids"]),
        before=_minutes(activity["travel_minutes_before"]),
        after=_minutes(activity["travel_minutes_after"]),
        dress=activity["dress_code"] or "",
        contact=activity["contact"] or "",
        organiser=activity["organiser_unit_id"],
        whole_days=activity["all_day"],
        version=str(activity["version"]),
    )
    _put_end(draft, activity)
    return belong(draft, activity)


def belong(draft: Draft, activity: Row) -> Draft:
    """The draft as a change of this activity."""
    draft.activity_id = activity["activity_id"]
    draft.series = bool(activity["series_id"])
    return draft


def _put_end(draft: Draft, activity: Row) -> None:
    if not activity["ends_at"]:
        return
    end = words.instant(activity["ends_at"])
    if draft.whole_days:
        end -= timedelta(days=1)
    else:
        draft.ends = end.strftime("%H:%M")
    last = end.date().isoformat()
    draft.last = "" if last == draft.day else last


def _minutes(number: int) -> str:
    return str(number) if number else ""


def patch_of(draft: Draft, activity: Row) -> Row:
    """Only what differs: who did not touch the time does not ask everybody again."""
    wanted = activities.facts_of(draft)
    now = activities.facts_of(draft_of(activity))
    patch = {name: value for name, value in wanted.items() if value != now[name]}
    if "starts_at" in patch or "ends_at" in patch:
        patch |= {name: wanted[name] for name in ("starts_at", "ends_at")}
    return patch


def overwritten(patch: Row) -> str:
    """The names of what a patch would change, for who was overtaken."""
    return words.join([NAMES[name] for name in patch])
