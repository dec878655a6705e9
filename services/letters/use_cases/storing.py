"""Files: recorded after the gateway stored and judged them; collected when unused."""

from __future__ import annotations

from datetime import timedelta

from contracts.letters import File, RecordFile
from services.letters.caller import Caller
from services.letters.ids import id_at
from services.letters.unit_of_work import LettersUnitOfWork

KEPT_UNATTACHED = timedelta(hours=24)
COLLECTED_AT_ONCE = 200


def record_file(uow: LettersUnitOfWork, caller: Caller, body: RecordFile) -> File:
    file_id = id_at(caller.now)
    facts = {name: getattr(body, name) for name in body.__struct_fields__}
    uow.files.add(
        file_id=file_id,
        uploaded_by=caller.actor.key,
        uploaded_at=caller.now,
        **facts,
    )
    return File(file_id=file_id, **facts)


def collect_files(uow: LettersUnitOfWork) -> list[str]:
    """Forget files nobody attached within a day; the hashes that are free now."""
    return uow.files.collect(uow.clock() - KEPT_UNATTACHED, COLLECTED_AT_ONCE)
