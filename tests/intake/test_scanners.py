"""Reports of scanners, after their makers' documents: one message, a group for each finding."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.intake.reading import alert, messages, outcome
from vardkase.detections.alert import Alert, Severity
from vardkase.intake.registry import source
from vardkase.policy.parameter import INTAKE


def read(name: str, body: Any) -> tuple[Alert, ...]:
    told = body if isinstance(body, str | bytes) else json.dumps(body)
    (message,) = messages(name, told)
    assert outcome(message) in ("alerts", "skipped"), message.aside
    assert all(alert.kind == "vulnerability" for alert in message.alerts)
    return message.alerts


def sample(name: str, file: str) -> bytes:
    return (INTAKE / name / "samples" / file).read_bytes()


# --- nmap


def test_an_open_port_is_a_finding_and_a_closed_one_is_none() -> None:
    found = read("nmap", sample("nmap", "scan.xml"))
    assert [alert.rule for alert in found] == [
        "open port tcp/23", "open port tcp/80", "http-made-up", "CVE-2026-0002",
    ]  # fmt: skip
    assert [alert.severity for alert in found] == [3, 1, 4, 5]
    assert {alert.target_host for alert in found} == {"192.0.2.30"}
    assert found[0].fields["product"] == "Made up telnetd 1.0"
    assert found[0].fields["hostname"] == "web1.example.org"
    assert found[2].title == "http-made-up: A made up hole"
    assert found[0].occurred == datetime(2025, 11, 20, 7, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("output", "severity"),
    [("State: VULNERABLE", 4), ("State: VULNERABLE (Exploitable)", 5), ("VULNERABLE:\n x", 4),
     ("State: LIKELY VULNERABLE", 3), ("State: NOT VULNERABLE", None), ("all is well", None)],
)  # fmt: skip
def test_what_a_script_says(output: str, severity: int | None) -> None:
    body = (f'<nmaprun><host><address addr="::1" addrtype="ipv6"/><hostscript>'
            f'<script id="smb-vuln" output="{output}"/></hostscript></host></nmaprun>')  # fmt: skip
    assert [alert.severity for alert in read("nmap", body)] == [severity] * bool(severity)


def test_a_scan_that_found_nothing_is_passed_over() -> None:
    assert read("nmap", "<nmaprun><runstats/></nmaprun>") == ()
    assert read("nmap", b'<nmaprun><host><status state="down"/></host></nmaprun>') == ()


# --- OpenVAS


def test_results_in_xml_and_csv_are_the_same() -> None:
    flaw, note = read("openvas", sample("openvas", "report.xml"))
    assert (flaw.rule, flaw.severity) == ("1.3.6.1.4.1.25623.1.0.1", Severity.MEDIUM)
    assert (flaw.target_host, flaw.fields["port"]) == ("192.0.2.30", "443/tcp")
    assert (flaw.fields["cves"], flaw.fields["hostname"]) == ("CVE-2026-0001", "web1.example.org")
    assert note.severity == Severity.INFORMATIONAL
    (row,) = read("openvas", sample("openvas", "report.csv"))
    for name in ("rule", "severity", "target_host", "title", "occurred"):
        assert name == "occurred" or getattr(row, name) == getattr(flaw, name)
    assert row.fields["port"] == flaw.fields["port"]


@pytest.mark.parametrize(
    ("threat", "score", "severity"),
    [("High", "9.8", 5), ("High", "7.0", 4), ("Critical", "", 5), ("Medium", "", 3),
     ("Low", "0.1", 2), ("Log", "0.0", 1), ("", "5,5", 3), ("False Positive", "-1.0", None),
     ("Debug", "-2.0", None),
     ("Error", "-3.0", None), ("Alarm", "x", 4)],
)  # fmt: skip
def test_scores_go_before_words(threat: str, score: str, severity: int | None) -> None:
    told = f"<threat>{threat}</threat><severity>{score}</severity>"
    nvt = "<nvt oid='1'><name>n</name></nvt>"
    body = f"<results><result id='1'><host>h</host>{nvt}{told}</result></results>"
    assert [alert.severity for alert in read("openvas", body)] == [severity] * bool(severity)


def test_reports_without_results_are_passed_over() -> None:
    for body in ("<report><report><results/></report></report>", "<report><gmp/></report>",
                 "IP,Hostname,Port,CVSS,Severity,NVT Name\n"):  # fmt: skip
        assert read("openvas", body) == ()


def test_csv_with_other_separators() -> None:
    (found,) = read("openvas", "\ufeffIP;Hostname;Port;Port Protocol;CVSS;Severity;NVT Name\r\n"
                               "192.0.2.1;h;22;tcp;7,5;High;Made up\r\n")  # fmt: skip
    assert (found.severity, found.fields["port"]) == (Severity.HIGH, "22/tcp")


# --- Trivy


def test_the_four_kinds_of_an_image() -> None:
    found = read("trivy", sample("trivy", "image.json"))
    assert [(alert.fields["list"], alert.rule, alert.severity) for alert in found] == [
        ("Vulnerabilities", "CVE-2026-0001", 5), ("Misconfigurations", "AVD-DS-0002", 4),
        ("Secrets", "private-key", 4), ("Licenses", "GPL-3.0", 4),
    ]  # fmt: skip
    assert {alert.target_host for alert in found} == {"registry.example.org/app:1"}
    assert found[0].fields["fixed"] == "3.0.1"


def test_clusters_and_the_operator() -> None:
    (found,) = read("trivy", sample("trivy", "cluster.json"))
    assert found.target_host == "k1/default/Deployment/web"
    (found,) = read("trivy", sample("trivy", "operator.json"))
    assert (found.target_host, found.rule) == ("default/ReplicaSet/web", "CVE-2026-0001")
    assert found.fields["target"] == "library/nginx:1.16"
    item = json.loads(sample("trivy", "operator.json"))
    for body in ({"verb": "update", "operatorObject": item}, {"kind": "List", "items": [item]}):
        assert read("trivy", body) == (found,)


def test_before_schema_2_a_report_was_an_array_and_still_is_one_message() -> None:
    result = {"Target": "t", "Vulnerabilities": [{"VulnerabilityID": "CVE-1", "PkgName": "p"}]}
    assert len(read("trivy", [result, {"Target": "u", "Vulnerabilities": None}])) == 1
    for body in ([], None, {"SchemaVersion": 2, "ArtifactName": "x", "Results": None},
                 {"SchemaVersion": 2, "ArtifactName": "x"}, [{"Target": "x"}]):  # fmt: skip
        assert read("trivy", body) == ()


def test_what_the_controls_of_a_compliance_report_found() -> None:
    result = {"Target": "t", "Class": "config", "Misconfigurations": [
        {"AVDID": "AVD-KSV-0001", "Title": "x", "Severity": "LOW", "Status": "FAIL"}]}  # fmt: skip
    control = {"ID": "1.0", "Name": "Non-root", "Severity": "MEDIUM", "Results": [result]}
    (found,) = read("trivy", {"ID": "k8s-nsa", "Title": "NSA", "Results": [control, {"ID": "2"}]})
    assert (found.rule, found.severity) == ("AVD-KSV-0001", Severity.LOW)


def test_the_same_flaw_in_a_later_version_of_a_package_is_the_same_group() -> None:
    assert "installed" not in source("trivy").fingerprint


# --- ZAP


def test_alerts_in_xml_and_json_are_the_same() -> None:
    (xml,) = read("zap", sample("zap", "report.xml"))
    (told,) = read("zap", sample("zap", "report.json"))
    for found in (xml, told):
        assert (found.rule, found.severity) == ("10020-1", Severity.MEDIUM)
        assert (found.target_host, found.fields["port"]) == ("app.example.org", "443")
        assert found.fields["desc"] == "A header is missing."
        assert found.occurred == datetime(2026, 11, 20, 6, tzinfo=UTC)


def test_what_zap_calls_a_false_positive_is_passed_over() -> None:
    body = sample("zap", "report.json").replace(b'"confidence": "2"', b'"confidence": "0"')
    assert read("zap", body) == ()
    assert read("zap", {"@version": "2", "site": []}) == ()


def test_alerts_of_the_api() -> None:
    (found,) = read("zap", {"alerts": [{"pluginId": "10020", "alert": "X", "risk": "High",
                                        "url": "https://a.example.org:8443/x", "method": "GET",
                                        "confidence": "Medium", "description": "d"}]})  # fmt: skip
    assert (found.severity, found.target_host) == (Severity.HIGH, "a.example.org")


def test_what_a_script_of_nmap_found_names_its_cves() -> None:
    found = alert(
        "nmap",
        '<nmaprun><host><address addr="2001:db8::7" addrtype="ipv6"/><hostscript><script id="smb-x"'
        ' output="&#xa;  VULNERABLE:&#xa;  SMB flaw&#xa;    State: VULNERABLE&#xa;    IDs:  CVE:'
        'CVE-2017-0143"/></hostscript></host></nmaprun>',
    )
    assert (found.title, found.fields["cves"]) == ("smb-x: SMB flaw", "CVE-2017-0143")


def test_zap_tells_its_time_with_a_zone_where_it_can() -> None:
    found = alert(
        "zap",
        '{"@generated": "Fri, 20 Nov 2026 08:00:00", "created": "2026-11-20T07:00:00.123456789Z",'
        ' "site": [{"@name": "https://app.example.se", "alerts": [{"pluginid": "1", "alert": "x",'
        ' "riskcode": "1"}]}]}',
    )
    assert f"{found.occurred:%H:%M}" == "07:00"


def test_a_result_of_openvas_without_a_time_is_of_its_report() -> None:
    found = alert(
        "openvas",
        "<report><report><scan_start>2026-11-20T07:00:00Z</scan_start><results><result><name>x</name>"
        '<host>192.0.2.7</host><nvt oid="1.2"/><severity>5.0</severity></result></results></report>'
        "</report>",
    )
    assert f"{found.occurred:%H:%M}" == "07:00"
