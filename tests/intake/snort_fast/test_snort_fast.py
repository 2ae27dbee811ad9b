"""Snort's one-line alerts by its manual, versions 2 and 3, and Suricata's fast.log."""

from pathlib import Path

import pytest

from tests.intake.reading import alert, outcomes

# line | title | rule | severity | source | target | moment
LINES = Path(__file__).with_name("lines.txt").read_text("utf-8")


@pytest.mark.says("S2-028", "varningar från övervakningssystem så som exempelvis IDS/IDP")
@pytest.mark.parametrize("row", [row for row in LINES.split("\n") if row])
def test_a_line_of_snort(row: str) -> None:
    line, *told = (part.strip() for part in row.rsplit(" |", 6))
    found = alert("snort-fast", line)
    at = str(found.occurred).removesuffix("+00:00")
    assert [found.title, found.rule, str(found.severity)] == told[:3]
    assert [found.source_host, found.target_host, at] == told[3:]


def test_ports_and_the_rest_are_told() -> None:
    found = alert("snort-fast", next(row for row in LINES.split("\n") if "2001219" in row))
    assert found.fields["dst_port"] == "22"
    assert found.fields["protocol"] == "TCP"
    assert found.fields["classification"] == "Attempted Information Leak"


@pytest.mark.parametrize("line", ["11/20/2026-08:00:03 nothing", "[1:2] x", '{"a":"b"}'])
def test_what_is_no_alert_of_snort_is_set_aside(line: str) -> None:
    assert outcomes("snort-fast", line) == ["aside"]


@pytest.mark.parametrize(("told", "title"), [('"a b"', "a b"), ('a "b"', 'a "b"'), ('"', '"')])
def test_only_quotes_around_the_whole_message_are_no_part_of_it(told: str, title: str) -> None:
    assert alert("snort-fast", f"11/20-08:00:02.5 [**] [1:1:1] {told} [**]").title == title
