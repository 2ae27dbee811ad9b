"""`vardkase import units|people|assets|suppliers FILE.csv`: as on the web, at the console."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from vardkase.cli import import_, main
from vardkase.decisionlog.models import Entry
from vardkase.lib.trouble import Trouble
from vardkase.organisation.models import Person, Unit

type Call = Callable[..., tuple[int, str]]
FILE = "username;name;unit;hej\nanna;Anna;Sjukhuset;1\nbo;Bo;Ingenstans;2\n"


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Call:
    file = tmp_path / "people.csv"
    file.write_text(FILE, encoding="utf-8")

    def run(*words: str) -> tuple[int, str]:
        parser, _ = main.parsers("import")
        args = parser.parse_args(["import", "people", str(file), *words])
        code = import_.run(args)
        return code, capsys.readouterr().out

    return run


def test_a_dry_run_counts_and_stores_nothing(hospital: Unit, call: Call) -> None:
    code, out = call("--dry-run", "--json")
    found = json.loads(out)
    assert (code, found["new"], found["stored"]) == (4, 1, False)
    assert found["faults"][0] | {"sentence": ""} == {"line": 3, "heading": "unit", "sentence": ""}
    assert (found["unknown"], found["encoding"]) == (["hej"], "utf-8")
    assert not Entry.objects.exists()


def test_the_import_is_the_systems_decision(hospital: Unit, call: Call) -> None:
    code, out = call("--json")
    assert (code, json.loads(out)["new"]) == (4, 1)
    assert Entry.objects.get().by == "system"
    assert json.loads(call("--json")[1])["unchanged"] == 1
    assert Person.objects.get().unit == hospital


def test_the_terminal_is_told_in_a_line_and_each_fault(hospital: Unit, call: Call) -> None:
    _code, out = call()
    assert "1 new, 0 changed, 0 unchanged, 1 at fault" in out
    assert "line 3 unit:" in out
    assert "Not read: hej" in out


@pytest.mark.parametrize("content", [None, b"", b"\x00\xff", b"hej\n"])
def test_a_file_that_cannot_be_read_ends_with_what_to_do(
    region: Unit, tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "x.csv"
    if content is not None:
        file.write_bytes(content)
    parser, _ = main.parsers("import")
    with pytest.raises(Trouble) as trouble:
        import_.run(parser.parse_args(["import", "units", str(file)]))
    assert trouble.value.fix


def test_before_the_set_up_nothing_is_imported(db: None, call: Call) -> None:
    with pytest.raises(Trouble):
        call()
