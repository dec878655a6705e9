"""The demo: the regency's organisation and a few days of its work."""

from __future__ import annotations

from chassis.config import Config


def seed(config: Config) -> str:
    return "nothing to seed yet"
