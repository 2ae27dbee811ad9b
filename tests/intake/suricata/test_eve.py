"""Suricata's EVE, after the chapters "EVE JSON Output" and "EVE JSON Format" of its User Guide."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from vardkase.detections.alert import Alert, Severity, fingerprint
from vardkase.intake.batch import folded, glanced
from vardkase.intake.json_text import loads
from vardkase.intake.policy import policy
from vardkase.intake.registry import source
from vardkase.intake.suricata.eve import KINDS, understand
from vardkase.policy.parameter import INTAKE, overlay

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
SAMPLES = (INTAKE / "suricata/samples/eve.ndjson").read_bytes().splitlines()
SIGN = {"action": "allowed", "gid": 1, "signature_id": 2100498, "rev": 7, "severity": 2,
        "signature": "GPL ATTACK_RESPONSE id check returned root", "category": "Bad"}  # fmt: skip
ALERT = {
    "timestamp": "2026-11-20T07:00:00.123456+0100", "event_type": "alert", "flow_id": 1,
    "src_ip": "198.51.100.7", "src_port": 4000, "dest_ip": "192.0.2.10", "dest_port": 22,
    "proto": "TCP", "alert": SIGN,
}  # fmt: skip


def read(*records: Any) -> list[tuple[Alert, ...]]:
    body = "\n".join(json.dumps(record) for record in records).encode()
    messages = list(source("suricata").read(body, NOW))
    assert not any(m.aside or m.refused for m in messages)
    return [m.alerts for m in messages]


def alert(**changes: Any) -> Alert:
    ((found,),) = read(ALERT | changes)
    return found


def test_an_alert_is_read() -> None:
    found = alert()
    assert found.title == "GPL ATTACK_RESPONSE id check returned root"
    assert (found.rule, found.severity) == ("1:2100498", Severity.MEDIUM)
    assert (found.source_host, found.target_host) == ("198.51.100.7", "192.0.2.10")
    assert found.occurred == datetime(2026, 11, 20, 6, 0, 0, 123456, tzinfo=UTC)
    assert found.fields["dest_port"] == "22"


@pytest.mark.parametrize("raw", SAMPLES)
def test_the_quick_way_reads_what_the_slow_way_reads(raw: bytes) -> None:
    (message,) = source("suricata").read(raw, NOW)
    assert message.alerts == understand(loads(raw), policy("suricata", NOW))


OTHERS = [
    b"{}", b"{]", b"", b",", b'{"event_type": "dns", "dns": {}}', b'{"event_type": "alert"}',
    json.dumps(ALERT | {"user": "anna"}).encode(), json.dumps(ALERT | {"host": "\0"}).encode(),
    json.dumps(ALERT | {"timestamp": "2026-11-20T05:00:00+0000"}).encode() + b"\r",
    json.dumps(ALERT | {"http": {"url": "/a"}}).encode().replace(b"/a", rb"\/a"),
    json.dumps(ALERT | {"timestamp": "2026-11-20T05:00:00.5"}).encode(),
    json.dumps(ALERT | {"timestamp": "yesterday", "alert": SIGN | {"severity": 1}}).encode(),
]  # fmt: skip
NEVER_SET = [
    json.dumps(ALERT | {"timestamp": f"{year}-01-01T00:00:03.000000+0000"}).encode()
    for year in (1969, 1970, 1980, 2036)
]


@pytest.mark.parametrize(
    "other", [*OTHERS, *NEVER_SET, b"[]", b"words", b"{}{}", b"\xff", b'{"a": [']
)
def test_a_glance_folds_as_a_look_does(other: bytes) -> None:
    kind, lines = source("suricata"), [*SAMPLES, other, json.dumps(ALERT).encode(), *SAMPLES]
    body = b"\n".join([*lines, json.dumps(ALERT | {"dest_ip": "::1"}).encode(), other])
    found = glanced(kind, body, NOW)
    assert found == folded(kind, kind.read(body, NOW), NOW) or found is None
    assert (found is None) == (other not in OTHERS or other == b"{]")


@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_one_is_the_worst(level: int) -> None:
    assert alert(alert=SIGN | {"severity": level}).severity == 5 - level
    assert alert(alert=SIGN | {"severity": str(level)}).severity == 5 - level


@pytest.mark.parametrize("kind", sorted(KINDS - {"alert"}))
def test_what_is_no_alert_is_passed_over(kind: str) -> None:
    assert read({"event_type": kind, "timestamp": ALERT["timestamp"], "src_ip": "::1"}) == [()]


def test_a_kind_that_is_newer_than_we_are_is_known_by_its_keys() -> None:
    assert read({"event_type": "brand_new", "flow_id": 1}) == [()]


@pytest.mark.parametrize(
    "changes",
    [
        {"src_port": "4000"}, {"flow_id": 2**70}, {"flow_id": "x"}, {"dest_ip": None}, {"proto": 6},
        {"http": []}, {"http": "x"}, {"tls": {"sni": 5}}, {"timestamp": 1763622000},
        {"alert": SIGN | {"rev": "seven", "category": None}}, {"alert": SIGN | {"metadata": []}},
        {"alert": SIGN | {"metadata": {"mitre_technique_id": "T1110"}}}, {"user": {"a": 1}},
        {"alert": SIGN | {"signature_id": "2100498"}}, {"app_proto": ["http"]}, {"verdict": {}},
        {"alert": SIGN | {"gid": None}},
    ],
)  # fmt: skip
def test_a_field_of_another_type_costs_no_alert(changes: dict[str, Any]) -> None:
    found = alert(**changes)
    assert found.title == SIGN["signature"]
    assert found.rule == "1:2100498"


def test_what_a_rule_says_of_the_direction_goes_first() -> None:
    found = alert(alert=SIGN | {"source": {"ip": "192.0.2.1"}, "target": {"ip": "192.0.2.2"}})
    assert (found.source_host, found.target_host) == ("192.0.2.1", "192.0.2.2")


def test_accounts_of_protocols_are_read() -> None:
    assert alert(smb={"ntlmssp": {"user": "anna"}}).user == "anna"
    assert alert(krb5={"cname": "bo"}).user == "bo"


def test_a_signature_without_words_is_called_by_its_number() -> None:
    assert alert(alert={"signature_id": 7}).title == "1:7"
    assert alert(alert=SIGN | {"signature": ""}).title == "1:2100498"


@pytest.mark.parametrize(
    "envelope",
    [
        lambda eve: {"_index": "logs", "_source": eve},
        lambda eve: {"@timestamp": "x", "suricata": {"eve": eve}, "agent": {}},
        lambda eve: {"message": json.dumps(eve), "input": {"type": "log"}},
        lambda eve: {"event": {"original": json.dumps(eve)}},
    ],
)
def test_what_a_shipper_wraps_is_unwrapped(envelope: Any) -> None:
    assert read(envelope(ALERT)) == [(alert(),)]


def test_ports_flows_and_times_make_no_group() -> None:
    names = source("suricata").fingerprint
    one = fingerprint("suricata", alert(), names)
    same = alert(flow_id=9, src_port=1, dest_port=2, timestamp="2026-11-21T00:00:00+0000")
    assert fingerprint("suricata", same, names) == one
    for other in (alert(src_ip="198.51.100.8"), alert(alert=SIGN | {"signature_id": 3})):
        assert fingerprint("suricata", other, names) != one


def test_an_organisation_can_have_anomalies_raise_alerts(tmp_path: Path) -> None:
    text = (INTAKE / "suricata/policy.toml").read_text(encoding="utf-8")
    own = tmp_path / "intake" / "suricata.toml"
    own.parent.mkdir()
    own.write_text(text.replace('["alert"]', '["alert", "anomaly"]'), encoding="utf-8")
    anomaly = {"event_type": "anomaly", "timestamp": ALERT["timestamp"], "src_ip": "192.0.2.1",
               "anomaly": {"type": "decode", "event": "decoder.ipv4.trunc_pkt"}}  # fmt: skip
    assert read(anomaly) == [()]
    overlay(tmp_path)
    try:
        ((found,),) = read(anomaly)
    finally:
        overlay(None)
    assert (found.title, found.severity) == ("decode decoder.ipv4.trunc_pkt", Severity.LOW)


def test_references_are_kept_and_the_time_may_be_called_otherwise() -> None:
    cited = SIGN | {"references": ["cve,2026-0001", "url,example.org/a"]}
    assert alert(alert=cited).fields["alert.references"] == "cve,2026-0001, url,example.org/a"
    moved = {name: told for name, told in ALERT.items() if name != "timestamp"}
    ((found,),) = read(moved | {"ts": ALERT["timestamp"]})
    assert found.occurred == alert().occurred


def test_what_the_engine_says_of_itself_is_passed_over() -> None:
    assert read({"event_type": "engine", "engine": {"message": "started"}}) == [()]


@pytest.mark.parametrize("inner", [{"event_type": "flow"}, {"event_type": "no such"}])
def test_a_record_that_only_looks_like_an_alarm_costs_no_other_line(inner: dict[str, Any]) -> None:
    """It is an alarm at a glance, and read with care it is none."""
    odd = ALERT | {"alert": {"signature_id": 1, "severity": 1}, "suricata": {"eve": inner}}
    body = "\n".join(json.dumps(record) for record in (ALERT, odd, ALERT)).encode()
    assert glanced(source("suricata"), body, NOW) is None
    messages = list(source("suricata").read(body, NOW))
    assert [bool(m.alerts) for m in messages] == [True, False, True]
    assert "our reader failed" not in messages[1].aside


def test_a_number_of_hundreds_of_digits_is_a_name_that_can_be_stored() -> None:
    odd = json.dumps(ALERT | {"alert": SIGN | {"signature_id": 10**400}}).encode()
    (message,) = source("suricata").read(odd, NOW)
    seen = glanced(source("suricata"), odd, NOW)
    assert seen
    assert [len(g.words.rule) for g in seen.groups.values()] == [300]
    assert [len(a.rule) for a in message.alerts] == [300]
