"""Real lines of sensors and machines: as many as facts.json counted, none lost, none crashed."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.intake.reading import messages, outcome
from vardkase.intake.source import Message

SHARED = Path(__file__).parents[2].parent / "shared" / "data"
DETECTORS = SHARED / "detectors"
pytestmark = pytest.mark.skipif(not DETECTORS.is_dir(), reason="the real data is not here")
ZEEK = sorted((DETECTORS / "zeek").rglob("*.log")) if DETECTORS.is_dir() else []


def read(name: str, path: Path) -> list[Message]:
    found = messages(name, path.read_bytes())
    assert not [m.aside for m in found if "our reader failed" in m.aside]
    return found


def facts(path: Path) -> Any:
    told = json.loads((SHARED / "facts.json").read_text("utf-8"))
    return told[path.relative_to(SHARED).as_posix()]


@pytest.mark.parametrize("path", ZEEK, ids=lambda path: path.relative_to(DETECTORS).as_posix())
def test_every_record_of_zeek_is_understood(path: Path) -> None:
    found = read("zeek", path)
    assert len(found) == facts(path)["records"]
    expected = "alerts" if path.name == "notice.log" else "skipped"
    assert {outcome(message) for message in found} <= {expected}


def test_the_notices_of_zeek() -> None:
    path = DETECTORS / "zeek" / "zat_tsv" / "notice.log"
    rules = Counter(m.alerts[0].rule for m in read("zeek", path))
    assert rules == facts(path)["notes"]


def test_cef() -> None:
    path = DETECTORS / "cef" / "radiflow_isid_ot.log"
    alerts = [message.alerts[0] for message in read("cef", path)]
    told = facts(path)
    assert len(alerts) == told["lines"]
    assert Counter(alert.rule for alert in alerts) == told["signature_ids"]
    assert Counter(alert.fields["severity"] for alert in alerts) == told["severity"]
    assert len({alert.title for alert in alerts}) == told["names"]


def test_leef_and_snort() -> None:
    path = DETECTORS / "leef" / "leef.synthetic.log"
    assert [outcome(m) for m in read("leef", path)] == ["alerts"] * facts(path)["lines"]
    path = DETECTORS / "snort_fast" / "fast.synthetic.log"
    alerts = [message.alerts[0] for message in read("snort-fast", path)]
    told = facts(path)
    assert len(alerts) == told["alerts"]
    assert len({(a.rule, a.source_host) for a in alerts}) == told["sid_src"]
    assert alerts[2].source_host == "2001:db8::1"


@pytest.mark.parametrize("name", ["rfc3164_examples.log", "rfc5424_examples.log"])
def test_syslog(name: str) -> None:
    path = DETECTORS / "syslog" / name
    found = read("syslog", path)
    told = facts(path)
    assert [outcome(m) for m in found] == ["alerts"] * told["lines"]
    with_pri = [m for m in found if "facility" in m.alerts[0].fields]
    assert len(with_pri) == told["with_pri"]


def test_counted_octets_are_the_same_messages() -> None:
    counted = read("syslog", DETECTORS / "syslog" / "rfc6587_octet_counted.bin")
    lines = read("syslog", DETECTORS / "syslog" / "rfc5424_examples.log")
    assert [m.alerts for m in counted] == [m.alerts for m in lines]


def test_any_file_through_any_line_source_has_an_outcome_for_each_message() -> None:
    """A source set up with the wrong name loses nothing: it is set aside, or read."""
    paths = [p for p in DETECTORS.rglob("*") if p.is_file() and p.stat().st_size < 40_000]
    for path in paths:
        for name in ("snort-fast", "zeek", "cef", "leef", "syslog", "keyvalue", "arf", "xarf"):
            found = read(name, path)
            assert [message.line for message in found] == list(range(1, len(found) + 1))
