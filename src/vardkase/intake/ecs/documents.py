"""Elastic Common Schema: alerts of Kibana and Beats; what is no alert is passed by."""

from datetime import datetime
from functools import cache, partial
from typing import Any

import msgspec

from vardkase.detections.alert import Alert, Severity

from ..apart import Alerts, Parse, understood
from ..inside import within
from ..json_text import loads
from ..policy import Policy, policy
from ..scores import by_score
from ..shape import shape
from ..source import NotUnderstood, Unreadable
from ..values import (
    Flat,
    Wanted,
    at,
    chosen,
    line,
    moment,
    number,
    one,
    rows,
    table,
    text,
    words,
)  # fmt: skip

KIBANA = ("kibana.alert.uuid", "kibana.alert.rule.name", "signal.rule")
KINDS = ("alert", "signal")
MARKS = (
    "@timestamp", "event.kind", "event.category", "event.module", "event.dataset", "event.action",
    "event.code", "event.provider", "ecs.version", "agent.type", "winlog.channel",
    "data_stream.dataset", "kibana.alert.uuid", "kibana.alert.rule.name", "signal.rule",
)  # fmt: skip
THREATS = (  # what a firewall found: its `rule.name` is the opening that let it be looked at
    "panw.panos.threat.name", "fortinet.firewall.attack", "fortinet.firewall.virus",
    "checkpoint.protection_name",
)  # fmt: skip
LISTS = ("hits.hits", "context.alerts", "alerts", "hits", "docs", "events", "expected")
TITLES = (
    "kibana.alert.rule.name", "signal.rule.name", *THREATS, "rule.name",
    "vulnerability.description", "vendor.title", "kibana.alert.reason", "message", "vendor.name",
    "event.reason", "event.action", "rule.description",
)  # fmt: skip
RULES = (
    "kibana.alert.rule.rule_id", "signal.rule.rule_id", *THREATS, "rule.id",
    "kibana.alert.rule.uuid", "rule.uuid", "kibana.alert.rule.name", "signal.rule.name",
    "rule.name", "event.code", "vulnerability.id",
)  # fmt: skip
SOURCES = ("source.ip", "source.address", "source.domain", "client.ip", "client.address")
TARGETS = ("destination.ip", "destination.address", "destination.domain", "server.ip",
           "server.address")  # fmt: skip
HOSTS = ("host.name", "host.hostname", "related.hosts", "host.ip", "resource.name",
         "observer.hostname", "observer.name", "cloud.instance.name", "container.name",
         "service.name")  # fmt: skip
AGENTS = ("agent.hostname", "agent.name")  # where it was read: unless it came from elsewhere
USERS = ("user.name", "user.email", "user.id", "source.user.name", "destination.user.name",
         "client.user.name", "user.target.name", "related.user")  # fmt: skip
TIMES = ("kibana.alert.original_time", "signal.original_time", "@timestamp", "event.start",
         "event.created", "timestamp")  # fmt: skip
REFS = ("kibana.alert.uuid", "event.id", "signal.id", "_id")
WORDS = ("kibana.alert.severity", "signal.rule.severity", "vulnerability.severity",
         "kibana.alert.rule.severity", "rule.severity", "vendor.severity")  # fmt: skip
SCORES = ("kibana.alert.risk_score", "signal.rule.risk_score", "event.risk_score",
          "event.risk_score_norm", "kibana.alert.rule.risk_score")  # fmt: skip
FIELDS = (
    "event.module", "event.dataset", "event.category", "event.type", "event.action",
    "event.outcome", "event.severity", "event.risk_score", "event.provider", "event.code",
    "rule.category", "rule.ruleset", "rule.description", "rule.reference", "rule.version",
    "kibana.alert.rule.name", "kibana.alert.reason", "kibana.alert.severity",
    "kibana.alert.risk_score", "kibana.alert.status", "kibana.alert.workflow_status",
    "kibana.space_ids", "threat.technique.id", "threat.technique.name", "threat.tactic.name",
    "threat.indicator.type", "threat.indicator.ip", "vulnerability.id", "vulnerability.severity",
    "vulnerability.score.base", "package.name", "package.version", "package.fixed_version",
    "host.name", "host.os.name", "source.ip", "source.port", "destination.ip", "destination.port",
    "network.protocol", "network.transport", "network.community_id", "observer.name",
    "observer.vendor", "observer.product", "process.name", "process.executable",
    "process.command_line", "file.name", "file.path", "file.hash.sha256", "url.full",
    "url.domain", "dns.question.name", "user.name", "user.domain", "message", "tags",
)  # fmt: skip
WANTED = (
    *TITLES, *RULES, *SOURCES, *TARGETS, *HOSTS, *AGENTS, *USERS, *TIMES, *REFS, *WORDS, *SCORES,
    *FIELDS, *MARKS, "vulnerability.title", "log.level", "signal.rule", "kibana.alert.instance.id",
)  # fmt: skip
OWN = {  # what a product's own record calls it, under the name of its data set: `aws.guardduty`
    "vendor.title": ("title", "model.name", "model", "alert.name", "properties.title"),
    "vendor.name": ("name",),
    "vendor.severity": ("severity_name", "severity.value", "severity", "metadata.severity",
                        "properties.severity", "rule.severity"),
}  # fmt: skip
CEASED = ("recovered", "untracked")  # kibana.alert.status of what is over
UNKNOWN = "This is no document of the Elastic Common Schema: it has no event, agent or host."


class Event(msgspec.Struct):
    kind: str
    dataset: str = ""


class Usual(msgspec.Struct):
    """Enough of a document to pass it by."""

    event: Event
    _source: None = None
    signal: None = None


_usual = msgspec.json.Decoder(Usual)


def prepare(received_at: datetime) -> Parse:
    rule = policy("ecs", received_at)
    passed = {"event", "metric", "state", "asset", "enrichment", "pipeline_error"}
    passed -= set(rule.names.get("kinds", KINDS))
    alerting = set(rule.names.get("datasets", ()))

    def parse(raw: bytes) -> Alerts:
        try:
            event = _usual.decode(raw).event
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            event = Event("")
        is_odd = b'"vulnerability' in raw or (not event.dataset and b'"data_stream' in raw)
        is_alerting = event.dataset.rpartition(".")[2] in alerting
        if event.kind in passed and not (is_odd or is_alerting):
            return ()
        return understand(loads(raw), rule)

    return parse


def understand(document: Any, policy: Policy) -> Alerts:
    """One document, a hit, an answer of a search, or what a Kibana connector sends."""
    return within(document, lambda each: _read(table(each), policy))


def _read(document: dict[str, Any], policy: Policy) -> Alerts:
    for path in () if "@timestamp" in document else LISTS:
        several = at(document, path)
        if isinstance(several, list):
            return understood(rows(several), lambda each: _one(each, policy))
    return _one(document, policy)


def _one(document: dict[str, Any], policy: Policy) -> Alerts:
    found = _of_connector(document) or document
    for key in () if "@timestamp" in document else ("_source", "doc", "fields"):
        inner = found.get(key)
        if isinstance(inner, dict) and "@timestamp" not in found:
            found = inner | {"_id": document.get("_id")}
    told = wanted(tuple(policy.skip))(found)
    if not any(mark in told for mark in MARKS):
        raise NotUnderstood(UNKNOWN)
    if not _raises(told, policy):
        return _carried(told, policy)
    own = at(found, _dataset(told))
    for name, paths in OWN.items() if isinstance(own, dict) else ():
        told[name] = words(own, *paths)
    return () if policy.skips(partial(_told, told)) else (_alert(told, policy),)


def _of_connector(document: dict[str, Any]) -> dict[str, Any] | None:
    """What Kibana's documentation proposes for the body of a rule's webhook, in the form of an
    alert."""
    rule, context = table(document.get("rule")), table(document.get("context"))
    name = words(document, "alertName", "ruleName") or words(rule, "name")
    if not name or not context or "@timestamp" in document:
        return None
    return {
        "kibana.alert.rule.name": name,
        "kibana.alert.rule.uuid": words(document, "alertId", "ruleId") or words(rule, "id"),
        "kibana.alert.instance.id": words(document, "alertInstanceId", "alert.id"),
        "kibana.alert.reason": words(context, "reason", "message"),
        "@timestamp": document.get("date") or context.get("date"),
        "host.name": words(context, "host.name", "host"),
    }


def _dataset(document: Flat) -> str:
    return words(document, "event.dataset", "data_stream.dataset")


def _carried(document: Flat, policy: Policy) -> Alerts:
    """The alert that a document of Filebeat's carries as the text of its message, if it does."""
    message = document.get("message")
    if not isinstance(message, str) or not message.startswith("{"):
        return ()
    try:
        return _one(table(loads(message.encode("utf-8", "replace"))), policy)
    except (NotUnderstood, Unreadable):
        return ()


def _told(document: Flat, path: str) -> str | None:
    found = one(document.get(path))
    return None if found is None else text(found)


@cache
def wanted(skip: tuple[str, ...]) -> Wanted:
    """All that is looked at in a document, what the policy skips by included."""
    return Wanted(*WANTED, *skip)


def _raises(document: Flat, policy: Policy) -> bool:
    """Whether a document is an alert: by its kind, or by what else only an alert has."""
    kinds = document.get("event.kind")
    if _is_flaw(document) or _is_kibana(document):
        return True
    if _dataset(document).rpartition(".")[2] in policy.names.get("datasets", ()):
        return True
    if kinds is not None:
        return bool(_list(kinds) & set(policy.names.get("kinds", KINDS)))
    categories = _list(document.get("event.category"))
    return bool(categories & set(policy.names.get("categories", ())))


def _is_flaw(document: Flat) -> bool:
    about = {_dataset(document).rpartition(".")[2], *_list(document.get("event.category"))}
    return bool(document.get("vulnerability.id")) and "vulnerability" in about


def _is_kibana(document: Flat) -> bool:
    return any(mark in document for mark in KIBANA)


def _first(document: Flat, paths: tuple[str, ...]) -> Any:
    return next((one(document[path]) for path in paths if path in document), None)


def _list(value: Any) -> set[str]:
    values = value if isinstance(value, list) else [value]
    return {text(each).lower() for each in values}


def _alert(document: Flat, policy: Policy) -> Alert:
    is_forwarded = "forwarded" in _list(document.get("tags"))
    own = words(document, *HOSTS, *(() if is_forwarded else AGENTS))
    source = words(document, *SOURCES)
    flaw, is_flaw = words(document, "vulnerability.id"), _is_flaw(document)
    target = own if is_flaw else words(document, *TARGETS) or (own if source else "")
    title = _title(document, flaw if is_flaw else "")
    rule = words(document, *RULES)
    return Alert(
        title=title or rule or "Alert without a name",
        severity=_serious(document, policy),
        occurred=moment(_first(document, TIMES), policy.zone),
        rule=rule or title,
        source_host="" if is_flaw else source or own,
        target_host=target,
        user=words(document, *USERS),
        ref=words(document, *REFS),
        kind="vulnerability" if is_flaw else "alert",
        fields=_own(document, rule or shape(title)) | chosen(document, *FIELDS),
    )


def _own(document: Flat, sort: str) -> dict[str, str]:
    """What tells its group: the rule, and which of the things the rule looks at."""
    instance = words(document, "kibana.alert.instance.id")
    is_it = instance and instance not in ("*", words(document, "kibana.alert.uuid"))
    return {"sort": sort} | ({"instance": instance} if is_it else {})


def _title(document: Flat, flaw: str) -> str:
    if flaw:
        return line(f"{flaw} {words(document, 'package.name', 'vulnerability.title')}")
    return next(filter(None, (line(one(document.get(path))) for path in TITLES)), "")


def _serious(document: Flat, policy: Policy) -> int:
    """By word; else by `event.severity`, whose scale is its sender's; else by risk, 0-100."""
    if words(document, "kibana.alert.status") in CEASED:
        return Severity.INFORMATIONAL
    if (word := words(document, *WORDS).lower()) in policy.severity:
        return policy.severity[word]
    level = number(one(document.get("event.severity")))
    risk = number(_first(document, SCORES))
    product = words(document, "event.module") or _dataset(document).partition(".")[0]
    inverted = product in policy.names.get("highest_is_one", ())
    if level is not None and inverted:
        return max(Severity.INFORMATIONAL, min(Severity.HIGH, Severity(5) - int(min(level, 4))))
    if level is not None and level > 10:
        return by_score(policy, level)
    if risk is not None:
        return by_score(policy, risk)
    if level:
        return by_score(policy, level * 10)
    score = number(document.get("vulnerability.score.base"))
    told = words(document, "log.level", "event.severity").lower()
    return by_score(policy, score * 10) if score else policy.serious(told)
