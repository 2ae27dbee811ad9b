"""Alertmanager's webhook: one message, each alert in it a group of its own."""

from functools import partial
from typing import Any

from vardkase.detections.alert import Alert
from vardkase.intake.apart import Alerts
from vardkase.intake.inside import within
from vardkase.intake.policy import Policy
from vardkase.intake.source import NotUnderstood
from vardkase.intake.values import at, fields, host, line, moment, rows, table, text, words

UNKNOWN = "This is no message of Alertmanager's: it holds no alerts with labels."
ABOUT = ("receiver", "groupKey", "externalURL", "truncatedAlerts", "version")


def understand(document: Any, policy: Policy) -> Alerts:
    """The webhook's body, an answer of the API, or one alert alone (an element of an array)."""
    return within(document, lambda body: _body(body, policy))


def _body(document: Any, policy: Policy) -> Alerts:
    found = _alerts(document)
    if found is None:
        raise NotUnderstood(UNKNOWN)
    return tuple(
        _alert(each, table(document), policy)
        for each in rows(found)
        if not policy.skips(partial(words, table(each.get("labels"))))
    )


def _alerts(document: Any) -> Any:
    """The alerts of a body; None where it is no such body."""
    if not isinstance(document, dict):
        return None
    if _is_alert(document):
        return [document]
    for path in ("alerts", "data.alerts", "data"):
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


def _alert(each: dict[str, Any], body: dict[str, Any], policy: Policy) -> Alert:
    labels = table(each.get("labels"))
    state = _state(each, body)
    mark = words(each, "fingerprint") or _of(labels)
    serious = words(labels, *policy.names.get("severity", ("severity",)))
    return Alert(
        title=_title(each, body, labels, policy),
        severity=policy.serious("resolved" if state == "resolved" else serious),
        occurred=moment(each.get("startsAt") or each.get("activeAt"), policy.zone),
        rule=words(labels, "alertname", "rulename") or line(each.get("name")),
        target_host=host(words(labels, *policy.names.get("host", ("instance",)))),
        user=words(labels, "user", "username"),
        ref=mark,
        fields={"fingerprint": mark, "status": state} | _fields(each, body, labels),
    )


def _fields(each: dict[str, Any], body: dict[str, Any], labels: dict[str, Any]) -> dict[str, str]:
    return fields(
        [
            *((f"labels.{name}", value) for name, value in labels.items()),
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
    return line(words(labels, "alertname", "rulename") or _of(labels)) or "Alert without labels"
