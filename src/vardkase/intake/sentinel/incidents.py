"""Microsoft Sentinel: incidents as playbooks and the API send them, rows of SecurityAlert."""

from typing import Any

from vardkase.detections.alert import Alert

from ..apart import Alerts
from ..microsoft import carried, concerned, entities, get, low, unpacked
from ..policy import Policy
from ..source import NotUnderstood
from ..values import fields, line, moment, one, rows, sort, table, text

TITLES = ("title", "alertdisplayname", "displayname", "alertname", "incidentname", "alertrule",
          "alertrulename")  # fmt: skip
MARKS = (
    "alertname", "alertdisplayname", "alertseverity", "systemalertid", "incidentnumber",
    "vendororiginalid", "alerttype", "alertrule", "signaltype", "incidenturl", "additionaldata",
    "lastactivitytimeutc", "firstactivitytimeutc", "createdtimeutc", "lastmodifiedtimeutc",
    "provideralertid", "providername", "timegeneratedutc", "compromisedentity", "incidentname",
    "relatedanalyticruleids", "starttimeutc", "alertids", "productname", "labels", "owner",
    "alertrulename",
)  # fmt: skip
TIMES = (
    "lastactivitytimeutc", "endtimeutc", "endtime", "lastactivitytime", "starttimeutc", "starttime",
    "firstactivitytimeutc", "firstactivitytime", "timegenerated", "timegeneratedutc",
    "endtime [utc]", "starttime [utc]", "timegenerated [utc]", "createdtimeutc", "createdtime",
    "fireddatetime", "lastmodifiedtimeutc", "searchintervalendtimeutc",
)  # fmt: skip
RULES = ("alertrulename", "alerttype", "alertrule", "analyticrulename")
REFS = ("incidentnumber", "systemalertid", "vendororiginalid", "alertid", "name", "id")
FIELDS = (
    "severity", "alertseverity", "status", "classification", "incidentnumber", "incidenturl",
    "productname", "productcomponentname", "providername", "vendorname", "alerttype", "tactics",
    "techniques", "intent", "compromisedentity", "workspacesubscriptionid", "resourceid",
    "description", "remediationsteps", "alertlink", "alerturi", "monitorcondition", "signaltype",
    "alerttargetids", "configurationitems", "confidencelevel", "subtechniques",
)  # fmt: skip
RESOURCE = "microsoft.securityinsights/"  # rules, bookmarks, accounts and much else, and these:
RAISING = ("incidents", "securityalert")
UNKNOWN = "This is neither an incident nor an alert of Microsoft Sentinel's."


def understand(document: Any, policy: Policy) -> Alerts:
    """One incident or alert in its envelope, or a list or table of them."""
    return carried(document, lambda each: _read(table(each), policy), MARKS)


def _read(document: dict[str, Any], policy: Policy) -> Alerts:
    if _is_other(low(document)):
        return ()
    found = list(_records(document, depth=6))
    if not found and not _is_empty_list(document):
        raise NotUnderstood(UNKNOWN)
    return tuple(
        _alert(each, policy)
        for each in found
        if not policy.skips(lambda name, of=each: get(of, name))  # type: ignore[misc]
    )


def _is_other(record: dict[str, Any]) -> bool:
    """Whether it is a resource of Sentinel's that is no alarm."""
    told = get(record, "type").lower()
    return told.startswith(RESOURCE) and not {
        told.removeprefix(RESOURCE), get(record, "kind").lower()
    }.intersection(RAISING)  # fmt: skip


def _is_empty_list(document: dict[str, Any]) -> bool:
    record = low(document)
    return any(record.get(name) == [] for name in ("value", "tables", "results", "records")) or any(
        low(each).get("rows") == [] for each in rows(record.get("tables"))
    )


def _records(document: dict[str, Any], *, depth: int) -> Any:
    """Every incident or alert that lies in `document`, by its keys in lower case."""
    record = low(document)
    for name in ("value", "results", "records"):
        if isinstance(record.get(name), list) and depth:
            for each in rows(record[name]):
                yield from _records(each, depth=depth - 1)
            return
    for each in rows(record.get("tables")):
        for row in _rows(each):
            yield from _records(row, depth=0)
    for name in ("object", "body", "triggerbody", "data", "essentials"):
        inner = unpacked(record.get(name))
        if isinstance(inner, dict) and depth and not get(record, *TITLES):
            yield from _records(inner, depth=depth - 1)
            return
    inner = unpacked(record.get("properties"))
    if isinstance(inner, dict) and depth:
        outer = {k: v for k, v in record.items() if k in ("id", "name")}
        record = outer | record | low(inner)
    marked = any(mark in record for mark in MARKS)
    if get(record, *TITLES) and (marked or (get(record, "severity") and get(record, "status"))):
        yield record


def _rows(found: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of an answer of Log Analytics, by the names of its columns."""
    spread = low(found)
    names = [text(low(each).get("name")) or text(low(each).get("columnname"))
             for each in rows(spread.get("columns"))]  # fmt: skip
    values = spread.get("rows")
    listed = values if isinstance(values, list) else []
    return [dict(zip(names, row, strict=False)) for row in listed if isinstance(row, list)]


def _alert(record: dict[str, Any], policy: Policy) -> Alert:
    inside = [low(low(each).get("properties")) for each in rows(record.get("alerts"))]
    told = concerned(
        entities(
            record.get("relatedentities"),
            record.get("entities"),
            *(alert.get("entities") for alert in inside[:20]),
        )
    )
    host = get(record, "compromisedentity") or next(
        filter(None, (get(alert, "compromisedentity") for alert in inside)),
        text(one(record.get("configurationitems"))),
    )
    return Alert(
        title=line(get(record, *TITLES)),
        severity=policy.serious(_severity(record)),
        occurred=moment(get(record, *TIMES), policy.zone),
        rule=_rule(record),
        source_host=told["ip"],
        target_host=told["host"] or host,
        user=told["user"],
        ref=get(record, *REFS),
        fields=fields(_fields(record)),
    )


def _severity(record: dict[str, Any]) -> str:
    is_over = get(record, "monitorcondition").lower() == "resolved"
    return "resolved" if is_over else get(record, "severity", "alertseverity")


def _rule(record: dict[str, Any]) -> str:
    """The analytics rule, by its name or the last part of its address."""
    related = text(one(unpacked(record.get("relatedanalyticruleids"))))
    return get(record, *RULES) or related.rpartition("/")[2]


def _fields(record: dict[str, Any]) -> list[tuple[str, Any]]:
    more = low(record.get("additionaldata"))
    return [
        ("sort", sort(line(get(record, *TITLES)))),
        *((name, record.get(name)) for name in FIELDS),
        *((f"additionaldata.{name}", more.get(name))
          for name in ("alertscount", "alertproductnames", "tactics", "techniques")),
        ("owner", low(record.get("owner")).get("assignedto")),
    ]  # fmt: skip
