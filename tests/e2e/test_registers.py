"""Registers over HTTP, and the register of an older application taken over whole."""

from __future__ import annotations

import csv
import io
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from ops.stack.settings import ROOT
from tests.e2e.scenes import eventually, new_letter, register

FORMULA = '=HYPERLINK("http://jahat.example";"klik")'
MAPPING = """
system: e2e-lama
register: disdikbud
letters:
  - table: lama
    key: id
    columns: {external_id: id, legacy_number: agenda, number: nomor,
              received_at: tanggal, sender: dari, subject: perihal}
"""


def unit_of(api: Any, code: str) -> str:
    return str(api.get(f"/positions?code={code}", expect=200)["items"][0]["unit_id"])


def rows_of(answer: Any) -> list[dict[str, str]]:
    text = answer.raw.decode("utf-8-sig")
    return [*csv.DictReader(io.StringIO(text), delimiter=";")]


def test_a_register_as_json_csv_and_pdf(user):
    registrar = user("tu.dinkes")
    letters = [
        register(registrar, ["kadis.dinkes"], subject=f"Baris buku {n}")
        for n in range(3)
    ]
    register(registrar, ["kadis.dinkes"], subject=FORMULA)
    path = f"/registers/{letters[0]['register_unit_id']}/{letters[0]['agenda_year']}"

    page = registrar.get(f"{path}?limit=2", expect=200)
    assert [row["subject"] for row in page["items"]] == [FORMULA, "Baris buku 2"]
    following = registrar.get(
        f"{path}?limit=2&cursor={page['next_cursor']}", expect=200
    )
    assert following["items"][0]["subject"] == "Baris buku 1"

    book = registrar.get(path, headers={"Accept": "text/csv"}, expect=200)
    rows = rows_of(book)
    assert [int(row["No."]) for row in rows] == list(range(1, len(rows) + 1))
    assert rows[-1]["Isi ringkas"] == f"'{FORMULA}"
    assert rows[-1]["Diteruskan kepada"] == "Kepala Dinas Kesehatan"

    printed = registrar.get(f"{path}?format=pdf", expect=200)
    assert printed.headers["Content-Type"] == "application/pdf"
    document = pypdfium2.PdfDocument(printed.raw)
    text = document[len(document) - 1].get_textpage().get_text_range()
    assert letters[-1]["agenda_number"] in text

    assert user("kadis.dinkes").get(path, expect=200)["items"]
    for stranger in ("kadis.pupr", "tu.setda", "wabup", "admin"):
        for accept in ("application/json", "text/csv", "application/pdf"):
            user(stranger).get(path, headers={"Accept": accept}, expect=404)


def test_the_shelf_and_retention(user, anyone):
    registrar = user("tu.dinkes")
    letter = register(registrar, ["kadis.dinkes"], classification_code="400.7")
    closing = {"outcome": "noted"}
    user("kadis.dinkes").post(
        f"/letters/{letter['letter_id']}/close", closing, expect=200
    )
    books = registrar.get("/registers", expect=200)["items"]
    assert {book["unit_id"] for book in books} == {letter["register_unit_id"]}

    kept = registrar.get("/retention?stage=active&fate=review", expect=200)["items"]
    row = next(row for row in kept if row["letter_id"] == letter["letter_id"])
    assert row["rule_code"] == "400.7"
    listed = registrar.get("/retention?format=csv", expect=200)
    assert letter["agenda_number"] in [row["Nomor agenda"] for row in rows_of(listed)]
    user("bupati").get("/retention", expect=403)
    anyone.get("/retention", expect=401)

    rules = user("admin").get("/retention-rules", expect=200)["items"]
    put = {"rules": rules}
    assert user("admin").request(
        "PUT", "/retention-rules", json=put, expect=200
    ).body == {"items": rules}
    registrar.request("PUT", "/retention-rules", json=put, expect=403)
    wrong = {"rules": [{**rules[0], "fate": "burn"}]}
    refused = user("admin").request("PUT", "/retention-rules", json=wrong, expect=422)
    assert [each["field"] for each in refused["errors"]] == ["/rules/0/fate"]


def test_sixty_registrations_at_once_leave_no_gap(user):
    registrar = user("tu.pupr")
    first = register(registrar, ["kadis.pupr"])["agenda_seq"]
    bodies = [new_letter(registrar, ["kadis.pupr"], subject=f"n{n}") for n in range(60)]
    local = threading.local()

    def send(body: dict[str, Any]) -> int:
        if not hasattr(local, "api"):
            local.api = type(registrar)(
                registrar.url,
                password="",
                contract=registrar.contract,
                token=registrar.token,
            )
        answer = local.api.post("/letters", body, expect=201)
        return int(answer["agenda_seq"])

    with ThreadPoolExecutor(30) as pool:
        given = list(pool.map(send, bodies))
    assert sorted(given) == list(range(first + 1, first + 61))
    unit = unit_of(registrar, "kadis.pupr")
    year = registrar.get("/registers", expect=200)["items"][0]["year"]
    path = f"/registers/{unit}/{year}?sort=agenda_seq&limit=200"
    book = registrar.get(path, expect=200)["items"]
    assert [row["agenda_seq"] for row in book] == list(range(1, first + 61))


def old_register(path: Path, count: int) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "agenda", "nomor", "tanggal", "dari", "perihal"])
        for n in range(1, count + 1):
            day = f"{n % 28 + 1:02}-{n % 12 + 1:02}-2017"
            writer.writerow([n, f"{n}/L", f"421/{n}", day, "UPT", f"Lama {n}"])


@pytest.mark.timeout(180)
def test_an_import_that_was_killed_goes_on(user, stack, tmp_path):
    """`rakat import letters` beside the running system, killed half-way."""
    old_register(tmp_path / "lama.csv", 4000)
    (tmp_path / "lama.yaml").write_text(MAPPING)
    command = [
        *(sys.executable, "-m", "ops", "import", "letters"),
        *("--from", str(tmp_path / "lama.csv")),
        *("--mapping", str(tmp_path / "lama.yaml")),
        *("--report", str(tmp_path / "hasil.csv")),
    ]
    environ = {**stack.settings.environ, **stack.environ}
    registrar = user("tu.disdikbud")
    unit = unit_of(registrar, "kadis.disdikbud")

    def taken() -> int:
        books = registrar.get("/registers", expect=200)["items"]
        return sum(book["count"] for book in books if book["legacy"])

    def run(*more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*command, *more], cwd=ROOT, env=environ, capture_output=True, text=True,
            check=False,
        )  # fmt: skip

    planned = run("--dry-run")
    assert planned.stdout.startswith("4000 would be taken over"), planned.stderr
    assert taken() == 0
    killed = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL)
    eventually(taken, seconds=60)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    before = taken()
    assert 0 < before < 4000

    done = run()

    assert done.returncode == 0, done.stderr
    assert f"{4000 - before} taken over, {before} there already" in done.stdout
    assert run().stdout.startswith("0 taken over, 4000 there already")
    path = f"/registers/{unit}/2017?legacy=true&format=csv"
    rows = rows_of(registrar.get(path, expect=200))
    assert [int(row["No."]) for row in rows] == list(range(1, 4001))
    assert len({row["Nomor agenda"] for row in rows}) == 4000
