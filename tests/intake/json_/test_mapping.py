"""Any JSON by a mapping that is data: paths, tables, times, lists, and faults of a file."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.intake.reading import messages, outcome
from vardkase.detections.alert import Alert
from vardkase.intake.json_.paths import values
from vardkase.intake.registry import UnknownSource, source
from vardkase.policy.check import check
from vardkase.policy.parameter import DATA, overlay

OURS = (DATA / "mappings/example.toml").read_text(encoding="utf-8")
HEAD = """id = "mappings.own"
unit = "u"
sv = "s"
en = "e"
[[version]]
since = 2026-01-01
source = "vårt beslut"
checked = 2026-06-01
status = "verified"
[version.value]
zone = "Europe/Stockholm"
otherwise = "low"
"""


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "mappings" / "own.toml"
    path.parent.mkdir()
    overlay(tmp_path)
    yield path
    overlay(None)


def write(path: Path, text: str) -> None:
    path.write_text(HEAD + text, encoding="utf-8")
    overlay(path.parents[1])


def read(body: Any, name: str = "json:own") -> tuple[Alert, ...]:
    (message,) = messages(name, json.dumps(body))
    assert outcome(message) in ("alerts", "skipped"), message.aside
    return message.alerts


def test_our_example_reads_its_sample() -> None:
    alarm = {"id": 1, "code": "door-forced", "text": {"en": "Forced"}, "level": "Forced",
             "when": "20/11/2026 07:00:00", "door": {"name": "D1"}, "cards": [{"owner": "anna"}],
             "site": {"a": {"name": "A"}, "b": {"name": "B"}}}  # fmt: skip
    (found,) = read({"alarms": [alarm, {"code": "heartbeat"}]}, "json:example")
    assert (found.title, found.severity, found.user) == ("Forced", 5, "anna")
    assert found.occurred == datetime(2026, 11, 20, 6, tzinfo=UTC)
    assert found.fields["site.*.name"] == "A, B"
    assert source("json:example").fingerprint == ("rule", "target_host")


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("a", [1]), ("b.c", [2]), ("d.e", [3]), ("f.g.h", [4]), ("l[0]", [5]), ("l[]", [5, 6]),
        ("l[*]", [5, 6]), ("m[].n", [7, 8]), ("m[1].n", [8]), ("o.*.p", [9, 10]), ("l[9]", []),
        ("a.b.c", []), ("l[][]", []), ("x", []), ("f.g", []), ("q[0][1]", [12]),
    ],
)  # fmt: skip
def test_paths(path: str, found: list[Any]) -> None:
    document = {"a": 1, "b": {"c": 2}, "d.e": 3, "f": {"g.h": 4}, "l": [5, 6], "q": [[11, 12]],
                "m": [{"n": 7}, {"n": 8}], "o": {"x": {"p": 9}, "y": {"p": 10}}}  # fmt: skip
    assert values(document, path) == found


def test_a_mapping_of_the_organisations_own(own: Path) -> None:
    write(own, 'title = ["missing", "msg"]\nrule = "r"\nfingerprint = ["rule", "extra"]\n'
               'severity = "sev"\nfields = ["extra"]\nkind = "vulnerability"\n'
               "severities = { HIGH = \"high\" }\nskip = { type = [\"ok\"] }\n")  # fmt: skip
    (found,) = read({"msg": "Larm", "r": 7, "sev": "High", "extra": [1, 2]})
    assert (found.title, found.rule, found.severity, found.kind) == (
        "Larm",
        "7",
        4,
        "vulnerability",
    )
    assert found.fields == {"extra": "1, 2"}
    assert read({"msg": "Larm", "type": "OK"}) == ()
    assert read({"msg": "Larm"})[0].severity == 2


def test_what_the_mapping_needs_and_lacks_is_set_aside(own: Path) -> None:
    write(own, 'title = "msg"\nneeds = ["type"]\nfingerprint = ["rule"]\nlist = "a.b[]"\n')
    for body in ({"a": {"b": [{"msg": "x"}]}}, {"a": {"b": {}}}, {"a": 1}, [1]):
        (message,) = messages("json:own", json.dumps(body))
        assert message.aside, body
    assert read({"a": {"b": []}}) == ()
    assert len(read({"a": {"b": [{"msg": "x", "type": 1}, {"msg": "y"}]}})) == 1


def test_a_mapping_that_is_not_in_force_yet_sets_aside(own: Path) -> None:
    write(own, 'title = "msg"\nfingerprint = ["rule"]\n')
    early = datetime(2025, 1, 1, tzinfo=UTC)
    (message,) = source("json:own").read(b'{"msg": "x"}', early)
    assert "not in force" in message.aside


@pytest.mark.parametrize(
    "name", ["json:", "json:none", "json:../../etc/passwd", "json:a b", "json:Å"]
)
def test_a_mapping_that_is_not_there_is_no_source(name: str) -> None:
    with pytest.raises(UnknownSource):
        source(name)


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('title        = ["text.sv", "text.en", "code"]', 'title = ["a..b"]', "title"),
        ('rule         = "code"', 'rule = "a["', "rule"),
        ('rule         = "code"', 'rul = "code"', "rul "),
        ('"%d/%m/%Y %H:%M:%S"', '"%Q"', "time_formats"),
        ('"Europe/Stockholm"', '"Stockholm"', "zone"),
        ('otherwise    = "medium"', 'otherwise = "middling"', "otherwise"),
        ('fingerprint  = ["rule", "target_host"]', 'fingerprint = ["when"]', "fingerprint"),
        ('forced = "critical"', 'forced = 5', "forced"),
        ('code = ["heartbeat"', '"co..de" = ["heartbeat"', '"co..de"'),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_mapping_is_told_with_its_line(
    tmp_path: Path, old: str, new: str, line: str
) -> None:
    path = tmp_path / "mappings" / "example.toml"
    path.parent.mkdir()
    assert old in OURS
    path.write_text(OURS.replace(old, new), encoding="utf-8")
    found = check(tmp_path, today=date(2026, 11, 22))
    assert [each.check for each in found] == ["value-shape"]
    assert path.read_text(encoding="utf-8").splitlines()[found[0].line - 1].startswith(line)


def test_our_example_has_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "mappings" / "mine.toml"
    path.parent.mkdir()
    path.write_text(OURS.replace("mappings.example", "mappings.mine"), encoding="utf-8")
    assert check(tmp_path, today=date(2026, 11, 22)) == []
