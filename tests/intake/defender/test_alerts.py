"""Microsoft Defender, after the references of Graph, of Endpoint and of the streaming API."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.intake.reading import messages, outcome
from vardkase.detections.alert import Alert, Severity, fingerprint
from vardkase.intake.registry import source
from vardkase.policy.parameter import INTAKE

SAMPLES = INTAKE / "defender/samples"


def read(body: Any) -> tuple[Alert, ...]:
    (message,) = messages("defender", body if isinstance(body, bytes) else json.dumps(body))
    assert outcome(message) in ("alerts", "skipped"), message.aside
    return message.alerts


def sample(name: str) -> tuple[Alert, ...]:
    return read(Path(SAMPLES / name).read_bytes())


V2 = json.loads((SAMPLES / "graph_v2.json").read_text(encoding="utf-8"))
INFO = {"AlertId": "a1", "Title": "Mimikatz", "Severity": "High", "Category": "CredentialAccess"}


def test_an_alert_of_graph_v2() -> None:
    (found,) = sample("graph_v2.json")
    assert found.title == "Made up: hidden file was run"
    assert (found.severity, found.user) == (Severity.HIGH, "anna@example.org")
    assert (found.source_host, found.target_host) == ("198.51.100.3", "pc1.example.org")
    assert found.occurred == datetime(2026, 11, 20, 7, 0, 0, 116000, tzinfo=UTC)
    assert found.rule.startswith("e0da400f")


def test_an_alert_of_graph_v1() -> None:
    (found,) = read({
        "id": "1", "azureTenantId": "t", "category": "AnonymousLogin", "title": "Anonymous IP",
        "severity": "medium", "status": "newAlert", "eventDateTime": "2026-11-20T07:00:00Z",
        "hostStates": [{"fqdn": "dc1.example.org"}], "vendorInformation": {"provider": "IPC"},
        "userStates": [{"userPrincipalName": "bo@example.org", "logonIp": "198.51.100.5"}],
    })  # fmt: skip
    assert (found.user, found.source_host) == ("bo@example.org", "198.51.100.5")
    assert found.target_host == "dc1.example.org"


def test_a_list_of_endpoint() -> None:
    (found,) = sample("endpoint.json")
    assert (found.target_host, found.user, found.severity) == ("pc2.example.org", "bo", 2)


def test_the_alerts_of_an_incident_are_groups_of_their_own() -> None:
    (found,) = sample("incidents.json")
    assert (found.title, found.target_host) == ("Made up: from Tor", "pc1.example.org")
    graph = {"value": [{"id": "29", "displayName": "I", "severity": "low", "alerts": [V2, V2]}]}
    assert [each.title for each in read(graph)] == [V2["title"]] * 2


def test_an_incident_that_holds_no_alerts_is_one() -> None:
    (found,) = read({
        "id": "29", "displayName": "Made up incident", "severity": "medium", "status": "active",
        "createdDateTime": "2026-11-20T07:00:00Z", "alerts": [],
    })  # fmt: skip
    assert (found.title, found.severity) == ("Made up incident", Severity.MEDIUM)


def test_evidence_that_streams_beside_its_alert_tells_of_the_host() -> None:
    (found,) = sample("streaming.json")
    assert (found.title, found.target_host) == ("Made up: credentials read", "pc7.example.org")


def test_what_else_streams_is_passed_over() -> None:
    for table in ("AlertEvidence", "DeviceProcessEvents", "EmailEvents", "IdentityLogonEvents"):
        properties = {"Timestamp": "2026-11-20T07:00:00Z", "Title": "x", "AlertId": "a1"}
        record = {"time": "x", "category": f"AdvancedHunting-{table}", "properties": properties}
        assert read(record) == ()
        assert read({"records": [record]}) == ()


def test_lines_of_a_storage_account_are_messages() -> None:
    record = {"time": "x", "category": "AdvancedHunting-AlertInfo", "properties": INFO}
    found = messages("defender", "\n".join([json.dumps(record)] * 2))
    assert [outcome(message) for message in found] == ["alerts", "alerts"]
    text = record | {"properties": json.dumps(INFO)}
    assert read(text) == found[0].alerts


def test_vulnerabilities() -> None:
    (found,) = sample("vulnerabilities.json")
    assert (found.kind, found.rule, found.severity) == ("vulnerability", "CVE-2026-0001", 5)
    (row,) = read({"Results": [{"DeviceName": "pc1", "CveId": "CVE-2026-0001", "SoftwareName": "x",
                                "VulnerabilitySeverityLevel": "High"}]})  # fmt: skip
    assert (row.target_host, row.fields["product"], row.severity) == ("pc1", "x", 4)
    (known,) = read({"value": [{"id": "CVE-2026-0002", "name": "CVE-2026-0002", "severity": "Low",
                                "cvssV3": 3.1, "exposedMachines": 4}]})  # fmt: skip
    assert (known.rule, known.severity) == ("CVE-2026-0002", 2)


def test_lists_of_machines_are_passed_over() -> None:
    assert read({"value": [{"id": "m", "computerDnsName": "pc1", "healthStatus": "Active"}]}) == ()
    assert read({"@odata.context": "x", "value": []}) == ()


def test_one_that_we_cannot_read_takes_none_of_the_others_with_it() -> None:
    assert len(read({"value": [{"what": 1}, V2, 5, {"title": None}]})) == 1


@pytest.mark.parametrize("key", sorted(V2))
def test_an_alert_is_read_though_a_field_is_missing(key: str) -> None:
    least = {name: value for name, value in V2.items() if name != key}
    if key != "title":
        assert read(least)[0].title == V2["title"]


def test_what_was_judged_false_is_passed_over() -> None:
    assert read(V2 | {"classification": "falsePositive"}) == ()


def test_alerts_that_do_not_say_whom_they_concern_are_kept_apart() -> None:
    names = source("defender").fingerprint
    one, again, other = (read(INFO | {"AlertId": mark})[0] for mark in ("a1", "a1", "a2"))
    marks = [fingerprint("defender", each, names) for each in (one, again, other)]
    assert marks[0] == marks[1] != marks[2]


def test_an_alert_that_is_told_again_is_the_same_group() -> None:
    names = source("defender").fingerprint
    again = V2 | {"status": "resolved", "lastUpdateDateTime": "2026-11-21T07:00:00Z", "id": "2"}
    marks = [fingerprint("defender", read(each)[0], names) for each in (V2, again)]
    assert marks[0] == marks[1]


def test_rows_of_advanced_hunting_without_their_envelope() -> None:
    row = INFO | {"DeviceName": "pc1", "Timestamp": "2026-11-20T07:00:00Z"}
    (found,) = read(row)
    assert (found.title, found.target_host) == ("Mimikatz", "pc1")
    assert read(row | {"EntityType": "Ip", "EvidenceRole": "Related"}) == ()
    device = {"time": "x", "category": "AdvancedHunting-DeviceAlertEvents", "properties": row}
    assert read(device) == (found,)
    (old,) = read({"AlertTitle": "Old", "AlertTime": "2026-11-20T07:00:00Z", "Severity": "Low",
                   "ComputerDnsName": "pc1", "AlertId": "a"})  # fmt: skip
    assert (old.title, old.target_host, old.severity) == ("Old", "pc1", 2)
    assert old.occurred == datetime(2026, 11, 20, 7, tzinfo=UTC)


def test_an_incident_that_filebeat_took_apart() -> None:
    """One record an alert, which is an object there and no list."""
    (found,) = read({
        "incidentId": 12, "incidentName": "12", "severity": "Low", "status": "Active",
        "alerts": {"alertId": "da1", "title": "Worm", "severity": "High", "devices":
                   [{"deviceDnsName": "pc1"}], "serviceSource": "MicrosoftDefenderATP"},
    })  # fmt: skip
    assert (found.title, found.severity, found.target_host) == ("Worm", 4, "pc1")


@pytest.mark.parametrize("sort", ["assessments", "assessments/subAssessments", "secureScores"])
def test_how_things_stand_is_no_alert(sort: str) -> None:
    told = {"displayName": "Ports should be closed", "status": {"code": "Unhealthy"}}
    assert not read({"id": "/s/1", "type": f"Microsoft.Security/{sort}", "properties": told})


def test_an_incident_that_went_up_in_another_is_none() -> None:
    told = {"incidentId": 1, "incidentName": "I", "severity": "High", "alerts": []}
    assert read(told | {"status": "Active"})
    assert not read(told | {"status": "Redirected", "redirectIncidentId": 2})


def test_an_alert_of_defender_for_cloud() -> None:
    (found,) = read({
        "SystemAlertId": "s-1", "AlertType": "VM_X", "AlertDisplayName": "From a bad address",
        "Severity": "High", "Status": "New", "CompromisedEntity": "vm-1",
        "EndTimeUtc": "2026-11-20T07:00:00Z", "TimeGenerated": "2026-11-20T09:00:00Z",
    })  # fmt: skip
    assert (found.ref, found.rule, found.target_host) == ("s-1", "VM_X", "vm-1")
    assert found.occurred == datetime(2026, 11, 20, 7, 0, tzinfo=UTC)


def test_an_alert_of_defender_for_cloud_apps() -> None:
    (found,) = read({
        "_id": "5c", "title": "Impossible travel", "severityValue": 2, "statusValue": 1,
        "timestamp": 1763622062123, "threatScore": 19,
        "entities": [{"id": "n", "label": "kim@example.org", "type": "account"},
                     {"id": "i", "label": "198.51.100.7", "type": "ip"}],
    })  # fmt: skip
    assert (found.user, found.source_host) == ("kim@example.org", "198.51.100.7")
    assert (found.severity, found.ref) == (Severity.HIGH, "5c")


def test_an_alert_of_microsoft_365_is_known_by_its_policy() -> None:
    told = {"AlertType": "System", "Severity": "Low", "Status": "Active", "AlertId": "a-1",
            "EntityType": "User", "AlertEntityId": "bo@example.org", "Id": "r-1"}  # fmt: skip
    (phish,) = read(told | {"Title": "Phish delivered", "PolicyId": "p-1"})
    (forward,) = read(told | {"Title": "Forwarding set up", "PolicyId": "p-2"})
    assert (phish.rule, phish.user, phish.ref) == ("p-1", "bo@example.org", "a-1")
    names = source("defender").fingerprint
    assert fingerprint("defender", phish, names) != fingerprint("defender", forward, names)


@pytest.mark.parametrize(
    ("evidence", "user"),
    [
        ({"processId": 1, "userAccount": {"accountName": "ola"}}, "ola"),
        ({"deviceDnsName": "pc-1", "loggedOnUsers": [{"accountName": "lo"}]}, "lo"),
        ({"userAccount": {"accountName": "SYSTEM"}}, ""),
    ],
)
def test_who_was_at_the_machine_is_the_account_if_no_other_is_told(
    evidence: dict[str, Any], user: str
) -> None:
    told = {"title": "T", "severity": "low", "status": "new", "id": "1"}
    (found,) = read(told | {"evidence": [evidence | {"@odata.type": "#x.processEvidence"}]})
    assert found.user == user


def test_whom_the_mail_was_for_is_the_account() -> None:
    mail = {"@odata.type": "#x.analyzedMessageEvidence", "recipientEmailAddress": "bo@example.org"}
    (found,) = read({"title": "T", "severity": "low", "status": "new", "evidence": [mail]})
    assert found.user == "bo@example.org"


def test_what_one_detector_finds_is_kept_apart_by_its_name() -> None:
    told = {"detectorId": "d-1", "severity": "low", "status": "new", "computerDnsName": "pc-1"}
    ((one,), (two,), (same,)) = (
        read(told | {"title": title})
        for title in ("'Foo' malware was detected", "'Bar' malware was detected",
                      "An active 'Foo' malware was detected")
    )  # fmt: skip
    names = source("defender").fingerprint
    assert fingerprint("defender", one, names) != fingerprint("defender", two, names)
    assert fingerprint("defender", one, names) == fingerprint("defender", same, names)
