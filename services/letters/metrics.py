"""Metrics only this service has."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

texts_waiting = Gauge("letters_texts_waiting", "Files whose text is still to be read")
texts_read = Counter(
    "letters_texts_read", "Turns of reading a file's text", ["outcome"]
)
pages_read = Counter("letters_pages_read", "Pages whose text was read", ["source"])
