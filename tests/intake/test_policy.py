"""What a source's policy file says, dated, and laid over by the organisation's own."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from vardkase.detections.alert import Severity
from vardkase.intake.policy import fingerprint_of, policy
from vardkase.policy.check import check
from vardkase.policy.parameter import INTAKE, files_of, id_of, overlay

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
OWN = """id = "intake.snort_fast"
unit = "u"
sv = "s"
en = "e"
[[version]]
since = 2026-06-01
source = "vårt beslut"
checked = 2026-06-01
status = "verified"
[version.value]
zone = "UTC"
otherwise = "low"
fingerprint = ["rule"]
severity = { 1 = "critical" }
skip = { protocol = ["UDP"], chatter = ["*"] }
"""


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "intake" / "snort_fast.toml"
    path.parent.mkdir()
    path.write_text(OWN, encoding="utf-8")
    overlay(tmp_path)
    yield path
    overlay(None)


def test_a_scale_is_data() -> None:
    ours = policy("snort-fast", NOW)
    assert ours.serious("1") == ours.serious(1) == Severity.HIGH
    assert ours.serious("") == ours.otherwise == Severity.MEDIUM
    assert str(ours.zone) == "Europe/Stockholm"
    assert fingerprint_of("snort-fast") == ours.fingerprint


def test_the_organisation_lays_its_own_over_from_its_day(own: Path) -> None:
    assert policy("snort-fast", NOW).serious("1") == Severity.CRITICAL
    assert policy("snort-fast", datetime(2026, 1, 1, tzinfo=UTC)).serious("1") == Severity.HIGH
    assert fingerprint_of("snort-fast") == ("rule",)


def test_what_raises_no_alert_is_told_by_name_and_value(own: Path) -> None:
    skips = policy("snort-fast", NOW).skips
    assert skips({"protocol": "udp"}.get)
    assert skips({"chatter": "anything"}.get)
    assert not skips({"protocol": "TCP"}.get)
    assert not skips({}.get)


def test_its_own_file_is_checked(own: Path) -> None:
    assert check(own.parents[1], today=date(2026, 11, 22)) == []
    own.write_text(
        OWN.replace('"UTC"', '"Mars"')
        .replace('"low"', '"lowest"')
        .replace('fingerprint = ["rule"]', 'source_kind = "rumour"\nfingerprint = ["rule"]'),
        encoding="utf-8",
    )
    found = check(own.parents[1], today=date(2026, 11, 22))
    assert [finding.line for finding in found] == [11, 12, 13]


def test_a_file_for_no_source_is_found(tmp_path: Path) -> None:
    (tmp_path / "intake").mkdir()
    text = OWN.replace("snort_fast", "snrot")
    (tmp_path / "intake" / "snrot.toml").write_text(text, encoding="utf-8")
    assert "unknown-id" in {finding.check for finding in check(tmp_path)}


@pytest.mark.parametrize("path", sorted(INTAKE.glob("*/policy.toml")), ids=lambda p: p.parent.name)
def test_every_source_has_its_file_among_ours(path: Path) -> None:
    assert path in files_of(INTAKE.parent / "policy" / "data")
    name = path.parent.name.replace("_", "-")
    assert policy(name, NOW).fingerprint
    assert id_of(path, INTAKE) == f"intake.{path.parent.name}"
