"""Documents of the Elastic Common Schema, after its field reference and Kibana's alert schema."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.intake.reading import alert, messages, outcomes
from vardkase.detections.alert import Severity, fingerprint
from vardkase.intake.registry import source

BASE = {
    "@timestamp": "2026-11-20T07:00:00.000Z", "ecs": {"version": "8.11"},
    "event": {"kind": "alert", "category": ["intrusion_detection"], "module": "made_up"},
    "rule": {"name": "Made up", "id": "r1"}, "source": {"ip": "198.51.100.7", "port": 1},
    "destination": {"ip": "192.0.2.10"}, "user": {"name": "anna"}, "host": {"name": "pc1"},
}  # fmt: skip


def flat(value: Any, before: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, inner in value.items():
        found |= (
            flat(inner, f"{before}{key}.") if isinstance(inner, dict) else {before + key: inner}
        )
    return found


def test_an_alert_is_read_nested_dotted_and_half_of_each() -> None:
    nested = alert("ecs", json.dumps(BASE))
    assert (nested.title, nested.rule, nested.user) == ("Made up", "r1", "anna")
    assert (nested.source_host, nested.target_host) == ("198.51.100.7", "192.0.2.10")
    assert nested.occurred == datetime(2026, 11, 20, 7, tzinfo=UTC)
    half = BASE | {"event": {}, "event.kind": "alert", "event.category": ["intrusion_detection"],
                   "event.module": "made_up"}  # fmt: skip
    for form in (flat(BASE), half, {"_index": "x", "_id": None, "_source": BASE}):
        assert alert("ecs", json.dumps(form)) == nested


@pytest.mark.parametrize(
    "kind", ["event", "metric", "state", "pipeline_error", "asset", "enrichment"]
)
def test_only_alerts_and_signals_raise_alerts(kind: str) -> None:
    event = {"kind": kind, "category": ["process"]}
    assert outcomes("ecs", json.dumps(BASE | {"event": event})) == ["skipped"]
    assert outcomes("ecs", json.dumps(flat(BASE | {"event": event}))) == ["skipped"]


def test_beats_without_a_kind_are_passed_over_unless_their_category_is_an_attack() -> None:
    log = {"@timestamp": "2026-11-20T07:00:00Z", "agent": {"type": "filebeat"}, "message": "hello"}
    assert outcomes("ecs", json.dumps(log)) == ["skipped"]
    attack = log | {"event": {"category": "malware", "action": "detected"}}
    assert alert("ecs", json.dumps(attack)).title == "hello"


def test_a_logon_that_winlogbeat_ships_is_no_alert() -> None:
    logon = {"@timestamp": "2026-11-20T07:00:00Z", "winlog": {"channel": "Security"},
             "event": {"code": "4624", "kind": "event", "provider": "x"}}  # fmt: skip
    assert outcomes("ecs", json.dumps(logon)) == ["skipped"]


SIGNAL = {
    "@timestamp": "2026-11-20T07:05:00Z", "event.kind": "signal", "kibana.alert.uuid": "u1",
    "kibana.alert.rule.name": "Brute force", "kibana.alert.rule.rule_id": "rid",
    "kibana.alert.severity": "high", "kibana.alert.risk_score": 73,
    "kibana.alert.original_time": "2026-11-20T07:00:00Z", "kibana.alert.workflow_status": "open",
    "host": {"name": "dc1"}, "kibana.alert.reason": "because",
}  # fmt: skip


def test_a_detection_of_kibana_is_read() -> None:
    found = alert("ecs", json.dumps(SIGNAL))
    assert (found.title, found.rule, found.ref) == ("Brute force", "rid", "u1")
    assert (found.severity, found.source_host) == (Severity.HIGH, "dc1")
    assert found.occurred == datetime(2026, 11, 20, 7, tzinfo=UTC)


def test_before_version_8_it_was_called_signal() -> None:
    old = {"@timestamp": "2026-11-20T07:00:00Z", "event": {"kind": "event"},
           "signal": {"rule": {"name": "Old", "severity": "critical", "rule_id": "o"}}}  # fmt: skip
    found = alert("ecs", json.dumps(old))
    assert (found.title, found.severity) == ("Old", Severity.CRITICAL)


def test_parts_of_other_alerts_and_closed_ones_are_passed_over() -> None:
    for more in ({"kibana.alert.building_block_type": "default"},
                 {"kibana.alert.workflow_status": "closed"}):  # fmt: skip
        assert outcomes("ecs", json.dumps(SIGNAL | more)) == ["skipped"]


def test_what_a_connector_sends_may_hold_several() -> None:
    for body in ({"context": {"alerts": [SIGNAL, BASE]}}, {"alerts": [SIGNAL, BASE]},
                 {"hits": {"hits": [{"_source": SIGNAL}, {"_source": BASE}]}}):  # fmt: skip
        (message,) = messages("ecs", json.dumps(body))
        assert [each.title for each in message.alerts] == ["Brute force", "Made up"]


@pytest.mark.parametrize(
    ("event", "more", "severity"),
    [
        ({"severity": 1, "module": "suricata"}, {}, 4),
        ({"severity": 3, "module": "suricata"}, {}, 2),
        ({"severity": 21}, {}, 2), ({"severity": 47}, {}, 3), ({"severity": 73}, {}, 4),
        ({"severity": 99}, {}, 5), ({"severity": 2}, {}, 2), ({"severity": 5}, {}, 4),
        ({"risk_score": 80}, {}, 5), ({}, {"log": {"level": "warning"}}, 3), ({}, {}, 3),
        ({"severity": "high"}, {}, 4), ({"severity": [9]}, {}, 5), ({"severity": None}, {}, 3),
    ],
)  # fmt: skip
def test_scales(event: dict[str, Any], more: dict[str, Any], severity: int) -> None:
    document = BASE | {"event": {"kind": "alert"} | event} | more
    assert alert("ecs", json.dumps(document)).severity == severity


def test_a_vulnerability_is_one() -> None:
    document = BASE | {
        "event": {"kind": "state", "category": ["vulnerability"]}, "package": {"name": "openssl"},
        "vulnerability": {"id": "CVE-2026-0001", "severity": "CRITICAL"},
    }  # fmt: skip
    found = alert("ecs", json.dumps(document))
    assert (found.kind, found.severity, found.target_host) == ("vulnerability", 5, "pc1")
    assert found.title == "CVE-2026-0001 openssl"


def test_the_lines_between_of_a_bulk_request_are_passed_over() -> None:
    body = '{"index":{"_index":"x"}}\n' + json.dumps(BASE) + '\n{"create":{}}\n' + json.dumps(BASE)
    assert outcomes("ecs", body) == ["skipped", "alerts", "skipped", "alerts"]


def test_what_kibana_proposes_for_a_webhook_is_read() -> None:
    found = alert("ecs", json.dumps({
        "alertId": "r-1", "alertName": "CPU", "alertInstanceId": "web-1",
        "context": {"message": "CPU is 95"}, "date": "2026-11-20T07:00:00Z",
    }))  # fmt: skip
    assert (found.title, found.rule, found.fields["instance"]) == ("CPU", "r-1", "web-1")
    assert found.occurred == datetime(2026, 11, 20, 7, 0, tzinfo=UTC)


def test_what_is_over_is_told_without_alarm() -> None:
    told = {"@timestamp": "2026-11-20T07:00:00Z", "kibana.alert.uuid": "u",
            "kibana.alert.rule.name": "Up", "kibana.alert.severity": "high"}  # fmt: skip
    over = told | {"kibana.alert.status": "recovered"}
    assert [alert("ecs", json.dumps(each)).severity for each in (told, over)] == [4, 1]


def test_messages_that_differ_in_numbers_are_one_group_where_no_rule_is_told() -> None:
    told = {"@timestamp": "2026-11-20T07:00:00Z", "event": {"kind": "alert"}}
    texts = ("Denied port 4711 to web", "Denied port 22 to web", "Denied port 22 to mail")
    found = [alert("ecs", json.dumps(told | {"message": each})) for each in texts]
    made = [fingerprint("ecs", each, source("ecs").fingerprint) for each in found]
    assert made[0] == made[1] != made[2]


FETCHED = {"@timestamp": "2026-11-20T07:00:00Z", "tags": ["forwarded"],
           "agent": {"name": "collector-1"}}  # fmt: skip


def fetched(event: dict[str, Any], **more: Any) -> str:
    return json.dumps(FETCHED | {"event": event} | more)


def test_a_products_own_record_tells_title_and_severity() -> None:
    own = {"made_up": {"alert": {"model": {"name": "Beacon"}, "severity_name": "low"}}}
    told = fetched(
        {"kind": "alert", "dataset": "made_up.alert", "severity": 90}, message="x", **own
    )
    found = alert("ecs", told)
    assert (found.title, found.severity) == ("Beacon", 2)


def test_alerts_are_known_by_their_data_set_too() -> None:
    duty = {"kind": ["event"], "dataset": "aws.guardduty", "severity": 5}
    own = {"aws": {"guardduty": {"severity": {"code": 5, "value": "Medium"}}}}
    assert alert("ecs", fetched(duty, rule={"name": "Recon"}, **own)).severity == 3
    assert outcomes("ecs", fetched({"kind": "event", "dataset": "a.alert"})) == ["alerts"]
    assert outcomes("ecs", fetched({"kind": "event", "dataset": "a.log"})) == ["skipped"]


def test_who_fetched_an_alert_is_not_the_host_it_is_about() -> None:
    event = {"kind": "alert", "dataset": "made_up.alert"}
    assert not alert("ecs", fetched(event)).source_host
    assert alert("ecs", fetched(event, related={"hosts": ["pc-1"]})).source_host == "pc-1"
    assert alert("ecs", fetched(event, tags=[])).source_host == "collector-1"


def test_a_vulnerability_is_known_by_its_data_set_too() -> None:
    flaw = {"id": ["CVE-2026-0001"], "severity": "low"}
    told = fetched({"kind": "event", "dataset": "made_up.vulnerability"}, vulnerability=flaw)
    assert alert("ecs", told).kind == "vulnerability"


def test_a_firewalls_alert_is_named_after_what_it_found() -> None:
    told = [
        alert("ecs", fetched({"kind": "alert"}, panw={"panos": {"threat": {"name": name}}},
                             rule={"id": "7", "name": "out"}))
        for name in ("Beacon", "Worm")
    ]  # fmt: skip
    assert [(each.title, each.rule) for each in told] == [("Beacon", "Beacon"), ("Worm", "Worm")]


def test_the_scale_of_a_product_is_known_by_its_data_set_too() -> None:
    event = {"kind": "alert", "dataset": "panw.panos", "severity": 5}
    assert alert("ecs", fetched(event)).severity == 1


def test_the_name_of_a_file_is_no_title_where_there_is_a_message() -> None:
    event = {"kind": "alert", "dataset": "made_up.threat"}
    own = {"made_up": {"threat": {"name": "a.exe"}}}
    told = [alert("ecs", fetched(event, **own, **more)) for more in ({"message": "Stopped"}, {})]
    assert [each.title for each in told] == ["Stopped", "a.exe"]
