"""Text that wants to be more than text: names, documents, logs, packages (F20, F21, F24, F35)."""

import io
import json
import logging
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.conftest import NOW, Hire
from vardkase.access.actor import Actor, Grant
from vardkase.events.rules import Report
from vardkase.lib import logs
from vardkase.lib.changes import Refused
from vardkase.organisation import accounts
from vardkase.organisation.models import Person, Unit
from vardkase.workflow.report import report

ROOT = Path(__file__).parents[2]
BOSS = Actor("p1", "Chef", NOW, (Grant("sysadmin", "/"),))
PROGRAM = '#read("/etc/passwd") #include "/etc/passwd" #image("http://127.0.0.1:1/x") #eval("1+1")'
FORGED = 'x\n{"level": "ERROR", "message": "forged"}\r\n2026-11-22 forged\x1b[31m\u2028also'


# F20: names that look alike


@pytest.mark.parametrize(
    "typed",
    [
        "\u0430nna",  # Cyrillic a
        "ann\u200ba",  # an invisible space
        "\u202eanna",  # turned round
        "anna\u0301",  # an accent of its own
        "ånna",
    ],
)
def test_nobody_is_given_a_login_name_that_is_read_as_another(region: Unit, typed: str) -> None:
    values = {"username": typed, "name": "Anna", "unit": region}
    with pytest.raises(Refused) as refused:
        accounts.invite(values, by=BOSS, at=NOW)
    assert set(refused.value.errors) == {"username"}
    assert not Person.objects.exists()


def test_full_width_letters_are_the_plain_ones(region: Unit) -> None:
    values = {"username": "\uff21nna", "name": "Anna", "unit": region}
    person, _ = accounts.invite(values, by=BOSS, at=NOW)
    assert person.username == "anna"
    with pytest.raises(Refused):
        accounts.invite(values, by=BOSS, at=NOW)


# F21: a document is laid out of data; no word in it is a command


def test_a_report_that_is_a_program_is_printed_as_it_stands(
    region: Unit, hire: Hire, signed_in: Callable[[Person], Client]
) -> None:
    number = report(Report(what=PROGRAM), by=Actor.reporter(NOW), at=NOW).number
    web = signed_in(hire("ciso"))
    answer = web.get(f"/arenden/{number}/sammanfattning.pdf")
    assert answer.content.startswith(b"%PDF-")
    assert b"root:" not in answer.content
    outside = PROGRAM.encode() in web.get(f"/arenden/{number}/sammanfattning.json").content
    assert outside or '"what"' in web.get(f"/arenden/{number}/sammanfattning.json").content.decode()


def test_no_template_of_a_document_runs_what_it_is_given() -> None:
    for template in (ROOT / "src").rglob("*.typ"):
        found = re.findall(r"\b(eval|read|include|import|plugin)\b", template.read_text("utf-8"))
        assert not found, template.name


# F24: one event, one line


@pytest.fixture
def written() -> Any:
    """A log that writes into memory: `written()` gives its lines."""
    stream = io.StringIO()
    handler = logs.handler(stream)
    log = logging.Logger("vardkase.test")
    log.addHandler(handler)
    return log, lambda: stream.getvalue().splitlines(keepends=False)


def test_what_is_logged_is_one_line_of_json_whatever_it_holds(written: Any) -> None:
    log, lines = written
    log.warning("refused: %s", FORGED)
    try:
        raise ValueError(FORGED)
    except ValueError:
        log.exception("broken")
    assert len(lines()) == 2
    first, second = map(json.loads, lines())
    assert (first["level"], first["logger"]) == ("WARNING", "vardkase.test")
    assert first["message"] == f"refused: {FORGED}"
    assert "ValueError" in second["error"]
    assert all(line.isascii() and line.isprintable() for line in lines())


def test_an_address_cannot_forge_a_line(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = io.StringIO()
    handler = logs.handler(stream)
    logging.getLogger("django.request").addHandler(handler)
    try:
        client.get("/finns-inte/x%0aERROR%20forged%1b[31m")
    finally:
        logging.getLogger("django.request").removeHandler(handler)
    (line,) = stream.getvalue().splitlines()
    assert json.loads(line)["level"] == "WARNING"


# F35: what is installed is what was looked at


def test_every_package_is_locked_with_hashes_and_names_no_registry() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    packages = re.split(r"\n(?=[a-z0-9])", lock.split("\n\n")[-1].strip())
    for package in packages:
        if package.startswith("#"):
            continue
        assert "==" in package.splitlines()[0], package[:60]
        assert "--hash=sha256:" in package, package[:60]
    assert "://" not in lock
    assert "--require-hashes" in (ROOT / "dev").read_text(encoding="utf-8")
