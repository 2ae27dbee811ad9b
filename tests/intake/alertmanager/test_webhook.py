"""Alertmanager's webhook (version 4), Grafana's that has its form, and the answers of their API."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.intake.reading import messages, outcome
from vardkase.detections.alert import Alert, Severity, fingerprint
from vardkase.intake.registry import source

FIRING = {
    "status": "firing", "labels": {"alertname": "HostDown", "severity": "critical",
                                   "instance": "db1.example.org:9100", "job": "node"},
    "annotations": {"summary": "db1 svarar inte", "description": "sedan fem minuter"},
    "startsAt": "2026-11-20T07:00:00.123456789Z", "endsAt": "0001-01-01T00:00:00Z",
    "generatorURL": "http://p.example.org", "fingerprint": "a1b2",
}  # fmt: skip
BODY = {
    "version": "4", "groupKey": "{}:{}", "truncatedAlerts": 0, "status": "firing",
    "receiver": "vardkase", "groupLabels": {}, "commonLabels": {}, "commonAnnotations": {},
    "externalURL": "http://a.example.org", "alerts": [FIRING],
}  # fmt: skip


def read(body: Any) -> tuple[Alert, ...]:
    (message,) = messages("alertmanager", json.dumps(body))
    assert outcome(message) in ("alerts", "skipped"), message.aside
    return message.alerts


def alert(**changes: Any) -> Alert:
    (found,) = read(BODY | {"alerts": [FIRING | changes]})
    return found


def test_an_alert_is_read() -> None:
    found = alert()
    assert (found.title, found.rule) == ("db1 svarar inte", "HostDown")
    assert (found.severity, found.target_host, found.ref) == (5, "db1.example.org", "a1b2")
    assert found.occurred == datetime(2026, 11, 20, 7, 0, 0, 123456, tzinfo=UTC)
    assert found.fields["labels.job"] == "node"
    assert found.fields["annotations.description"] == "sedan fem minuter"
    assert found.fields["receiver"] == "vardkase"


def test_one_message_holds_groups_of_their_own() -> None:
    found = read(BODY | {"alerts": [FIRING, FIRING | {"fingerprint": "c3"}]})
    names = source("alertmanager").fingerprint
    assert len({fingerprint("alertmanager", each, names) for each in found}) == 2


def test_what_is_over_is_told_without_alarm_in_the_same_group() -> None:
    over = alert(status="resolved", endsAt="2026-11-20T08:00:00Z")
    assert (over.severity, over.fields["status"]) == (Severity.INFORMATIONAL, "resolved")
    names = source("alertmanager").fingerprint
    marks = {fingerprint("alertmanager", each, names) for each in (over, alert())}
    assert len(marks) == 1


@pytest.mark.parametrize(
    ("labels", "severity"),
    [
        ({"severity": "warning"}, 3), ({"severity": "Page"}, 4), ({"level": "info"}, 1),
        ({"priority": "P1"}, 5), ({}, 3), ({"severity": "blah"}, 3), ({"severity": None}, 3),
    ],
)  # fmt: skip
def test_severity_is_a_label_by_custom(labels: dict[str, Any], severity: int) -> None:
    assert alert(labels={"alertname": "X", **labels}).severity == severity


@pytest.mark.parametrize(
    ("labels", "host"),
    [
        ({"instance": "10.0.0.1:9100"}, "10.0.0.1"),
        ({"instance": "[2001:db8::1]:9100"}, "2001:db8::1"),
        ({"instance": "2001:db8::1"}, "2001:db8::1"), ({"node": "k1", "pod": "p"}, "k1"),
        ({"namespace": "shop"}, "shop"), ({}, ""),
    ],
)  # fmt: skip
def test_the_host_is_a_label_too(labels: dict[str, str], host: str) -> None:
    assert alert(labels={"alertname": "X", **labels}).target_host == host


def test_a_title_is_found_where_there_is_one() -> None:
    assert alert(annotations={"description": "d"}).title == "d"
    assert alert(annotations={}).title == "HostDown"
    assert alert(annotations=None, labels={"a": "b"}).title == "a=b"
    (found,) = read(BODY | {"alerts": [FIRING | {"annotations": {}}],
                            "commonAnnotations": {"summary": "gemensam"}})  # fmt: skip
    assert found.title == "gemensam"


def test_where_the_fingerprint_is_left_out_the_labels_are_it() -> None:
    bare = {key: value for key, value in FIRING.items() if key != "fingerprint"}
    (one,), (other,) = (
        read(BODY | {"alerts": [bare]}),
        read(BODY | {"alerts": [bare | {"labels": dict(reversed(list(bare["labels"].items())))}]}),
    )  # type: ignore[attr-defined]
    names = source("alertmanager").fingerprint
    assert fingerprint("alertmanager", one, names) == fingerprint("alertmanager", other, names)


def test_the_watchdog_says_only_that_it_lives() -> None:
    assert read(BODY | {"alerts": [FIRING | {"labels": {"alertname": "Watchdog"}}]}) == ()
    assert read(BODY | {"alerts": []}) == ()


@pytest.mark.parametrize(
    "body",
    [
        FIRING,
        {"status": "success", "data": [FIRING | {"status": {"state": "active"}}]},
        {"status": "success", "data": {"alerts": [{"labels": FIRING["labels"], "state": "firing",
                                                   "annotations": FIRING["annotations"],
                                                   "activeAt": "2026-11-20T07:00:00Z"}]}},
        BODY | {"orgId": 1, "title": "[FIRING:1]", "state": "alerting", "message": "m",
                "alerts": [FIRING | {"values": {"A": 1}, "valueString": "A=1", "silenceURL": "u"}]},
    ],
)  # fmt: skip
def test_the_api_of_both_and_grafana_are_read(body: Any) -> None:
    (found,) = read(body)
    assert (found.rule, found.severity) == ("HostDown", Severity.CRITICAL)


def test_the_api_of_alertmanager_posts_arrays_whose_elements_are_messages() -> None:
    found = messages("alertmanager", json.dumps([FIRING, FIRING]))
    assert [outcome(message) for message in found] == ["alerts", "alerts"]


@pytest.mark.parametrize("body", [{"alerts": [1]}, {"alerts": "x"}, {"alerts": [{"title": "x"}]}])
def test_others_alerts_are_not_ours(body: Any) -> None:
    assert [outcome(m) for m in messages("alertmanager", json.dumps(body))] == ["aside"]


def test_what_older_alerting_of_grafana_posts_is_read() -> None:
    told = {"ruleName": "CPU", "ruleId": 4, "orgId": 1, "title": "[Alerting] CPU", "state": "ok",
            "evalMatches": [{"value": 9, "metric": "load", "tags": {"host": "web-1"}}],
            "tags": {"severity": "critical"}}  # fmt: skip
    ((over,),) = [read(told)]
    ((fires,),) = [read(told | {"state": "alerting", "evalMatches": []})]
    assert (over.rule, over.target_host, over.severity) == ("CPU", "web-1", 1)
    assert (fires.ref, fires.severity) == (over.ref, 5)
    assert over.fields["value"] == "load=9"


@pytest.mark.parametrize(
    ("labels", "rule", "host"),
    [
        ({"Alertname": "A", "Instance": "db-1:9100"}, "A", "db-1"),
        ({"alertname": "A", "instance": "https://www.example.org/up"}, "A", "www.example.org"),
        ({"alertname": "DatasourceNoData", "rulename": "CPU"}, "DatasourceNoData: CPU", ""),
    ],
)
def test_odd_labels(labels: dict[str, str], rule: str, host: str) -> None:
    found = alert(labels=labels)
    assert (found.rule, found.target_host) == (rule, host)


def test_what_waits_to_be_an_alert_is_none_yet() -> None:
    told = {"labels": {"alertname": "A"}, "annotations": {}, "activeAt": "2026-11-20T07:00:00Z"}
    assert not read({"data": {"alerts": [told | {"state": "pending"}]}})
    assert read({"data": {"alerts": [told | {"state": "firing"}]}})


def test_the_oldest_webhooks_call_their_alerts_alert() -> None:
    (found,) = read({"version": "2", "status": "firing", "alert": [{"labels": {"alertname": "A"}}]})
    assert found.rule == "A"
