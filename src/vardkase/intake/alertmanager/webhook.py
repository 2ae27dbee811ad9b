"""Alertmanager's webhook: one message, each alert in it a group of its own."""

from functools import partial
from typing import Any

from vardkase.detections.alert import Alert

from ..apart import Alerts
from ..inside import within
from ..policy import Policy
from ..source import NotUnderstood
from ..values import (
    at,
    fields,
    host,
    host_of_url,
    line,
    moment,
    rows,
    table,
    text,
    words,
)

UNKNOWN = "This is no message of Alertmanager's: it holds no alerts with labels."
GRAFANA = {"rulename", "evalmatches", "ruleid", "ruleurl"}  # what its older alerting posts
ITS_OWN = ("datasourcenodata", "datasourceerror")  # alerts of Grafana's about a rule of its user's
ABOUT = ("receiver", "groupKey", "externalURL", "truncatedAlerts", "version")


def understand(document: Any, policy: Policy) -> Alerts:
    """The webhook's body, an answer of the API, or one alert alone (an element of an array)."""
    return within(document, lambda body: _body(body, policy))


def _body(document: Any, policy: Policy) -> Alerts:
    body = table(document)
    if len(GRAFANA & {key.lower() for key in body}) > 1:
        document = body = _older(body)
    found = _alerts(document)
    if found is None:
        raise NotUnderstood(UNKNOWN)
    return tuple(
        _alert(each, labels, body, policy)
        for each in rows(found)
        if not policy.skips(partial(words, labels := _labels(each))) and not _waits(each)
    )


def _labels(each: dict[str, Any]) -> dict[str, Any]:
    """The labels by their names in small letters: `Severity` is `severity`."""
    return {name.lower(): value for name, value in table(each.get("labels")).items()}


def _waits(each: dict[str, Any]) -> bool:
    """Whether its condition has not held for long enough yet (an answer of Prometheus' API)."""
    return text(each.get("state")) == "pending"


def _older(body: dict[str, Any]) -> dict[str, Any]:
    """What Grafana's alerting before version 9 posts, in the form of today's."""
    matches = rows(body.get("evalMatches"))
    tags = {name: value for each in matches for name, value in table(each.get("tags")).items()}
    rule = {"alertname": body.get("ruleName"), "org": body.get("orgId"), "rule": body.get("ruleId")}
    state = text(body.get("state")).lower()
    mark = f"grafana {text(rule['org'])} {text(rule['rule']) or text(rule['alertname'])}"
    return body | {"alerts": [{
        "status": "resolved" if state == "ok" else state,
        "labels": rule | tags | table(body.get("tags")),
        "annotations": {"summary": body.get("title"), "message": body.get("message")},
        "fingerprint": mark,
        "generatorURL": body.get("ruleUrl"),
        "value": ", ".join(f"{text(m.get('metric'))}={text(m.get('value'))}" for m in matches[:20]),
    }]}  # fmt: skip


def _alerts(document: Any) -> Any:
    """The alerts of a body; None where it is no such body."""
    if not isinstance(document, dict):
        return None
    if _is_alert(document):
        return [document]
    for path in ("alerts", "alert", "data.alerts", "data"):
        found = at(document, path)
        if isinstance(found, list) and (found or _is_envelope(document)):
            return found if all(_is_alert(table(each)) for each in found) else None
    return [] if _is_envelope(document) and document.get("alerts", 0) is None else None


def _is_alert(each: dict[str, Any]) -> bool:
    return isinstance(each.get("labels"), dict) or (
        "labels" in each and ("annotations" in each or "startsAt" in each)
    )


def _is_envelope(document: dict[str, Any]) -> bool:
    return any(key in document for key in ("groupKey", "groupLabels", "receiver", "commonLabels"))


def _alert(
    each: dict[str, Any], labels: dict[str, Any], body: dict[str, Any], policy: Policy
) -> Alert:
    state = _state(each, body)
    mark = words(each, "fingerprint") or _of(labels) or words(body, "groupKey")
    serious = words(labels, *policy.names.get("severity", ("severity",)))
    return Alert(
        title=_title(each, body, labels, policy),
        severity=policy.serious("resolved" if state == "resolved" else serious),
        occurred=moment(each.get("startsAt") or each.get("activeAt"), policy.zone),
        rule=_rule(labels) or line(each.get("name")),
        target_host=_host(words(labels, *policy.names.get("host", ("instance",)))),
        user=words(labels, "user", "username"),
        ref=mark,
        fields={"fingerprint": mark, "status": state} | _fields(each, body),
    )


def _host(told: str) -> str:
    return host_of_url(told) if "://" in told else host(told)


def _rule(labels: dict[str, Any]) -> str:
    """The rule's name, with what Grafana says of it where it could not be asked."""
    name, rule = words(labels, "alertname"), words(labels, "rulename")
    return f"{name}: {rule}" if rule and name.lower() in ITS_OWN else name or rule


def _fields(each: dict[str, Any], body: dict[str, Any]) -> dict[str, str]:
    return fields(
        [
            *((f"labels.{name}", value) for name, value in table(each.get("labels")).items()),
            *((f"annotations.{k}", v) for k, v in table(each.get("annotations")).items()),
            *(
                (name, each.get(name))
                for name in ("endsAt", "generatorURL", "valueString", "value")
            ),
            *((name, body.get(name)) for name in ABOUT),
        ]
    )


def _state(each: dict[str, Any], body: dict[str, Any]) -> str:
    """firing, resolved, or what the API calls it: active, suppressed."""
    own = each.get("status")
    told = words(each, "status.state", "state") if not isinstance(own, str) else text(own)
    return (told or text(body.get("status"))).lower()[:40]


def _of(labels: dict[str, Any]) -> str:
    """What Alertmanager's own fingerprint is made of, where a sender leaves it out."""
    told = sorted((str(name), text(value)) for name, value in labels.items())
    return text(" ".join(f"{name}={value}" for name, value in told), 2_000)


def _title(
    each: dict[str, Any], body: dict[str, Any], labels: dict[str, Any], policy: Policy
) -> str:
    for notes in (each.get("annotations"), body.get("commonAnnotations")):
        if told := words(table(notes), *policy.names.get("title", ("summary",))):
            return line(told)
    return line(_rule(labels) or _of(labels)) or "Alert without labels"
