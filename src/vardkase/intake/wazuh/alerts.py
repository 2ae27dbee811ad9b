"""Wazuh: alerts of its manager, hits of its indexer, and what its API knows of vulnerabilities."""

import re
from typing import Any

from vardkase.detections.alert import Alert

from ..apart import Alerts
from ..inside import within
from ..policy import Policy
from ..scores import by_score
from ..source import NotUnderstood
from ..values import (
    Flat,
    Wanted,
    at,
    chosen,
    fields,
    first,
    host,
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
    "data.aws.remote_ip", "data.office365.ClientIP", "data.office365.ActorIpAddress",
    "data.callerIpAddress",
    "data.gcp.protoPayload.requestMetadata.callerIp", "data.src", "data.remote_ip",
    "data.srcIP", "data.EventChannel.EventData.IpAddress",
    "data.aws.service.action.networkConnectionAction.remoteIpDetails.ipAddressV4",
    "data.aws.service.action.awsApiCallAction.remoteIpDetails.ipAddressV4", "data.aws.srcaddr",
)  # fmt: skip
TARGETS = (
    "data.dstip", "dstip", "data.dest_ip", "data.dst_ip", "data.win.eventdata.destinationIp",
    "data.dst", "data.dstIP", "data.aws.dstaddr",
)  # fmt: skip
USERS = (
    "data.dstuser", "dstuser", "srcuser", "data.srcuser", "data.win.eventdata.targetUserName",
    "data.win.eventdata.subjectUserName", "data.win.eventdata.user",
    "data.EventChannel.EventData.TargetUserName", "data.aws.userIdentity.userName",
    "data.aws.userIdentity.arn", "data.office365.UserId", "data.github.actor",
    "data.gcp.protoPayload.authenticationInfo.principalEmail", "data.audit.auid_name",
    "data.uname", "data.user", "data.username", "data.user_name", "data.caller", "data.Caller",
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
NAMES = ("agentless.host", "agent.name", "agent_name", "agent.ip", "agentip",
         "predecoder.hostname", "hostname", "manager.name")  # fmt: skip
MANAGER = "000"  # the agent that takes the syslog of devices without one
TIMES = ("timestamp", "@timestamp", "TimeStamp")
WANTED = Wanted(
    *SOURCES, *TARGETS, *USERS, *FIELDS, *NAMES, *TIMES,
    "rule.id", "rule.sidid", "rule.description", "rule.comment", "rule.name",
    "syscheck.uname_after", "id",
)  # fmt: skip
FLAW = (
    "severity", "status", "published", "published_at", "detection_time", "detected_at", "condition",
    "architecture", "type", "reference", "category", "rationale", "cwe_reference", "description",
)  # fmt: skip
SHORT = {"crit", "id", "description", "component"}  # its syslog output, told to write JSON
POSTED = re.compile(r"(\d{1,9}) _\(Level (\d{1,2})\)_")  # what its integration with Slack writes
COMPONENT = re.compile(r"\(([^)]{1,200})\)")  # (agent) address->file
FLAWS = ("CVE-", "GHSA-", "TEMP-", "RUSTSEC-", "PYSEC-")
UNKNOWN = "This is no alert of Wazuh's: it has neither a rule nor a vulnerability."


def understand(document: Any, policy: Policy) -> Alerts:
    """One alert, or those within an answer of the API, hits of the indexer, a webhook."""
    if at(document, "data.affected_items") == [] or at(document, "hits.hits") == []:
        return ()
    return within(document, lambda each: _one(table(each), policy))


def _one(document: dict[str, Any], policy: Policy) -> Alerts:
    alert = _lengthened(document) if document.keys() >= SHORT else _posted(document) or document
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


def _lengthened(short: dict[str, Any]) -> dict[str, Any]:
    """What the manager's syslog output writes as JSON, by the names of alerts.json."""
    component = text(short.get("component"))
    named = COMPONENT.match(component)
    return {
        "rule": {
            "level": short.get("crit"), "id": short.get("id"),
            "description": short.get("description"), "groups": short.get("classification"),
        },
        "agent": {"name": named[1] if named else component.partition("->")[0]},
        "location": component, "full_log": short.get("message"),
        "data": {name: short.get(name) for name in ("srcip", "dstip", "user")},
        "timestamp": short.get("timestamp"),
    }  # fmt: skip


def _posted(message: dict[str, Any]) -> dict[str, Any] | None:
    """What the integration with Slack posts, by the names of alerts.json."""
    post = (rows(message.get("attachments")) or [{}])[0]
    told = {text(each.get("title")): text(each.get("value")) for each in rows(post.get("fields"))}
    rule = POSTED.fullmatch(told.get("Rule ID", ""))
    if rule is None:
        return None
    number, _, name = told.get("Agent", "").partition(" - ")
    return {
        "rule": {"id": rule[1], "level": rule[2], "description": post.get("title")},
        "agent": {"id": number.strip("()"), "name": name},
        "agentless": {"host": told.get("Agentless Host")},
        "location": told.get("Location"), "full_log": post.get("text"),
        "id": post.get("ts"), "timestamp": post.get("ts"),
    }  # fmt: skip


def _told(alert: dict[str, Any], path: str) -> str | None:
    found = at(alert, path)
    return None if found is None else text(found)


def _alert(alert: dict[str, Any], policy: Policy) -> Alert:
    told = WANTED(alert)
    agent, source = _agent(told), host(words(told, *SOURCES))
    rule = words(told, "rule.id", "rule.sidid")
    about = line(words(told, "rule.description", "rule.comment", "rule.name"))
    level = number(told.get("rule.level"))
    return Alert(
        title=about or line(told.get("full_log")) or f"Rule {rule}",
        severity=policy.serious("" if level is None else int(level)),
        occurred=_time(told, policy),
        rule=rule or about,
        source_host=source or agent,
        target_host=host(words(told, *TARGETS)) or (agent if source else ""),
        user=words(told, *USERS, "syscheck.uname_after"),
        ref=words(told, "id"),
        fields={"agent": agent} | chosen(told, *FIELDS),
    )


def _agent(told: Flat) -> str:
    """The machine that the alert is about; the manager speaks for devices that it reads of."""
    is_manager = told.get("agent.id") == MANAGER
    return (words(told, "predecoder.hostname") if is_manager else "") or words(told, *NAMES)


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
        record, *TIMES, "vulnerability.detected_at", "detected_at",
        "detection_time",
    )  # fmt: skip
    return moment(told, policy.zone)
