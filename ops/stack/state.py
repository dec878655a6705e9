"""The state folder: made, checked, locked, and the secrets of the embedded stores.

One stack per folder: a lock file held for the life of the supervisor says whether one
runs. Nothing of a stack lives outside it.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ops.stack.faults import StackError
from ops.stack.settings import Settings

MINIMUM_FREE_BYTES = 300 * 1024 * 1024

# Letters lie in `blobs`: other users of the machine look into none of these. `run`
# may be walked through, because PostgreSQL's user takes its first password from there.
_FOLDERS = {"logs": 0o700, "run": 0o711, "blobs": 0o700, "secrets": 0o700}


def prepare(settings: Settings) -> None:
    """Raises: StackError when the folder cannot hold a stack."""
    try:
        settings.state.mkdir(parents=True, exist_ok=True)
        for name, mode in _FOLDERS.items():
            (settings.state / name).mkdir(exist_ok=True)
            (settings.state / name).chmod(mode)
        _try_to_write(settings.run / "written")
    except OSError as error:
        raise StackError(
            f"the state folder {settings.state} cannot be used ({error.strerror}); "
            "repair it or set RAKAT_STATE_DIR"
        ) from error
    free = shutil.disk_usage(settings.state).free
    if free < MINIMUM_FREE_BYTES:
        raise StackError(
            f"the disk of {settings.state} is full: {free // 2**20} MB free, "
            f"{MINIMUM_FREE_BYTES // 2**20} MB are needed"
        )


def _try_to_write(path: Path) -> None:
    """Permission bits say little to root; only writing shows a read-only disk."""
    path.write_bytes(b"\0" * 4096)
    path.unlink()


@contextmanager
def lock(settings: Settings) -> Iterator[int]:
    """Takes the folder; the supervisor, given the descriptor, goes on holding it.

    Raises: StackError when a stack already runs in this folder.
    """
    descriptor = os.open(settings.run / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield descriptor
    except BlockingIOError:
        raise StackError(
            f"a stack already runs in {settings.state} (make status, make stop)"
        ) from None
    finally:
        os.close(descriptor)


def is_running(settings: Settings) -> bool:
    if not (settings.run / "lock").exists():
        return False
    try:
        with lock(settings):
            return False
    except StackError:
        return True


def secret(settings: Settings, name: str, *, size: int = 16) -> str:
    """A random password that is made once and kept in the folder."""
    return secret_file(settings, name, size=size).read_text().strip()


def secret_file(settings: Settings, name: str, *, size: int = 16) -> Path:
    """Where it lies: `size` random bytes in hexadecimal digits."""
    path = settings.state / "secrets" / name
    if not path.exists():
        draft = path.with_suffix(".new")
        write_private(draft, secrets.token_hex(size))
        draft.replace(path)
    return path


def write_private(path: Path, text: str) -> None:
    """A file with a password in it: closed to others before anything stands in it."""
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(text)
