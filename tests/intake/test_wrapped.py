"""A line that a shipper put into JSON is read as the line it was, with what the shipper tells."""

import json

import pytest

from tests.intake.reading import NOW, alert, messages, outcomes
from vardkase.intake.batch import take_in
from vardkase.intake.registry import source

SAID = "Failed password for eva from 198.51.100.9 port 41"
FULL = f"<86>Nov 20 08:00:00 web1 sshd[7]: {SAID}"
SHIPPERS = {
    "filebeat": {"message": FULL, "@timestamp": "2026-11-20T09:00:00Z"},
    "filebeat, parsed": {
        "message": SAID, "@timestamp": "2026-11-20T07:00:00Z", "host": {"hostname": "web1"},
        "process": {"name": "sshd", "pid": 7}, "log": {"syslog": {"priority": 86}},
    },
    "fluent bit": {
        "pri": "86", "time": "Nov 20 08:00:00", "host": "web1", "ident": "sshd", "message": SAID,
    },
    "vector": {
        "appname": "sshd", "facility": "authpriv", "severity": "info", "hostname": "web1",
        "message": SAID, "timestamp": "2026-11-20T07:00:00Z", "source_type": "syslog",
    },
    "journald": {
        "MESSAGE": SAID, "_HOSTNAME": "web1", "SYSLOG_IDENTIFIER": "sshd", "PRIORITY": "6",
        "SYSLOG_FACILITY": "10", "__REALTIME_TIMESTAMP": "1795158000000000",
    },
    "log analytics": {
        "SyslogMessage": SAID, "Computer": "web1", "ProcessName": "sshd", "SeverityLevel": "info",
        "Facility": "authpriv", "TimeGenerated": "2026-11-20T07:00:00Z",
    },
    "gelf": {
        "version": "1.1", "host": "web1", "short_message": SAID, "level": 6, "facility": "authpriv",
        "timestamp": 1795158000.0, "program": "sshd",
    },
    "splunk": {"event": FULL, "host": "collector", "time": 1795158000},
    "splunk, an alert": {"result": {"_raw": FULL}, "search_name": "x"},
    "a shipper behind another": {"message": json.dumps({"event": {"original": FULL}})},
}  # fmt: skip


@pytest.mark.says("S2-030", "analyser av loggar tillhörande olika tjänster, servrar")
@pytest.mark.parametrize("name", SHIPPERS)
def test_whichever_shipper_brings_it_it_is_the_same_line(name: str) -> None:
    found, plain = alert("syslog", json.dumps(SHIPPERS[name])), alert("syslog", FULL)
    assert (found.title, found.rule, found.severity) == (plain.title, plain.rule, plain.severity)
    assert (found.source_host, found.target_host) == (plain.source_host, plain.target_host)
    assert (found.user, found.occurred) == (plain.user, plain.occurred)
    assert found.fields["facility"] == "authpriv"


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("cef", "CEF:0|Maker|Product|1|100|Worm stopped|9|src=192.0.2.1 suser=eva"),
        ("leef", "LEEF:1.0|Maker|Product|1|100|src=192.0.2.1\tusrName=eva\tsev=9"),
        ("keyvalue", 'src=192.0.2.1 user=eva level=critical msg="Worm stopped"'),
    ],
)
def test_other_lines_come_so_too(name: str, line: str) -> None:
    found = alert(name, json.dumps({"message": line, "host": {"name": "relay"}}))
    assert (found.user, found.severity) == ("eva", 5)
    assert (found.source_host, found.target_host) == ("192.0.2.1", "relay")
    assert found.fields["hostname"] == "relay"


@pytest.mark.parametrize("space", ["", "\n  "])
def test_an_element_of_an_array_is_a_message(space: str) -> None:
    body = f"[{space}" + f",{space}".join([json.dumps({"log": FULL})] * 3 + ['{"a": 1}']) + "]"
    assert outcomes("syslog", body) == ["alerts", "alerts", "alerts", "aside"]
    assert [message.line for message in messages("syslog", body)] == [1, 2, 3, 4]


@pytest.mark.django_db
def test_the_answer_counts_them() -> None:
    body = "\n".join(json.dumps(SHIPPERS[name]) for name in ("filebeat", "vector", "gelf"))
    told = take_in(source("syslog"), body.encode(), received_at=NOW)
    assert (told.received, told.new, told.folded) == (3, 1, 2)


@pytest.mark.parametrize(
    "body",
    ['{"message": 5}', '{"message": ""}', '{"host": "x"}', '{"message": {"deep": "x"}}', "{", "[{"],
)
def test_json_without_a_line_is_no_line(body: str) -> None:
    assert outcomes("syslog", body) == ["aside"]
    assert outcomes("cef", body) == ["aside"]
