"""An upload on its way in: to a file of this machine, hashed and counted in passing.

Only when it has been judged does it go to the blob store, so an aborted or refused
upload leaves nothing there; the spool file goes in any case.
"""

from __future__ import annotations

import asyncio
import hashlib
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from contracts.errors import Malformed, TooLarge, Unavailable

UPLOAD_SECONDS = 180


@dataclass(frozen=True)
class Spooled:
    path: Path
    sha256: str
    size_bytes: int


@asynccontextmanager
async def spooled(
    chunks: AsyncIterator[bytes], *, limit: int
) -> AsyncIterator[Spooled]:
    """Receive `chunks`; raises `TooLarge` at the first byte beyond `limit`."""
    with tempfile.NamedTemporaryFile(prefix="rakat-upload-") as file:
        digest, size = hashlib.sha256(), 0
        try:
            async with asyncio.timeout(UPLOAD_SECONDS):
                async for chunk in chunks:
                    size += len(chunk)
                    if size > limit:
                        raise TooLarge(limit=limit)
                    digest.update(chunk)
                    file.write(chunk)
            file.flush()
        except TimeoutError:
            raise Malformed(reason="upload too slow") from None
        except OSError as error:  # a full disk
            raise Unavailable(service="spool", retry_after=30) from error
        yield Spooled(Path(file.name), digest.hexdigest(), size)
