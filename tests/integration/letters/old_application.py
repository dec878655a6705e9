"""The database of an older application, as small offices have it, with its mess."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import sqlalchemy as sa

TABLES = {
    "tbl_surat_masuk": [
        "id_surat",
        "no_agenda",
        "no_surat",
        "asal_surat",
        "isi",
        "kode",
        "indeks",
        "tgl_surat",
        "tgl_diterima",
        "file",
        "keterangan",
        "id_user",
    ],
    "tbl_surat_keluar": [
        "id_surat",
        "no_agenda",
        "tujuan",
        "no_surat",
        "isi",
        "kode",
        "tgl_surat",
        "tgl_catat",
        "file",
        "keterangan",
        "id_user",
    ],
    "tbl_disposisi": [
        "id_disposisi",
        "tujuan",
        "isi_disposisi",
        "sifat",
        "batas_waktu",
        "catatan",
        "id_surat",
        "id_user",
    ],
}
KEYS = {"id_surat", "id_disposisi", "id_user"}


def incoming(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "id_surat": number,
        "no_agenda": f"{number:03}",
        "no_surat": f"005/{number}/UMUM/2019",
        "asal_surat": "Camat Padang Batung",
        "isi": f"Undangan musyawarah {number}",
        "kode": "005",
        "indeks": "Undangan",
        "tgl_surat": "2019-03-01",
        "tgl_diterima": "2019-03-04",
        "file": "",
        "keterangan": "",
        "id_user": 1,
        **changes,
    }


def outgoing(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "id_surat": number,
        "no_agenda": f"{number:03}",
        "tujuan": "Camat Loksado; Camat Simpur",
        "no_surat": f"800/{number}/BKD/2019",
        "isi": f"Balasan {number}",
        "kode": "800",
        "tgl_surat": "2019-04-01",
        "tgl_catat": "2019-04-02",
        "file": None,
        "keterangan": None,
        "id_user": 1,
        **changes,
    }


def disposition(number: int, letter: int, **changes: Any) -> dict[str, Any]:
    return {
        "id_disposisi": number,
        "tujuan": "Kabag Umum",
        "isi_disposisi": "Tindak lanjuti",
        "sifat": "Segera",
        "batas_waktu": "2019-03-10",
        "catatan": "Koordinasi dengan protokol",
        "id_surat": letter,
        "id_user": 1,
        **changes,
    }


def build(
    url: str, rows: dict[str, list[dict[str, Any]]], *, days: Any = sa.Text
) -> None:
    """The old tables with these rows; `days`: the type of their date columns."""
    engine = sa.create_engine(url)
    metadata = sa.MetaData()
    made = {name: _table(name, metadata, days) for name in TABLES}
    metadata.drop_all(engine)
    metadata.create_all(engine)
    with engine.begin() as connection:
        for name, given in rows.items():
            if given:
                connection.execute(sa.insert(made[name]), given)
    engine.dispose()


def _table(name: str, metadata: sa.MetaData, days: Any) -> sa.Table:
    return sa.Table(
        name,
        metadata,
        *(
            sa.Column(
                column,
                sa.Integer if column in KEYS else _type(column, days),
                primary_key=column == TABLES[name][0],
            )
            for column in TABLES[name]
        ),
    )


def _type(column: str, days: Any) -> Any:
    return days if column.startswith("tgl") or column == "batas_waktu" else sa.Text


def write_csv(folder: Path, rows: dict[str, list[dict[str, Any]]], **how: Any) -> None:
    encoding = how.pop("encoding", "utf-8")
    for name, columns in TABLES.items():
        path = folder / f"{name}.csv"
        with path.open("w", encoding=encoding, newline="") as file:
            writer = csv.DictWriter(file, columns, **how)
            writer.writeheader()
            writer.writerows(rows.get(name, []))
