"""Microsoft Defender: alerts of Graph (v1 and v2) and of Endpoint, incidents that hold alerts,
records that stream from advanced hunting, and lists of vulnerabilities."""

import re
from typing import Any

from vardkase.detections.alert import Alert

from ..apart import Alerts, understood
from ..microsoft import carried, concerned, entities, get, low, owner, unpacked
from ..policy import Policy
from ..scores import by_score
from ..source import NotUnderstood
from ..values import fields, line, moment, rows, sort, table, text

LISTS = ("value", "records", "results", "alerts", "incidents", "alert")
TITLES = ("title", "alerttitle", "alertdisplayname", "alertname", "displayname", "incidentname",
          "threatname", "riskeventtype")  # fmt: skip
MARKS = (
    "alertid", "detectionsource", "servicesource", "alertcreationtime", "provideralertid",
    "vendorinformation", "azuretenantid", "investigationstate", "incidentid", "lastupdatetime",
    "lastupdatedatetime", "alertweburl", "detectorid", "computerdnsname", "evidence",
    "firstactivitydatetime", "createddatetime", "lasteventtime", "entities", "tenantid",
    "attacktechniques", "detectionid", "displayname", "incidentname", "alertdisplayname",
    "riskeventtype", "systemalertid",
)  # fmt: skip
TIMES = (
    "lastactivitydatetime", "lasteventtime", "lastactivity", "eventdatetime", "timestamp",
    "firstactivitydatetime", "firsteventtime", "firstactivity", "createddatetime",
    "alertcreationtime", "creationtime", "createdtime", "lastupdatedatetime", "lastupdatetime",
    "endtimeutc", "starttimeutc", "timegenerated", "timegeneratedutc", "alerttime",
    "detectedtimeutc", "activitydatetime", "detecteddatetime", "lastseentimestamp", "time",
)  # fmt: skip
FIELDS = (
    "severity", "status", "category", "servicesource", "detectionsource", "productname",
    "classification", "determination", "threatname", "threatfamilyname", "threatdisplayname",
    "actordisplayname", "mitretechniques", "attacktechniques", "incidentid", "machineid",
    "rbacgroupname", "investigationstate", "alertweburl", "incidentweburl", "assignedto",
    "tenantid", "description", "recommendedactions", "recommendedaction", "createddatetime",
    "alertcreationtime", "tags", "systemtags",
)  # fmt: skip
FLAW = (
    "productvendor", "productversion", "softwarevendor", "softwareversion", "fixingkbid",
    "cvssscore", "cvssv3", "exposedmachines", "exploitabilitylevel", "recommendedsecurityupdate",
    "machineid", "deviceid", "osplatform", "rbacgroupname", "publishedon", "description",
)  # fmt: skip
POSTURE = "microsoft.security/"  # Defender for Cloud on how things stand, but for its alerts
LEVELS = ("low", "medium", "high", "informational")  # severityValue of Defender for Cloud Apps
SORTS = ("system", "custom")  # what AlertType of Microsoft 365 tells in place of a rule
QUOTED = re.compile(r"(?<!\w)'([^']{1,80})'(?!\w)")
NO_ALERTS = (  # what else the same interfaces tell of
    "healthstatus", "onboardingstatus", "exposurelevel", "subscriptionid", "scope", "softwareid",
    "recommendationname", "initiatingprocessfilename", "actiontype", "networkmessageid",
    "subscriptionexpirationdatetime", "reportid", "entitytype",
)  # fmt: skip
UNKNOWN = "This is no alert of Microsoft Defender's: it has no title beside what Defender tells."


def understand(document: Any, policy: Policy) -> Alerts:
    """A list, an envelope of records, an incident with its alerts, or one alert."""
    return carried(document, lambda each: tuple(_read(table(each), policy, depth=4)), MARKS)


def _read(document: dict[str, Any], policy: Policy, *, depth: int) -> list[Alert]:
    record = low(document)
    category = get(record, "category").lower()
    if category.startswith("advancedhunting-") or "operationname" in record:
        return _streamed(low(unpacked(record.get("properties"))), record, category, policy)
    for name in LISTS:
        inside = record.get(name)
        if name == "alerts" and isinstance(inside, dict):  # Filebeat sends an incident's one by one
            inside = [inside]
        if isinstance(inside, list) and depth and (inside or len(record) < 8 or name != "alerts"):
            return _several(inside, record, policy, depth - 1)
    if _is_posture(record):
        return []
    if isinstance(record.get("properties"), dict) and depth:
        return _read(
            table(record["properties"]) | {"id": record.get("id")}, policy, depth=depth - 1
        )
    if isinstance(record.get("body"), dict) and depth:
        return _read(table(record["body"]), policy, depth=depth - 1)
    return _one(record, policy)


def _is_posture(record: dict[str, Any]) -> bool:
    """Whether it is an assessment or a score, which comes by the same road as alerts."""
    sort = get(record, "type").lower()
    return sort.startswith(POSTURE) and not sort.endswith("/alerts")


def _several(inside: list[Any], around: dict[str, Any], policy: Policy, depth: int) -> list[Alert]:
    """What a list holds. Evidence that streams beside its alert tells of host and account."""
    found = rows(inside)
    if inside and not found:
        raise NotUnderstood(UNKNOWN)
    if not found and get(around, *TITLES):
        return _one(around, policy)
    beside = _evidence(found)

    def read(each: dict[str, Any]) -> list[Alert]:
        told = low(unpacked(low(each).get("properties")))
        more = beside.get(get(told, "alertid"))
        return _read({**each, "evidence_beside": more} if more else each, policy, depth=depth)

    return list(understood(found, read))


def _evidence(found: list[dict[str, Any]]) -> dict[str, list[Any]]:
    beside: dict[str, list[Any]] = {}
    for each in found:
        record = low(each)
        if get(record, "category").lower() == "advancedhunting-alertevidence":
            told = low(unpacked(record.get("properties")))
            beside.setdefault(get(told, "alertid"), []).append(told)
    return beside


def _streamed(
    told: dict[str, Any], around: dict[str, Any], category: str, policy: Policy
) -> list[Alert]:
    """A record of advanced hunting; only AlertInfo, and rows of vulnerabilities, raise alerts."""
    if "cveid" in told or category.endswith(("alertinfo", "devicealertevents")):
        beside = {"evidence": around.get("evidence_beside"), "time": around.get("time")}
        return _one(told | beside | {"streamed": True}, policy)
    if not told and not category.startswith("advancedhunting-"):
        raise NotUnderstood(UNKNOWN)
    return []


def _one(record: dict[str, Any], policy: Policy) -> list[Alert]:
    if get(record, "cveid") or get(record, "id", "name").upper().startswith("CVE-"):
        return [_vulnerability(record, policy)]
    if "evidencerole" in record and "entitytype" in record:  # a row of AlertEvidence
        return []
    title = get(record, *TITLES)
    if not title or not (record.get("streamed") or _is_ours(record)):
        if any(name in record for name in NO_ALERTS):
            return []
        raise NotUnderstood(UNKNOWN)
    if policy.skips(lambda name: get(record, name)):
        return []
    return [_alert(record, title, policy)]


def _is_ours(record: dict[str, Any]) -> bool:
    """Whether it tells what only Defender tells, or at least what each of its alerts does."""
    least = get(record, "severity") and get(record, "id", "alertid", "status", "category")
    return bool(least) or any(mark in record for mark in MARKS)


def _alert(record: dict[str, Any], title: str, policy: Policy) -> Alert:
    about = _about(record)
    host = get(record, "computerdnsname", "devicename", "machinename", "compromisedentity")
    host = host or about["host"]
    mark = get(record, "alertid", "systemalertid", "id", "provideralertid", "incidentid", "_id")
    whose = bool(host or about["user"] or about["ip"])
    rule = _rule(record) or line(title)
    threats = " ".join(QUOTED.findall(title))  # one detector finds many: 'Emotet' was detected
    named = [("sort", f"{sort(rule)} {threats}"), ("category", get(record, "category")),
             ("alertid", "" if whose else mark)]  # fmt: skip
    return Alert(
        title=line(title),
        severity=policy.serious(_severity(record)),
        occurred=moment(get(record, *TIMES), policy.zone),
        rule=rule,
        source_host=about["ip"],
        target_host=host,
        user=about["user"],
        ref=mark,
        fields=fields([*named, *((name, record.get(name)) for name in FIELDS)]),
    )


def _severity(record: dict[str, Any]) -> str:
    level = get(record, "severityvalue")
    if level in ("0", "1", "2", "3"):
        return LEVELS[int(level)]
    return get(record, "severity", "alertseverity", "reportedseverity", "risklevel")


def _rule(record: dict[str, Any]) -> str:
    sort = get(record, "alerttype")
    return get(record, "detectorid") or (get(record, "policyid") if sort.lower() in SORTS else sort)


def _about(record: dict[str, Any]) -> dict[str, str]:
    """Host, account and address, from whichever of the forms tells them."""
    told = concerned(entities(record.get("evidence"), record.get("entities")))
    states = low((rows(record.get("userstates")) or [{}])[0])
    hosts = low((rows(record.get("hoststates")) or [{}])[0])
    lines = low((rows(record.get("networkconnections")) or [{}])[0])
    devices = low((rows(record.get("devices")) or [{}])[0])
    related = low(record.get("relateduser"))
    logged = low((rows(record.get("loggedonusers")) or [{}])[0])
    return {
        "host": told["host"] or get(hosts, "fqdn", "netbiosname", "privateipaddress")
        or get(devices, "devicednsname", "hostname"),
        "user": told["user"] or get(states, "userprincipalname", "accountname")
        or get(related, "username") or get(logged, "accountname", "username")
        or owner(devices)
        or get(record, "accountupn", "accountname", "userprincipalname", "username", "logonusers")
        or (get(record, "alertentityid") if get(record, "entitytype").lower() == "user" else ""),
        "ip": told["ip"] or get(lines, "sourceaddress") or get(states, "logonip")
        or get(record, "remoteip", "ipaddress"),
    }  # fmt: skip


def _vulnerability(record: dict[str, Any], policy: Policy) -> Alert:
    cve = get(record, "cveid") or get(record, "id", "name")
    product = get(record, "productname", "softwarename", "name" if "cveid" in record else "")
    host = get(record, "computerdnsname", "devicename", "machinename", "machineid", "deviceid")
    word = get(record, "severity", "vulnerabilityseveritylevel").lower()
    known = word in policy.severity
    return Alert(
        title=line(f"{cve} {product}"),
        severity=policy.severity[word]
        if known
        else by_score(policy, record.get("cvssscore") or record.get("cvssv3")),
        occurred=moment(get(record, "lastseentimestamp", "timestamp", "updatedon"), policy.zone),
        rule=cve,
        target_host=host,
        ref=text(get(record, "id")),
        kind="vulnerability",
        fields=fields(
            [("cve", cve), ("product", product), *((name, record.get(name)) for name in FLAW)]
        ),
    )
