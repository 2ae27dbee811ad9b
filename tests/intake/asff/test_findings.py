"""Findings of Security Hub, after the reference of the AWS Security Finding Format."""

import json
from typing import Any

import pytest

from tests.intake.reading import messages, outcome
from vardkase.detections.alert import Alert, fingerprint
from vardkase.intake.registry import source
from vardkase.policy.parameter import INTAKE

FINDING, FLAW = json.loads((INTAKE / "asff/samples/findings.json").read_text("utf-8"))["Findings"]


def read(body: Any) -> tuple[Alert, ...]:
    (message,) = messages("asff", json.dumps(body))
    assert outcome(message) in ("alerts", "skipped"), message.aside
    return message.alerts


def test_a_finding_of_an_attack_and_one_of_a_flaw() -> None:
    attack, flaw = read({"Findings": [FINDING, FLAW]})
    assert (attack.kind, attack.severity, attack.source_host) == ("alert", 4, "198.51.100.6")
    assert attack.target_host == "192.0.2.20"
    assert (flaw.kind, flaw.severity, flaw.rule) == ("vulnerability", 5, "CVE-2026-0001")


@pytest.mark.parametrize(
    "wrap",
    [
        lambda f: f, lambda f: {"findings": [f]}, lambda f: {"Findings": [f], "NextToken": "x"},
        lambda f: {"version": "0", "detail-type": "Security Hub Findings - Imported",
                   "detail": {"findings": [f]}},
        lambda f: {"Type": "Notification", "Message": json.dumps({"detail": {"findings": [f]}})},
        lambda f: {"Records": [{"body": json.dumps({"detail": {"findings": [f]}})}]},
        lambda f: {"Records": [{"Sns": {"Message": json.dumps({"findings": [f]})}}]},
    ],
)  # fmt: skip
def test_its_envelopes(wrap: Any) -> None:
    assert read(wrap(FINDING)) == read(FINDING)


@pytest.mark.parametrize(
    ("told", "severity"),
    [
        ({"Label": "INFORMATIONAL"}, 1), ({"Label": "critical"}, 5), ({"Normalized": 0}, 1),
        ({"Normalized": 1}, 2), ({"Normalized": 39}, 2), ({"Normalized": 40}, 3),
        ({"Normalized": 69}, 3), ({"Normalized": 70}, 4), ({"Normalized": 90}, 5),
        ({"Label": "?", "Normalized": "90"}, 5), ({"Original": "High"}, 4), ({"Product": 8}, 2),
        ({}, 3), (None, 3), ("HIGH", 4),
    ],
)  # fmt: skip
def test_severities(told: Any, severity: int) -> None:
    assert read(FINDING | {"Severity": told})[0].severity == severity


def test_what_is_archived_or_dealt_with_is_passed_over() -> None:
    for more in ({"RecordState": "ARCHIVED"}, {"Workflow": {"Status": "RESOLVED"}},
                 {"Workflow": {"Status": "SUPPRESSED"}}):  # fmt: skip
        assert read(FINDING | more) == ()
    assert read({"findings": []}) == ()


def test_a_finding_is_known_by_its_id() -> None:
    names = source("asff").fingerprint
    later = FINDING | {"UpdatedAt": "2026-11-21T00:00:00Z", "Severity": {"Label": "LOW"}}
    marks = [fingerprint("asff", read(each)[0], names) for each in (FINDING, later, FLAW)]
    assert marks[0] == marks[1] != marks[2]


def test_an_array_of_findings_is_as_many_messages() -> None:
    assert len(messages("asff", json.dumps([FINDING, FLAW]))) == 2


def test_a_finding_of_guardduty_is_known_by_its_sort() -> None:
    (found,) = read({
        "SchemaVersion": "2018-10-08", "Id": "f", "Title": "T", "Severity": {"Label": "LOW"},
        "GeneratorId": "arn:aws:guardduty:eu-north-1:1:detector/d",
        "Types": ["TTPs/Discovery/Recon:EC2-Portscan"], "ProductArn": "p",
        "Action": {"PortProbeAction": {"PortProbeDetails": [
            {"RemoteIpDetails": {"IpAddressV4": "198.51.100.8"}}]}},
    })  # fmt: skip
    assert (found.rule, found.source_host) == ("Recon:EC2-Portscan", "198.51.100.8")


def test_counts_of_findings_are_passed_over() -> None:
    told = {"detail-type": "Security Hub Insight Results", "source": "aws.securityhub"}
    assert not read(told | {"detail": {"insightResults": [{"i-1": 5}]}})
