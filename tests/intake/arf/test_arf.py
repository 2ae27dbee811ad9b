"""Abuse reports by mail (RFC 5965): their fields, the mail complained of, hostile mail."""

import base64
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.intake.reading import alert, outcomes
from vardkase.detections.alert import fingerprint
from vardkase.intake.registry import source
from vardkase.policy.parameter import INTAKE

SAMPLE = (INTAKE / "arf" / "samples" / "abuse.eml").read_bytes()
MAIL = Path(__file__).parents[3].parent / "shared" / "data" / "mail"


@pytest.mark.says("S1-26", "upptäckta incidenter anmäls i tekniska system")
def test_the_report_and_the_mail_it_is_about() -> None:
    found = alert("arf", SAMPLE)
    assert found.title == "Abuse report (abuse): Tjäna pengar"
    assert (found.rule, found.severity) == ("abuse", 2)
    assert (found.source_host, found.target_host) == ("192.0.2.1", "mail.example.com")
    assert found.user == "somespammer@example.net"
    assert found.ref == "20261120.1@example.com"
    assert str(found.occurred) == "2026-11-20 07:00:00+00:00"
    assert found.fields["Original-Rcpt-To.2"] == "<other@example.com>"
    assert found.fields["Authentication-Results"].endswith("smtp.mail=somespammer@example.com")
    assert found.fields["original.Subject"] == "Tjäna pengar"


@pytest.mark.parametrize(
    ("kind", "severity"),
    [("fraud", 4), ("virus", 4), ("not-spam", 1), ("other", 2), ("x-new-sort", 2)],
)
def test_sorts_of_complaint(kind: str, severity: int) -> None:
    body = SAMPLE.replace(b"Feedback-Type: abuse", b"Feedback-Type: " + kind.encode())
    assert alert("arf", body).severity == severity


def test_a_report_that_was_encoded_against_the_rules_or_has_a_blank_line_first() -> None:
    start = SAMPLE.index(b"Feedback-Type")
    end = SAMPLE.index(b"\n\n--part1", start)
    fields = SAMPLE[start:end]
    blank = SAMPLE.replace(fields, b"\n" + fields)
    assert alert("arf", blank).source_host == "192.0.2.1"
    encoded = SAMPLE.replace(
        b"feedback-report\n\n" + fields,
        b"feedback-report\nContent-Transfer-Encoding: base64\n\n" + base64.encodebytes(fields),
    )
    assert alert("arf", encoded).source_host == "192.0.2.1"


def test_line_ends_of_either_sort_and_a_forwarded_report() -> None:
    assert alert("arf", SAMPLE.replace(b"\n", b"\r\n")).source_host == "192.0.2.1"
    forwarded = b"From: a@b\nContent-Type: message/rfc822\n\n" + SAMPLE
    assert alert("arf", forwarded).source_host == "192.0.2.1"


def test_an_mbox_holds_several() -> None:
    one = b"From MAILER-DAEMON Fri Nov 20 08:00:00 2026\n" + SAMPLE + b"\n\n"
    assert outcomes("arf", one + one) == ["alerts", "alerts"]


@pytest.mark.parametrize(
    "body", [b"From: a@b\nSubject: hi\n\nno report", b"no mail at all", SAMPLE[:400]]
)
def test_other_mail_is_set_aside(body: bytes) -> None:
    assert outcomes("arf", body) == ["aside"]


@pytest.mark.parametrize(
    "body",
    [
        b"".join(b'Content-Type: multipart/x;boundary="%d"\n\n--%d\n' % (n, n) for n in range(99)),
        b"Content-Type: message/rfc822\n\n" * 5000,
        SAMPLE.replace(b"US-ASCII", b"x-no-such-charset"),
        SAMPLE.replace(b"utf-8?q?", b"x-no-such?q?"),
        SAMPLE.replace(b"Subject: =?", b"Subject: =?" * 5000),
        SAMPLE.replace(b"192.0.2.1", b"\xff\xfe\0"),
        SAMPLE.replace(b'charset="US-ASCII"', b'charset="x\0y"').replace(b"This is", b"\xe5"),
        b"From: a\nContent-Type: text/plain; charset=a\0b\nContent-Transfer-Encoding: 8bit\n\n\xe5",
        SAMPLE.replace(b"message/feedback-report", b'message/feedback-report; name*0*="%ff'),
    ],
)  # fmt: skip
def test_hostile_mail_is_read_or_set_aside(body: bytes) -> None:
    assert set(outcomes("arf", body)) <= {"alerts", "aside"}
    outcomes("xarf", body)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(SAMPLE)), st.integers(0, 60), st.binary(max_size=20))
def test_no_damage_stops_the_reading(at: int, gone: int, put: bytes) -> None:
    body = SAMPLE[:at] + put + SAMPLE[at + gone :]
    for name in ("arf", "xarf"):
        outcomes(name, body)


@pytest.mark.skipif(not MAIL.is_dir(), reason="the real mail is not on this machine")
def test_every_real_report_is_understood_and_no_other_mail_is() -> None:
    for path in (path for path in MAIL.rglob("*") if path.is_file() and path.stat().st_size):
        told = outcomes("arf", path.read_bytes())
        is_report = path.parent.name == "arf" and path.suffix == ".eml"
        assert (told == ["alerts"]) == is_report, path
        assert "alerts" not in outcomes("xarf", path.read_bytes())


def test_each_mail_of_a_list_is_the_same_complaint() -> None:
    """Senders of lists make an address anew for each mail, to know what bounces."""
    told = b"Original-Mail-From: <somespammer@example.net>"
    assert told in SAMPLE
    made = [SAMPLE.replace(told, told.replace(b"somespammer", each)) for each in (b"b-12345-u=x",
            b"b-67890-v=y", b"anna")]  # fmt: skip
    names = source("arf").fingerprint
    one, two, three = (fingerprint("arf", alert("arf", each), names) for each in made)
    assert one == two != three


@pytest.mark.parametrize(
    "subject", ["complaint about message from 192.0.2.77", "[SpamCop (192.0.2.77) id:7000]Deal"]
)
def test_complaints_in_forms_of_their_own(subject: str) -> None:
    body = f"From: c@example.net\nSubject: {subject}\nDate: Fri, 20 Nov 2026 08:00:00 +0100\n\nx\n"
    found = alert("arf", body)
    assert (found.rule, found.source_host) == ("abuse", "192.0.2.77")
    assert outcomes("arf", body.replace("Subject: ", "Subject: Fwd: ")) == ["aside"]


def test_parts_called_otherwise_and_addresses_of_version_6() -> None:
    named = SAMPLE.replace(b"message/feedback-report", b"text/plain")
    assert alert("arf", named).source_host == "192.0.2.1"
    text = named.replace(b"report-type=feedback-report", b"charset=x")
    assert outcomes("arf", text) == ["aside"]
    new = SAMPLE.replace(b"Source-IP: 192.0.2.1", b"Source-IP: [IPv6:2001:db8::7]")
    assert alert("arf", new).source_host == "2001:db8::7"
    headers = SAMPLE.replace(b"message/rfc822", b"message/rfc822-headers")
    assert alert("arf", headers).title == "Abuse report (abuse): Tjäna pengar"
