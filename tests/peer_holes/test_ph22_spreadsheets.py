"""PH22, a cell that is a formula: iTop CVE-2021-41161, CISO Assistant e24f792c5, RT
CVE-2025-61873."""

import ast
import csv
import io
import unicodedata

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from tests.architecture.source import nodes
from tests.conftest import LONG_AGO, Hire, add_unit, let_in
from vardkase.access.actor import Actor
from vardkase.assets.models import Asset
from vardkase.events.models import Event
from vardkase.events.rules import Report
from vardkase.organisation.models import Person, Unit
from vardkase.suppliers.models import Supplier
from vardkase.workflow.report import report

EVIL = [
    "=cmd|'/C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "\t=1", "\r=1", "\uff1d1+1", " =1", "|calc",
    "%0A=1", '=HYPERLINK("http://x","y")', "\u200b=1",
]  # fmt: skip
RUNS = set("=+-@|%")


def test_only_one_place_writes_tables() -> None:
    """`lib/sheet.py` guards each cell; a table written elsewhere would not be guarded."""
    found = {
        where.split(":")[0]
        for where, node in nodes(ast.Attribute)
        if node.attr in {"writer", "DictWriter"} and ast.unparse(node.value) == "csv"
    }
    assert found == {"lib/sheet.py"}


@pytest.fixture
def evil(region: Unit, hire: Hire, client: Client) -> Client:
    """A world where everything that has a name has a bad one, and who may take it out."""
    boss = hire("ciso")
    let_in(client, boss)
    for n, name in enumerate(EVIL):
        unit = add_unit(name, region)
        Person.objects.create(username=f"evil{n}", name=name, title=name, phone=name, unit=unit)
        Supplier.objects.create(name=name, contact=name)
        Asset.objects.create(name=name, kind="archive", unit=unit, note=name, other_names=name)
        report(Report(what=name, unit=unit.pk), by=Actor.reporter(LONG_AGO), at=LONG_AGO)
    return client


def cells(content: bytes) -> list[str]:
    text = content.decode("utf-8-sig")
    return [
        cell for row in csv.reader(io.StringIO(text, newline=""), delimiter=";") for cell in row
    ]


def runs(cell: str) -> bool:
    bare = cell.lstrip(
        "".join(c for c in cell if c.isspace() or unicodedata.category(c) in {"Cf", "Cc"})
    )
    return unicodedata.normalize("NFKC", bare[:1])[:1] in RUNS


def addresses() -> list[str]:
    names = [n for n in get_resolver().reverse_dict if isinstance(n, str)]
    found = [reverse(n) for n in names if n.startswith("export-")]
    return [*found, "/statistik.csv?by=unit"]


def test_no_table_of_ours_runs_in_a_spreadsheet(evil: Client) -> None:
    assert Event.objects.count() == len(EVIL)
    asked = addresses()
    assert len(asked) >= 4
    for url in asked:
        answer = evil.get(url)
        assert answer.status_code == 200, url
        found = cells(answer.content)
        assert [cell for cell in found if runs(cell)] == [], url
    assert any("calc" in cell for cell in cells(evil.get(asked[0]).content))
