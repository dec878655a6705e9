"""`rakat import letters`: from the old application's tables to a report of every row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from chassis.clock import now
from chassis.config import Config
from chassis.database import Database
from gateway.exports import spreadsheet
from services.directory.unit_of_work import read_organisation
from services.letters.importing import mapping as mappings
from services.letters.importing import source as sources
from services.letters.importing.running import Import, Told

HEADS = ("tabel", "baris", "id lama", "hasil", "isian", "pesan")

Failed = mappings.BadMapping


def take_over(
    where: str,
    mapping_path: Path,
    register: str | None,
    *,
    report: Path | None = None,
    dry_run: bool = False,
    update: bool = False,
) -> Counter[str]:
    """How many rows are ok, skipped, changed, updated, error. Raises: Failed with one line."""
    config = Config.from_env()
    mapping = mappings.load(mapping_path)
    directory = Database.of_service(config, "directory", pool_size=1)
    org = read_organisation(directory)
    directory.close()
    letters = Database.of_service(config, "letters", pool_size=3)
    try:
        how = {"dry_run": dry_run, "update": update}
        job = Import(letters, org, mapping, register, now(), **how)
        with sources.opened(where, mapping) as source, _file(report) as file:
            return count(job.run(source), file)
    finally:
        letters.close()


def count(told: Iterable[Told], file: BinaryIO | None) -> Counter[str]:
    """Rows by what became of them; a row with several warnings counts once."""
    counts: Counter[str] = Counter()
    last: tuple[str, str] | None = None
    for one in told:
        if (one.table, one.place) != last:
            counts[one.status] += 1
            last = (one.table, one.place)
        if file is not None:
            cells = (one.table, one.place, one.external_id, one.status, one.field)
            file.write(spreadsheet.lines([(*cells, one.message)]))
    return counts


@contextmanager
def _file(report: Path | None) -> Iterator[BinaryIO | None]:
    if report is None:
        yield None
        return
    with report.open("wb") as file:
        file.write(spreadsheet.lines([HEADS], first=True))
        yield file
