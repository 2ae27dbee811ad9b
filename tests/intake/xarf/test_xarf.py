"""X-ARF of every age: 0.2 in a mail, 3 and 4 as JSON, by themselves and as an attachment."""

import json

import pytest

from tests.intake.reading import alert, outcomes
from vardkase.policy.parameter import INTAKE

SAMPLES = INTAKE / "xarf" / "samples"
V4 = (SAMPLES / "v4.json").read_bytes()
V3 = (SAMPLES / "v3.json").read_bytes()
MAIL = (SAMPLES / "login-attack.eml").read_bytes()


def attached(report: bytes) -> bytes:
    return (
        b"From: a@b\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n--x\n"
        b"Content-Type: text/plain\n\nsee the report\n--x\nContent-Type: application/json; "
        b'name="xarf.json"\n\n' + report + b"\n--x--\n"
    )


@pytest.mark.parametrize("body", [V4, attached(V4)])
def test_version_4(body: bytes) -> None:
    found = alert("xarf", body)
    assert (found.rule, found.severity, found.kind) == ("content/phishing", 4, "alert")
    assert found.source_host == "192.0.2.1"
    assert found.ref == "550e8400-e29b-41d4-a716-446655440000"
    assert str(found.occurred) == "2026-11-20 07:00:00+00:00"
    assert found.fields["reporter.org"] == "Example"
    assert not [name for name in found.fields if "payload" in name]


@pytest.mark.parametrize("body", [V3, attached(V3)])
def test_version_3(body: bytes) -> None:
    found = alert("xarf", body)
    assert (found.rule, found.severity) == ("activity/spam", 2)
    assert (found.source_host, found.user) == ("192.0.2.1", "somespammer@example.net")
    assert str(found.occurred) == "2026-11-20 07:00:00+00:00"


def test_version_0_2_is_yaml_in_a_mail() -> None:
    found = alert("xarf", MAIL)
    assert (found.rule, found.severity) == ("abuse/login-attack", 3)
    assert (found.source_host, found.ref) == ("192.0.2.1", "1353449876@example.com")
    assert str(found.occurred) == "2026-11-20 07:00:00+00:00"
    assert found.fields["Service"] == "ssh"


def test_a_weakness_that_someone_found_is_a_vulnerability() -> None:
    body = json.loads(V4) | {"category": "vulnerability", "type": "cve", "cve_id": "CVE-2026-1"}
    assert alert("xarf", json.dumps(body)).kind == "vulnerability"


def test_several_reports_in_one_batch() -> None:
    one = json.dumps(json.loads(V4))
    assert outcomes("xarf", f"{one}\n{one}\n") == ["alerts", "alerts"]
    assert outcomes("xarf", f"[{one},{one}]") == ["alerts", "alerts"]


@pytest.mark.parametrize(
    "body", [b"{}", b'{"xarf_version": 4}', b"[1]", b"From: a@b\n\nSource: x", b"prose"]
)
def test_what_is_no_report_is_set_aside(body: bytes) -> None:
    assert outcomes("xarf", body) == ["aside"]


def test_a_person_s_words_with_colons_are_no_complaint() -> None:
    raw = b"From: eva@region.example\nSubject: x\n\nCategory: virus\nSource: min dator\n"
    assert outcomes("xarf", raw) == ["aside"]


def test_a_report_of_version_4_0_calls_its_area_class() -> None:
    told = {"xarf_version": "4.0.0", "type": "ddos_amplification", "source_identifier": "1.2.3.4",
            "class": "connection", "evidence_source": "flows", 
            "evidence": [{"payload": "MjA="}]}  # fmt: skip
    found = alert("xarf", json.dumps(told))
    assert (found.rule, found.severity) == ("connection/ddos_amplification", 4)
    assert "evidence_source" in found.fields
    assert "evidence" not in found.fields


@pytest.mark.parametrize(
    "source",
    [{"Source": {"URL": "https://bad.example.net:8443/in"}}, {"Url": "http://bad.example.net/"}],
)
def test_what_is_complained_of_may_be_a_page(source: dict[str, object]) -> None:
    report = {"ReportType": "phishing", "Date": "2026-11-20T07:00:00Z"} | source
    assert alert("xarf", json.dumps({"Report": report})).source_host == "bad.example.net"


def test_version_0_1_as_json() -> None:
    told = {"Report-Type": "login-attack", "Category": "abuse", "Source": "192.0.2.9",
            "Date": "Feb  3 2026 02:13:35 +0100"}  # fmt: skip
    found = alert("xarf", json.dumps({"machine_readable": told, "evidence": "x"}))
    assert (found.rule, found.source_host) == ("abuse/login-attack", "192.0.2.9")
    assert str(found.occurred) == "2026-02-03 01:13:35+00:00"
