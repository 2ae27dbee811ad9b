"""Whoever brings a source's records in JSON of his own, the records are found and read."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.intake.reading import messages, outcome, outcomes
from vardkase.detections.alert import Alert

RECORDS: dict[str, dict[str, Any]] = {
    "suricata": {
        "timestamp": "2026-11-20T08:00:00.1+0000", "event_type": "alert", "src_ip": "192.0.2.1",
        "dest_ip": "192.0.2.2", "alert": {"signature": "Worm", "signature_id": 1, "severity": 1},
    },
    "wazuh": {
        "timestamp": "2026-11-20T08:00:00.1+0000", "id": "1.2", "agent": {"id": "1", "name": "a"},
        "rule": {"level": 12, "description": "Worm", "id": "5"}, "data": {"srcip": "192.0.2.1"},
    },
    "cowrie": {
        "eventid": "cowrie.login.success", "username": "root", "src_ip": "192.0.2.1", "sensor": "s",
        "timestamp": "2026-11-20T08:00:00.1Z", "session": "ab",
    },
    "alertmanager": {
        "receiver": "r", "alerts": [{"labels": {"alertname": "Worm", "severity": "high"},
                                     "startsAt": "2026-11-20T08:00:00Z"}],
    },
    "zeek": {
        "_path": "notice", "ts": "2026-11-20T08:00:00Z", "note": "Intel::Notice", "msg": "Worm",
        "src": "192.0.2.1", "dst": "192.0.2.2",
    },
    "asff": {
        "SchemaVersion": "2018-10-08", "Id": "arn:x", "GeneratorId": "g", "AwsAccountId": "1",
        "UpdatedAt": "2026-11-20T08:00:00Z", "Severity": {"Label": "HIGH"}, "Title": "Worm",
        "Resources": [{"Type": "AwsEc2Instance", "Id": "i-1"}],
    },
    "ecs": {
        "@timestamp": "2026-11-20T08:00:00Z", "event": {"kind": "alert", "severity": 73},
        "rule": {"name": "Worm", "id": "i"}, "host": {"name": "h"},
    },
    "defender": {
        "id": "da1", "title": "Worm", "severity": "High", "status": "New",
        "alertCreationTime": "2026-11-20T08:00:00Z", "detectionSource": "WindowsDefenderAv",
    },
    "sentinel": {
        "properties": {"title": "Worm", "severity": "High", "status": "New", "incidentNumber": 5,
                       "createdTimeUtc": "2026-11-20T08:00:00Z"},
    },
}  # fmt: skip
ENVELOPES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "Beats": lambda r: {"@timestamp": "2026-11-20T09:00:00Z", "message": json.dumps(r),
                        "agent": {"type": "filebeat"}, "host": {"name": "relay"}},
    "Logstash": lambda r: {"event": {"original": json.dumps(r)}, "@version": "1"},
    "a search": lambda r: {"hits": {"total": 1, "hits": [{"_index": "x", "_source": r}]}},
    "Splunk": lambda r: {"event": r, "time": 1, "sourcetype": "x"},
    "SNS": lambda r: {"Type": "Notification", "Message": json.dumps(r)},
    "SQS": lambda r: {"Records": [{"messageId": "1", "body": json.dumps(r)}]},
    "EventBridge": lambda r: {"detail-type": "x", "source": "y", "detail": r},
    "CloudWatch": lambda r: {"logEvents": [{"id": "1", "message": json.dumps(r)}]},
    "Fluent Bit": lambda r: {"date": 1.5, "log": json.dumps(r)},
    "one within another": lambda r: {"Message": json.dumps({"detail": {"message": r}})},
}  # fmt: skip


def only(name: str, body: str) -> Alert:
    (message,) = messages(name, body)
    assert outcome(message) == "alerts", message.aside
    (found,) = message.alerts
    return found


@pytest.mark.says("S2-028", "varningar från övervakningssystem så som exempelvis IDS/IDP")
@pytest.mark.parametrize("envelope", ENVELOPES)
@pytest.mark.parametrize("name", RECORDS)
def test_a_record_is_the_same_in_every_envelope(name: str, envelope: str) -> None:
    record = RECORDS[name]
    found = only(name, json.dumps(ENVELOPES[envelope](record)))
    assert found == only(name, json.dumps(record))
    assert found.severity == 4
    assert found.occurred is not None
    assert found.occurred.hour == 8


@pytest.mark.parametrize("name", RECORDS)
@pytest.mark.parametrize("head", ["<13>Nov 20 08:00:00 h app[1]: ", "Nov 20 08:00:00 h app: "])
def test_a_syslog_daemon_writes_words_before_it(name: str, head: str) -> None:
    body = "\n".join([head + json.dumps(RECORDS[name])] * 2)
    assert outcomes(name, body) == ["alerts", "alerts"]


@pytest.mark.parametrize("name", RECORDS)
def test_a_line_for_elasticsearch_itself_is_understood_and_no_alert(name: str) -> None:
    assert outcomes(name, '{"index":{"_index":"x"}}\n' + json.dumps(RECORDS[name])) == [
        "skipped", "alerts",
    ]  # fmt: skip


@pytest.mark.parametrize("name", RECORDS)
def test_what_holds_nothing_of_ours_is_set_aside(name: str) -> None:
    deep: Any = {"n": 1}
    for _ in range(200):
        deep = {"message": deep, "data": [deep, deep]} if _ < 8 else {"message": deep}
    for body in (deep, {"message": "x {"}, {"Records": [{"body": "{}"}]}, {"data": []}):
        assert outcomes(name, json.dumps(body)) == ["aside"]


def test_an_envelope_with_several_is_one_message_with_several_alerts() -> None:
    body = {"Records": [{"body": json.dumps(RECORDS["suricata"])}] * 3}
    (message,) = messages("suricata", json.dumps(body))
    assert len(message.alerts) == 3


def test_what_the_module_of_filebeat_moved_is_put_back() -> None:
    found = only("suricata", json.dumps({
        "@timestamp": "2026-11-20T08:00:00Z", "suricata": {"eve": {"event_type": "alert",
        "alert": {"action": "allowed"}}}, "source": {"ip": "192.0.2.1"},
        "destination": {"ip": "192.0.2.2"}, "rule": {"name": "Worm", "id": "7"},
        "event": {"severity": 1},
    }))  # fmt: skip
    assert (found.title, found.rule, found.severity) == ("Worm", "1:7", 4)
    assert (found.source_host, found.target_host) == ("192.0.2.1", "192.0.2.2")


def test_the_syslog_output_of_wazuh_as_json() -> None:
    found = only("wazuh", "<132>Nov 20 08:00:00 m ossec: " + json.dumps({
        "crit": 12, "id": "5712", "component": "(web1) any->/var/log/auth.log", "srcip":
        "192.0.2.1", "classification": "sshd,", "description": "Brute force", "message": "x",
    }))  # fmt: skip
    assert (found.title, found.rule, found.severity) == ("Brute force", "5712", 4)
    assert (found.source_host, found.target_host) == ("192.0.2.1", "web1")
