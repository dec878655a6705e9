"""Full text of files and the pages' text."""

from __future__ import annotations

from services.letters.service_core import Core


class SearchMethods(Core):
    pass
