"""Wazuh: alerts of its manager, hits of its indexer, and what its API knows of vulnerabilities."""

from typing import Any

from vardkase.detections.alert import Alert
from vardkase.intake.apart import Alerts, understood
from vardkase.intake.json_text import loads
from vardkase.intake.policy import Policy
from vardkase.intake.scores import by_score
from vardkase.intake.source import NotUnderstood
from vardkase.intake.values import (
    Wanted,
    at,
    chosen,
    fields,
    first,
    line,
    moment,
    number,
    rows,
    table,
    text,
    words,
)  # fmt: skip

SOURCES = (
    "data.srcip", "srcip", "data.src_ip", "data.source_ip", "data.win.eventdata.ipAddress",
    "data.win.eventdata.sourceIp", "data.aws.source_ip_address", "data.aws.sourceIPAddress",
    "data.aws.remote_ip", "data.office365.ClientIP",
    "data.gcp.protoPayload.requestMetadata.callerIp", "data.src", "data.remote_ip",
    "data.srcIP",
)  # fmt: skip
TARGETS = (
    "data.dstip",
    "dstip",
    "data.dest_ip",
    "data.win.eventdata.destinationIp",
    "data.dst",
    "data.dstIP",
)
USERS = (
    "data.dstuser", "dstuser", "srcuser", "data.srcuser", "data.win.eventdata.targetUserName",
    "data.win.eventdata.subjectUserName", "data.win.eventdata.user",
    "data.aws.userIdentity.userName", "data.aws.userIdentity.arn", "data.office365.UserId",
    "data.audit.auid_name", "data.uname", "data.user", "data.username",
)  # fmt: skip
FIELDS = (
    "rule.level", "rule.groups", "rule.mitre.id", "rule.mitre.technique", "rule.firedtimes",
    "rule.frequency", "agent.id", "agent.ip", "manager.name", "cluster.name", "location",
    "decoder.name", "predecoder.hostname", "predecoder.program_name", "syscheck.path",
    "syscheck.event", "syscheck.sha256_after", "syscheck.uname_after", "GeoLocation.country_name",
    "data.srcip", "data.dstip", "data.srcport", "data.dstport", "data.protocol", "data.action",
    "data.id", "data.url", "data.srcuser", "data.dstuser", "data.status", "data.command",
    "data.win.system.computer", "data.win.system.eventID", "data.win.eventdata.image",
    "data.win.eventdata.commandLine", "data.sca.policy", "data.sca.check.title",
    "data.sca.check.result", "data.virustotal.permalink", "data.virustotal.positives",
    "data.audit.command", "data.audit.exe", "full_log",
)  # fmt: skip
NAMES = ("agent.name", "agent.ip", "predecoder.hostname", "hostname", "manager.name")
TIMES = ("timestamp", "@timestamp")
WANTED = Wanted(
    *SOURCES, *TARGETS, *USERS, *FIELDS, *NAMES, *TIMES,
    "rule.id", "rule.sidid", "rule.description", "rule.comment", "syscheck.uname_after", "id",
)  # fmt: skip
FLAW = (
    "severity", "status", "published", "published_at", "detection_time", "detected_at", "condition",
    "architecture", "type", "reference", "category", "rationale", "cwe_reference", "description",
)  # fmt: skip
FLAWS = ("CVE-", "GHSA-", "TEMP-", "RUSTSEC-", "PYSEC-")
UNKNOWN = "This is no alert of Wazuh's: it has neither a rule nor a vulnerability."


def understand(document: Any, policy: Policy) -> Alerts:
    """One alert, an indexer's hit, or a list of what the API or the indexer answered."""
    if not isinstance(document, dict):
        raise NotUnderstood(UNKNOWN)
    several = _several(document)
    if several is None:
        return _one(document, policy)
    return understood(rows(several), lambda each: _one(each, policy))


def _several(document: dict[str, Any]) -> Any:
    """The list within an answer of the API or the indexer, if it is one."""
    for path in ("data.affected_items", "hits.hits"):
        found = at(document, path)
        if isinstance(found, list):
            return found
    return None


def _one(document: dict[str, Any], policy: Policy) -> Alerts:
    alert = _unwrapped(document)
    rule = table(alert.get("rule"))
    if rule or "rule.id" in alert or "rule.description" in alert:
        if policy.skips(lambda name: _told(alert, name)):
            return ()
        flaw = table(at(alert, "data.vulnerability"))
        return (_vulnerability(alert, flaw, policy) if flaw else _alert(alert, policy),)
    flaw = table(alert.get("vulnerability")) or alert
    if words(flaw, "cve", "id").upper().startswith(FLAWS):
        return (_vulnerability(alert, flaw, policy),)
    return _other(alert)


def _other(alert: dict[str, Any]) -> Alerts:
    """What Wazuh writes beside alerts (archives, statistics) is no alert; the rest is not ours."""
    if isinstance(alert.get("agent"), dict) and isinstance(alert.get("manager"), dict):
        return ()
    raise NotUnderstood(UNKNOWN)


def _unwrapped(document: dict[str, Any]) -> dict[str, Any]:
    """The alert within a hit of the indexer, a webhook of an integration, or a shipper's event."""
    alert = document
    for _ in range(4):
        if "rule" in alert or "vulnerability" in alert:
            break
        inner = first(
            alert, "_source", "all_fields", "alert", "body", "message", "parameters.alert"
        )
        if isinstance(inner, str) and inner.lstrip().startswith("{"):
            inner = loads(inner.encode("utf-8", "replace"))
        if not isinstance(inner, dict):
            break
        alert = inner
    return alert


def _told(alert: dict[str, Any], path: str) -> str | None:
    found = at(alert, path)
    return None if found is None else text(found)


def _alert(alert: dict[str, Any], policy: Policy) -> Alert:
    told = WANTED(alert)
    agent, source = words(told, *NAMES), words(told, *SOURCES)
    rule = words(told, "rule.id", "rule.sidid")
    about = line(words(told, "rule.description", "rule.comment"))
    level = number(told.get("rule.level"))
    return Alert(
        title=about or line(told.get("full_log")) or f"Rule {rule}",
        severity=policy.serious("" if level is None else int(level)),
        occurred=_time(told, policy),
        rule=rule or about,
        source_host=source or agent,
        target_host=words(told, *TARGETS) or (agent if source else ""),
        user=words(told, *USERS, "syscheck.uname_after"),
        ref=words(told, "id"),
        fields={"agent": agent} | chosen(told, *FIELDS),
    )


def _vulnerability(alert: dict[str, Any], flaw: dict[str, Any], policy: Policy) -> Alert:
    """A hole in a package, as detector, indexer or API tells of it."""
    package = table(alert.get("package")) or table(flaw.get("package"))
    name = words(package, "name") or (words(flaw, "name") if "cve" in flaw else "")
    version = words(package, "version") or words(flaw, "version")
    agent = words(
        alert, "agent.name", "agent_name", "host.name", "agent.ip", "agent_ip", "agent.id"
    )
    cve = words(flaw, "cve", "id")
    return Alert(
        title=line(flaw.get("title"))
        or line(f"{cve} affects {name}" if name else cve or at(alert, "rule.description"))
        or "Vulnerability",
        severity=_serious(flaw, policy),
        occurred=_time(alert, policy) or _time(flaw, policy),
        rule=words(alert, "rule.id") or cve,
        target_host=agent,
        ref=words(alert, "id"),
        kind="vulnerability",
        fields=fields([("agent", agent), ("cve", cve), ("package", name), ("version", version)])
        | chosen(flaw, *FLAW),
    )


def _serious(flaw: dict[str, Any], policy: Policy) -> int:
    told = words(flaw, "severity").lower()
    if told in policy.severity and not told.isdigit():
        return policy.severity[told]
    return by_score(
        policy,
        first(
            flaw, "cvss.cvss3.base_score", "cvss3_score", "score.base", "cvss.cvss2.base_score",
            "cvss2_score",
        ),
    )  # fmt: skip


def _time(record: dict[str, Any], policy: Policy) -> Any:
    told = first(
        record, "timestamp", "@timestamp", "vulnerability.detected_at", "detected_at",
        "detection_time",
    )  # fmt: skip
    return moment(told, policy.zone)
