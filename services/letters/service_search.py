"""Finding: lists and words, the text of pages, letters that look the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from eventlet import tpool

from chassis.config import Config
from chassis.entrypoints import every, rpc
from contracts import codec
from contracts.errors import NotFound
from contracts.letters import LettersQuery
from contracts.letters.search import SimilarQuery
from services.letters import blobs, views_similar
from services.letters.service_core import Core, key_of
from services.letters.use_cases import extracting, searching
from services.letters.views_listing import is_narrowed

TURNS_SECONDS = 10.0  # of reading files; then the timer's next run


class SearchMethods(Core):
    @rpc
    def list_letters(self, query: Any = None) -> Any:
        wanted = codec.load(LettersQuery, query or {})
        read = self._search if is_narrowed(wanted, wanted.q) else self._look
        return read(lambda uow, by: searching.list_letters(uow, by, wanted))

    @rpc
    def list_similar_letters(self, query: Any) -> Any:
        """For the portal: letters the caller may see that look like the one he is
        about to register."""
        wanted = codec.load(SimilarQuery, query)
        return self._query(
            lambda uow, by: views_similar.similar(uow.session, by, wanted)
        )

    @rpc
    def get_page_text(self, letter_id: str, file_id: str, n: str) -> Any:
        letter, file, page = key_of(letter_id), key_of(file_id), _page_number(n)
        return self._query(
            lambda uow, by: extracting.get_page_text(uow, by, letter, file, page)
        )

    @rpc
    def list_page_texts(self, letter_id: str) -> Any:
        """For the portal: the first pages of a letter's files."""
        key = key_of(letter_id)
        return self._query(
            lambda uow, by: {"items": extracting.list_page_texts(uow, by, key)}
        )

    @every(2)
    def read_files(self) -> None:
        """The text of files that were attached, one after the other."""
        url = Config.from_env().blob_url
        if url:
            _extractor(self._opener(), url).work(TURNS_SECONDS)


def _page_number(text: str) -> int:
    """Raises: NotFound for what can be no page."""
    if not (text.isascii() and text.isdigit() and len(text) <= 6 and int(text) > 0):
        raise NotFound
    return int(text)


def _extractor(open_uow: extracting.Opener, url: str) -> extracting.Extractor:
    store = blobs.open_store(url)

    def fetch(sha256: str, path: Path) -> bool:
        return bool(tpool.execute(blobs.copy_blob, store, sha256, path))

    return extracting.Extractor(open_uow, fetch)
