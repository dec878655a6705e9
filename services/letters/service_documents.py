"""What is printed, and the public answer whether a letter is genuine.

Reading is a transaction of its own, and over before anything is typeset or checked.
"""

from __future__ import annotations

import base64
from typing import Any

from chassis.config import Config
from chassis.entrypoints import rpc
from chassis.unit_of_work import repeatable
from contracts import codec
from contracts.errors import TooLarge
from contracts.letters.documents import PrintedDocument, SheetQuery
from services.letters import verifying, views_verify
from services.letters.caller import Caller
from services.letters.documents import disposition_sheet, outgoing
from services.letters.service_core import Core, Effect, key_of
from services.letters.signing import Settings
from services.letters.use_cases import previewing, printing
from services.letters.use_cases.signer_identity import as_its_signer_sees, with_givers

#: Over the bus, so well below what a broker takes in one message (ADR 0087).
MOST_BYTES = 4 * 1024 * 1024


class DocumentMethods(Core):
    @rpc
    def get_disposition_sheet(self, letter_id: str, query: Any = None) -> Any:
        key, wanted = key_of(letter_id), codec.load(SheetQuery, query or {})
        sheets = self._read(
            self._caller(),
            lambda uow, by: printing.disposition_sheets(
                uow, by, key, wanted.disposition_id
            ),
        )
        sheets = with_givers(sheets, self.remote)
        agenda = sheets[0].agenda_number.replace("/", "-")
        return _sent(f"lembar-disposisi-{agenda}.pdf", disposition_sheet.render(sheets))

    @rpc
    def get_letter_preview(self, letter_id: str) -> Any:
        """A draft is set; what is a file already is named by its id."""
        key = key_of(letter_id)
        found = self._read(
            self._caller(), lambda uow, by: previewing.draft_document(uow, by, key)
        )
        if isinstance(found, previewing.Draft):
            document = found.document
            if found.own:
                document = as_its_signer_sees(document, self.remote)
            return _sent("konsep.pdf", outgoing.render(document))
        return codec.dump(PrintedDocument(filename="surat.pdf", file_id=found))

    @rpc
    def verify_letter(self, token: str) -> Any:
        """Public. Raises: NotFound, also for secret letters."""
        issued = self._read(
            self._nobody(), lambda uow, by: views_verify.issued(uow.session, by, token)
        )
        url = Config.from_env().need("blob_url")
        return codec.dump(verifying.verification(issued, url, Settings.from_env()))

    def _read(self, caller: Caller, effect: Effect) -> Any:
        """As `_query`, but what was read stays here."""

        def attempt() -> Any:
            with self._opener()() as uow:
                found = effect(uow, caller)
                uow.commit()
                return found

        return repeatable(attempt)


def _sent(filename: str, pdf: bytes) -> Any:
    if len(pdf) > MOST_BYTES:
        raise TooLarge(limit=MOST_BYTES)
    content = base64.b64encode(pdf).decode()
    return codec.dump(PrintedDocument(filename=filename, content=content))
