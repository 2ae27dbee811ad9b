"""Microsoft Sentinel, after its REST API, its tables, and Azure Monitor's common alert schema."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.intake.reading import messages, outcome
from vardkase.detections.alert import Alert, Severity, fingerprint
from vardkase.intake.registry import source
from vardkase.policy.parameter import INTAKE

INCIDENT = json.loads((INTAKE / "sentinel/samples/incident.json").read_text(encoding="utf-8"))
OBJECT = INCIDENT["object"]
ROW = {"TimeGenerated": "2026-11-20T07:00:00Z", "DisplayName": "Travel", "AlertName": "Travel",
       "AlertSeverity": "Medium", "SystemAlertId": "s1", "CompromisedEntity": "pc1",
       "Type": "SecurityAlert"}  # fmt: skip


def read(body: Any) -> tuple[Alert, ...]:
    (message,) = messages("sentinel", json.dumps(body))
    assert outcome(message) in ("alerts", "skipped"), message.aside
    return message.alerts


def test_the_incident_that_a_playbook_sends() -> None:
    (found,) = read(INCIDENT)
    assert found.title == "Made up: many failed logins"
    assert (found.severity, found.ref, found.rule) == (Severity.HIGH, "42", "rule-1")
    assert (found.user, found.target_host) == ("anna@example.org", "dc1")
    assert found.source_host == "198.51.100.4"
    assert found.occurred == datetime(2026, 11, 20, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    "wrap",
    [
        lambda o: o, lambda o: {"value": [o]}, lambda o: {"body": {"object": o}},
        lambda o: {"object": json.dumps(o)}, lambda o: o["properties"],
    ],
)  # fmt: skip
def test_its_envelopes(wrap: Any) -> None:
    (found,) = read(wrap(OBJECT))
    assert (found.title, found.severity) == ("Made up: many failed logins", Severity.HIGH)


def test_a_row_of_security_alert() -> None:
    (found,) = read(ROW)
    assert (found.title, found.severity, found.target_host) == ("Travel", 3, "pc1")


def test_an_answer_of_log_analytics_is_one_message() -> None:
    names = list(ROW)
    rows = [list(ROW.values()), list((ROW | {"DisplayName": "Two"}).values()), "x"]
    body = {"tables": [{"name": "PrimaryResult", "columns": [{"name": n} for n in names],
                        "rows": rows}]}  # fmt: skip
    assert [each.title for each in read(body)] == ["Travel", "Two"]
    assert read({"tables": [{"name": "PrimaryResult", "columns": [], "rows": []}]}) == ()


def test_a_row_of_security_incident() -> None:
    (found,) = read({"Title": "I", "Severity": "Low", "IncidentNumber": 7, "Status": "New",
                     "Type": "SecurityIncident"})  # fmt: skip
    assert (found.title, found.ref, found.severity) == ("I", "7", Severity.LOW)


def test_the_common_alert_schema_of_azure_monitor() -> None:
    (found,) = read({
        "schemaId": "azureMonitorCommonAlertSchema",
        "data": {"essentials": {"alertId": "/x", "alertRule": "cpu", "severity": "Sev1",
                                "signalType": "Metric", "monitorCondition": "Fired",
                                "firedDateTime": "2026-11-20T07:00:00Z"}, "alertContext": {}},
    })  # fmt: skip
    assert (found.title, found.severity) == ("cpu", Severity.HIGH)


@pytest.mark.parametrize("body", [{}, {"title": "x"}, {"value": [{"name": "x"}]}, {"object": {}}])
def test_what_is_neither_is_set_aside(body: Any) -> None:
    assert [outcome(message) for message in messages("sentinel", json.dumps(body))] == ["aside"]


def test_an_account_is_not_called_by_the_name_of_its_resource() -> None:
    account = {"kind": "Account", "name": "9b1-guid", "properties": {"accountName": "kim"}}
    about = {"title": "T", "severity": "Low", "status": "New", "relatedEntities": [account]}
    (found,) = read({"object": {"properties": about}})
    assert found.user == "kim"


@pytest.mark.parametrize("sort", ["bookmarks", "alertRules", "Entities"])
def test_what_else_sentinel_keeps_is_no_alarm(sort: str) -> None:
    told = {"displayName": "D", "severity": "High", "labels": []}
    assert not read({"type": f"Microsoft.SecurityInsights/{sort}", "properties": told})


def test_counts_in_its_title_do_not_make_an_alert_another_group() -> None:
    told = {"AlertType": "w_1", "Severity": "Low", "SystemAlertId": "s", "CompromisedEntity": "pc"}
    ((three,), (nine,)) = [read(told | {"Title": f"{n} failed logons"}) for n in (3, 9)]
    names = source("sentinel").fingerprint
    assert fingerprint("sentinel", three, names) == fingerprint("sentinel", nine, names)


def test_a_rule_of_log_analytics_and_an_alert_that_ceased() -> None:
    (query,) = read({"schemaId": "Microsoft.Insights/LogAlert", "data": {
        "AlertRuleName": "Many errors", "Severity": "Warning", "AlertType": "Metric measurement",
        "SearchIntervalEndtimeUtc": "2026-11-20T07:00:00Z"}})  # fmt: skip
    assert (query.title, query.rule, query.severity) == ("Many errors", "Many errors", 3)
    essentials = {"alertRule": "R", "severity": "Sev0", "monitorCondition": "Resolved",
                  "configurationItems": ["vm-1"], "signalType": "Log"}  # fmt: skip
    (over,) = read({"data": {"essentials": essentials}})
    assert (over.severity, over.target_host) == (1, "vm-1")


def test_a_row_of_security_incident_names_its_rule() -> None:
    row = {"Title": "T", "IncidentNumber": 9, "RelatedAnalyticRuleIds": '["rule-9"]'}
    assert read(row)[0].rule == "rule-9"
