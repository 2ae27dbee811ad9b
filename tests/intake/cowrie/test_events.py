"""Cowrie's events, after its "Output Event Code Reference"."""

import json
from typing import Any

import pytest

from tests.intake.reading import alert, outcomes
from vardkase.detections.alert import fingerprint
from vardkase.intake.registry import source

COMMON = {"sensor": "hp-01", "timestamp": "2026-11-20T07:03:21.481902Z", "src_ip": "198.51.100.42",
          "session": "a1b2c3d4e5f6", "message": "m"}  # fmt: skip


def event(kind: str, **more: Any) -> str:
    return json.dumps(COMMON | {"eventid": kind} | more)


@pytest.mark.parametrize(
    ("kind", "severity"),
    [
        ("cowrie.login.failed", 2), ("cowrie.login.success", 4), ("cowrie.command.input", 4),
        ("cowrie.command.failed", 3), ("cowrie.session.file_download", 4),
        ("cowrie.session.file_upload", 4), ("cowrie.direct-tcpip.request", 3),
        ("cowrie.virustotal.scanfile", 4),
    ],
)  # fmt: skip
def test_what_an_intruder_does_raises_an_alert(kind: str, severity: int) -> None:
    found = alert("cowrie", event(kind))
    assert (found.severity, found.rule) == (severity, kind)
    assert (found.source_host, found.target_host) == ("198.51.100.42", "hp-01")


@pytest.mark.parametrize(
    "kind",
    ["session.connect", "session.closed", "session.params", "client.version", "client.kex",
     "client.size", "client.var", "client.fingerprint", "log.closed", "log.open",
     "direct-tcpip.data", "brand.new"],
)  # fmt: skip
def test_the_rest_is_passed_over(kind: str) -> None:
    assert outcomes("cowrie", event(f"cowrie.{kind}")) == ["skipped"]


def test_a_password_that_was_tried_is_shown_nowhere() -> None:
    found = alert("cowrie", event("cowrie.login.failed", username="anna", password="Hemligt1",
                                  message="login attempt [anna/Hemligt1] failed"))  # fmt: skip
    assert found.user == "anna"
    assert "Hemligt1" not in str(found)


def test_the_message_may_be_a_list_or_missing() -> None:
    assert alert("cowrie", event("cowrie.command.input", message=["CMD: id"])).title == "CMD: id"
    assert alert("cowrie", event("cowrie.command.input", message=[])).title.startswith("Honeypot")


def test_what_is_done_from_one_address_is_one_group_each() -> None:
    names = source("cowrie").fingerprint
    one = alert("cowrie", event("cowrie.login.failed", username="a", session="1"))
    two = alert("cowrie", event("cowrie.login.failed", username="b", session="2"))
    three = alert("cowrie", event("cowrie.login.failed", src_ip="198.51.100.43"))
    marks = [fingerprint("cowrie", each, names) for each in (one, two, three)]
    assert marks[0] == marks[1] != marks[2]


def test_a_password_that_was_set_is_shown_nowhere() -> None:
    told = event("cowrie.command.input", realm="passwd", input="Hemligt1",
                 message="INPUT (passwd): Hemligt1")  # fmt: skip
    found = alert("cowrie", told)
    assert found.title == "Honeypot: command.input passwd"
    assert "Hemligt1" not in str(found)


def test_a_file_in_which_no_engine_found_anything_is_passed_over() -> None:
    assert outcomes("cowrie", event("cowrie.virustotal.scanfile", positives=0)) == ["skipped"]
    assert outcomes("cowrie", event("cowrie.virustotal.scanfile", positives=1)) == ["alerts"]
    assert outcomes("cowrie", event("cowrie.virustotal.scanfile", is_new="true")) == ["alerts"]
