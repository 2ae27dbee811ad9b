"""Real records of sensors and reports of scanners: as many as facts.json counted, none crashed."""

import json
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.intake.reading import NOW, messages, outcome
from vardkase.detections.alert import Alert, Severity, fingerprint
from vardkase.intake.registry import source
from vardkase.intake.source import Message

SHARED = Path(__file__).parents[2].parent / "shared" / "data"
DETECTORS = SHARED / "detectors"
pytestmark = pytest.mark.skipif(not DETECTORS.is_dir(), reason="the real data is not here")
FOLDERS = {
    "suricata": "suricata", "wazuh": "wazuh", "alertmanager": "alertmanager", "cowrie": "cowrie",
    "defectdojo_awssecurityhub": "asff", "defectdojo_ms_defender": "defender",
    "defectdojo_nmap": "nmap", "defectdojo_openvas": "openvas", "defectdojo_trivy": "trivy",
    "defectdojo_wazuh": "wazuh", "defectdojo_zap": "zap",
}  # fmt: skip
NO_SOURCE = (
    "defectdojo_nuclei",
    "defectdojo_chkrootkit",
    "defectdojo_clamav",
    "defectdojo_rkhunter",
)
READERS = sorted({*FOLDERS.values(), "ecs", "sentinel"})


def files(*folders: str) -> list[tuple[str, Path]]:
    return [
        (folder, path)
        for folder in folders
        for path in sorted((DETECTORS / folder).glob("*"))
        if path.is_file() and path.name != "LICENSE"
    ]


def read(name: str, path: Path) -> list[Message]:
    return messages(name, path.read_bytes())


def alerts(name: str, path: Path) -> list[Alert]:
    return [alert for message in read(name, path) for alert in message.alerts]


def groups(name: str, found: list[Alert]) -> int:
    return len({fingerprint(name, alert, source(name).fingerprint) for alert in found})


def facts(path: Path) -> Any:
    told = json.loads((SHARED / "facts.json").read_text("utf-8"))
    return told.get(path.relative_to(SHARED).as_posix(), {})


@pytest.mark.parametrize(("folder", "path"), files(*FOLDERS), ids=lambda value: Path(value).name)
def test_every_file_is_understood_and_what_it_holds_is_counted(folder: str, path: Path) -> None:
    name, told = FOLDERS[folder], facts(path)
    found = read(name, path)
    if path.suffix == ".zip":
        assert [outcome(message) for message in found] == ["aside"]
        return
    assert {outcome(message) for message in found} <= {"alerts", "skipped"}
    holds = [told[key] for key in ("findings", "results", "rows", "items", "events", "alerts")
             if key in told]  # fmt: skip
    if holds and folder != "cowrie":
        assert len(alerts(name, path)) == holds[0]
    if "ids" in told:
        assert groups(name, alerts(name, path)) == told["ids"]


@pytest.mark.parametrize(
    "file", ["first-org-conf-2015.eve.ndjson", "wrccdc-2017.eve.ndjson",
             "first-org.replayed.derived.eve.ndjson"],
)  # fmt: skip
def test_suricata(file: str) -> None:
    path = DETECTORS / "suricata" / file
    found, told = alerts("suricata", path), facts(path)
    assert len(read("suricata", path)) == told["events"]
    assert groups("suricata", found) == told["sig_src_pairs"]
    assert len({alert.source_host for alert in found}) == told["sources"]
    assert len({alert.target_host for alert in found}) == told["destinations"]
    levels = Counter(alert.fields["alert.severity"] for alert in found)
    assert levels == told["severity"]
    assert Counter(a.severity for a in found)[Severity.HIGH] == told["severity"]["1"]
    assert len({alert.fields["alert.category"] for alert in found}) == told["categories"]
    first = min(alert.occurred for alert in found if alert.occurred)
    assert f"{first:%Y-%m-%dT%H}" == {"first": "2015-03-09T08", "wrccd": "2017-03-24T17"}[file[:5]]


def test_the_replay_folds_406_alerts_into_136_groups_and_again_adds_none() -> None:
    path = DETECTORS / "suricata/first-org.replayed.derived.eve.ndjson"
    found = alerts("suricata", path)
    assert (len(found), groups("suricata", found)) == (406, 136)
    assert groups("suricata", found + alerts("suricata", path)) == 136


@pytest.mark.parametrize("name", ["first-org-conf-2015", "wrccdc-2017"])
def test_an_array_of_records_is_the_same_messages(name: str) -> None:
    lines = alerts("suricata", DETECTORS / f"suricata/{name}.eve.ndjson")
    array = read("suricata", DETECTORS / f"suricata/{name}.array.json")
    assert [message.alerts for message in array] == [(alert,) for alert in lines]


def test_wazuh_folds_5_alerts_into_2_groups() -> None:
    path = DETECTORS / "wazuh/alerts.synthetic.ndjson"
    found, told = alerts("wazuh", path), facts(path)
    assert len(found) == told["alerts"] == 5
    assert groups("wazuh", found) == told["rule_agent_src"] == 2
    assert Counter(alert.rule for alert in found) == told["rule_ids"]
    assert len({alert.fields["agent"] for alert in found}) == told["agents"]
    assert found[4].fields["agent"] == "arkiv-åäö"


def test_vulnerabilities_that_wazuh_knows_of() -> None:
    path = DETECTORS / "defectdojo_wazuh/v4-7_many_findings.json"
    found = alerts("wazuh", path)
    assert len({alert.fields["cve"] for alert in found}) == facts(path)["cves"]
    assert {alert.kind for alert in found} == {"vulnerability"}


def test_alertmanager() -> None:
    path = DETECTORS / "alertmanager/webhook.synthetic.json"
    found, told = alerts("alertmanager", path), facts(path)
    assert len(read("alertmanager", path)) == 1
    assert groups("alertmanager", found) == told["fingerprints"]
    assert sum(alert.fields["status"] == "firing" for alert in found) == told["firing"]


def test_cowrie() -> None:
    path = DETECTORS / "cowrie/cowrie.synthetic.ndjson"
    found, told = read("cowrie", path), facts(path)
    assert len(found) == told["events"]
    assert len({alert.ref for message in found for alert in message.alerts}) == told["sessions"]


@pytest.mark.parametrize(
    "path", sorted((DETECTORS / "defectdojo_awssecurityhub").glob("*")), ids=lambda p: p.name
)
def test_severities_of_security_hub(path: Path) -> None:
    found = Counter(Severity(alert.severity).name for alert in alerts("asff", path))
    assert found == facts(path)["severity"]


def test_lists_within_defenders_archives() -> None:
    for _folder, path in files("defectdojo_ms_defender"):
        for member in zipfile.ZipFile(path).infolist() if path.suffix == ".zip" else ():
            if member.filename.endswith(".json") and member.file_size < 100_000:
                body = zipfile.ZipFile(path).read(member)
                expected = len(json.loads(body)["value"]) if "vulnera" in member.filename else 0
                (message,) = messages("defender", body)
                assert len(message.alerts) == expected
                assert not message.aside


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize(("folder", "path"), files(*NO_SOURCE), ids=lambda value: Path(value).name)
def test_files_of_tools_without_a_source_are_set_aside(name: str, folder: str, path: Path) -> None:
    assert {outcome(message) for message in read(name, path)} == {"aside"}


@pytest.mark.parametrize("name", READERS)
def test_the_files_of_one_source_are_not_mistaken_for_anothers(name: str) -> None:
    """But what Beats and Wazuh put around others' alerts is of both."""
    for folder, path in files(*FOLDERS):
        if FOLDERS[folder] == name or (name, folder) == ("ecs", "defectdojo_wazuh"):
            continue
        assert not any(message.alerts for message in read(name, path)), (name, path.name)


def test_strings_that_break_programs_are_kept_as_words() -> None:
    naughty = json.loads((SHARED / "nasty/blns/blns.json").read_text(encoding="utf-8"))
    for word in naughty:
        record = {
            "event_type": "alert",
            "src_ip": word,
            "alert": {"signature": word, "signature_id": 1},
        }
        (message,) = source("suricata").read(json.dumps(record).encode(), NOW)
        assert message.alerts[0].source_host == word.strip()[:300]


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("folder", ["json", "xml", "charset", "csv", "polyglot"])
def test_what_parsers_fail_on_has_an_outcome(name: str, folder: str) -> None:
    paths = [path for path in sorted((SHARED / "nasty" / folder).rglob("*")) if path.is_file()]
    assert paths
    for path in paths:
        found = read(name, path)
        assert not any("our reader failed" in message.aside for message in found), path.name
        assert not any(message.alerts for message in found), path.name
