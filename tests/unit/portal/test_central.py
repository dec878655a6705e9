"""Retention schedule and patterns of numbers for the whole regency, by an administrator."""

from __future__ import annotations

import pytest

from contracts.errors import Invalid
from gateway.portal import retention_rules
from tests.unit.gateway.fakes import FakeBus, done
from tests.unit.portal.desk import page, uid
from tests.unit.portal.test_officials import sit

RULES, PATTERNS = "/retensi/aturan", "/nomor/kabupaten"
RULE = {
    "classification_code": "000.8",
    "active_years": 2,
    "inactive_years": 3,
    "fate": "destroy",
}
ROW = {"kode": "000.8 Organisasi", "aktif": "2", "inaktif": "3", "nasib": "review"}
PATTERN = {"kind": None, "series": "surat", "signer_position_id": None}


@pytest.fixture
def bus() -> FakeBus:
    made = sit(FakeBus(), "administrator")
    made.answers["letters.get_retention_rules"] = lambda _: {"items": [RULE]}
    made.answers["letters.put_retention_rules"] = done({"items": []})
    made.answers["letters.list_number_templates"] = page(
        {**PATTERN, "unit_id": None, "pattern": "{KS}/{N}/{Y}"},
        {**PATTERN, "unit_id": uid("setda"), "pattern": "{N}/{S}/{Y}"},
    )
    made.answers["letters.put_number_templates"] = done({"items": []})
    return made


@pytest.mark.parametrize("path", [RULES, PATTERNS])
async def test_only_an_administrator_sets_them(portal, bus, path):
    sit(bus, "registrar")
    answer, _ = await portal(path)
    assert answer.status == 403
    answer, _ = await portal(path, {"aksi": "simpan"})
    assert answer.status == 403
    assert not bus.of("put_retention_rules") + bus.of("put_number_templates")


async def test_an_administrator_is_led_there(portal):
    _, text = await portal("/lainnya")
    assert f'href="{RULES}"' in text
    assert f'href="{PATTERNS}"' in text


async def test_the_schedule_is_shown_with_the_names_of_its_codes(portal):
    answer, text = await portal(RULES)
    assert answer.status == 200
    assert 'value="000.8"' in text
    assert "Organisasi</p>" in text
    assert '<option value="destroy" selected>' in text


async def test_the_whole_schedule_is_saved(portal, bus):
    answer, _ = await portal(RULES, {**ROW, "aksi": "simpan"})
    assert answer.status == 303
    assert bus.of("put_retention_rules")[0].kwargs["body"] == {
        "rules": [{**RULE, "fate": "review"}]
    }


async def test_a_rule_is_added_and_taken_away_before_anything_is_saved(portal, bus):
    _, text = await portal(RULES, {**ROW, "aksi": "tambah"})
    assert text.count('name="kode"') == 2
    assert 'value="000.8 Organisasi"' in text
    _, text = await portal(RULES, {**ROW, "aksi": "hapus:0"})
    assert "Belum ada aturan" in text
    assert not bus.of("put_retention_rules")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kode": ""}, "kode-0"),
        ({"aktif": "dua"}, "aktif-0"),
        ({"aktif": "-1"}, "aktif-0"),
        ({"inaktif": ""}, "inaktif-0"),
        ({"inaktif": "101"}, "inaktif-0"),
    ],
)
async def test_what_is_wrong_is_said_at_its_field(portal, bus, wrong, field):
    answer, text = await portal(RULES, {**ROW, **wrong, "aksi": "simpan"})
    assert answer.status == 422
    assert f'href="#{field}"' in text
    assert not bus.of("put_retention_rules")


async def test_a_code_named_twice_is_said_by_the_service_at_its_field(portal, bus):
    def refuse(_call):
        field = "/rules/0/classification_code"
        raise Invalid(errors=[{"field": field, "message": "Disebut dua kali"}])

    bus.answers["letters.put_retention_rules"] = refuse
    answer, text = await portal(RULES, {**ROW, "aksi": "simpan"})
    assert answer.status == 422
    assert 'href="#kode-0">Disebut dua kali' in text


def test_the_schedule_stands_in_order_of_its_codes():
    rules = [{**RULE, "classification_code": code} for code in ("400", "000.8")]
    rows = retention_rules.from_rules(rules)
    assert [row["kode"] for row in rows] == ["000.8", "400"]


async def test_only_patterns_of_the_regency_are_shown_and_saved(portal, bus):
    _, text = await portal(PATTERNS)
    assert 'value="{KS}/{N}/{Y}"' in text
    assert "{N}/{S}/{Y}" not in text
    assert "Nomor dipesan" not in text
    fields = {"jenis": "", "seri": "surat", "pola": "{N}/{Y}", "penanda": ""}
    _, text = await portal(PATTERNS, {**fields, "aksi": "ubah"})
    assert f'action="{PATTERNS}"' in text
    answer, _ = await portal(PATTERNS, {**fields, "aksi": "simpan"})
    assert answer.status == 303
    assert bus.of("put_number_templates")[0].kwargs["body"] == {
        "unit_id": None,
        "items": [{"pattern": "{N}/{Y}", "series": "surat"}],
    }
