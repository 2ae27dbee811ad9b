"""ZAP: alerts of each site in its reports, XML or JSON, or as its API lists them."""

from collections.abc import Iterator
from typing import Any

from vardkase.detections.alert import Alert

from ..apart import Alerts
from ..json_text import loads
from ..policy import Policy
from ..safe_xml import Node, elements
from ..source import NotUnderstood
from ..values import (
    fields,
    host_of_url,
    moment,
    one,
    rows,
    table,
    text,
    unmarked,
    words,
)  # fmt: skip

ROOTS = frozenset({"OWASPZAPReport"})
NAMES = ("pluginid", "alertRef", "alert", "name", "riskcode", "confidence", "riskdesc", "desc",
         "count", "solution", "reference", "cweid", "wascid", "uri", "param", "evidence",
         "otherinfo")  # fmt: skip
INSTANCE = ("uri", "method", "param", "attack", "evidence")
UNKNOWN = "This is no report of ZAP's: it holds neither sites nor alerts of ZAP's."


def understand(body: bytes, policy: Policy) -> Alerts:
    bare = body.lstrip()
    found = _xml(bare) if bare.startswith(b"<") else _json(loads(bare))
    return tuple(
        _alert(each, policy)
        for each in found
        if not policy.skips(lambda name, of=each: text(of.get(name)))  # type: ignore[misc]
    )


def _xml(body: bytes) -> Iterator[dict[str, Any]]:
    for node in elements(body, "alertitem", roots=ROOTS):
        yield {name: node.text(name) for name in NAMES} | {
            "site": node.attribute("name"),
            "host": node.attribute("host"),
            "port": node.attribute("port"),
            "generated": node.attribute("created") or node.attribute("generated"),
            "instances": [_instance(i) for i in node.all("instances/instance")[:20]],
        }


def _instance(node: Node) -> dict[str, str]:
    return {name: node.text(name) for name in INSTANCE}


def _json(document: Any) -> list[dict[str, Any]]:
    report = table(document)
    if "site" in report:
        return [each for site in rows(report["site"]) for each in _site(site, report)]
    alerts = report.get("alerts", document if isinstance(document, list) else None)
    if not isinstance(alerts, list) or not all(_is_ours(table(each)) for each in alerts):
        raise NotUnderstood(UNKNOWN)
    return [_of_api(each) for each in rows(alerts)]


def _is_ours(each: dict[str, Any]) -> bool:
    return ("pluginId" in each or "pluginid" in each) and ("alert" in each or "name" in each)


def _site(site: dict[str, Any], report: dict[str, Any]) -> list[dict[str, Any]]:
    alerts = site.get("alerts")
    alerts = alerts.get("alertitem") if isinstance(alerts, dict) else alerts
    if not isinstance(alerts, list | dict | None) or not any(
        key in site for key in ("@name", "@host", "name", "host", "alerts")
    ):
        raise NotUnderstood(UNKNOWN)
    about = {
        "site": words(site, "@name", "name"),
        "host": words(site, "@host", "host"),
        "port": words(site, "@port", "port"),
        "generated": words(report, "created", "@generated", "generated"),
    }
    return [each | about for each in rows(alerts)]


def _of_api(each: dict[str, Any]) -> dict[str, Any]:
    """An alert of the API, by the names that the reports use."""
    return each | {
        "pluginid": words(each, "pluginId", "pluginid"),
        "riskcode": words(each, "riskcode", "riskCode", "risk"),
        "desc": each.get("description", each.get("desc")),
        "host": host_of_url(each.get("url", each.get("uri"))),
        "port": "",
        "instances": [{"uri": each.get("url"), "method": each.get("method")}],
    }


def _alert(each: dict[str, Any], policy: Policy) -> Alert:
    name = unmarked(words(each, "alert", "name"), 300)
    rule = words(each, "alertRef", "pluginid", "pluginId") or name
    first = table(one(each.get("instances")))
    serious = words(each, "riskcode") or words(each, "riskdesc").partition(" ")[0]
    return Alert(
        title=name or f"Alert {rule}"[:300],
        severity=policy.serious(serious),
        occurred=moment(words(each, "generated"), policy.zone),
        rule=rule,
        target_host=words(each, "host") or host_of_url(words(each, "site", "uri"))
        or host_of_url(words(first, "uri")),
        kind="vulnerability",
        fields=fields([
            ("port", each.get("port")), ("site", each.get("site")),
            ("riskdesc", each.get("riskdesc")), ("confidence", each.get("confidence")),
            ("count", each.get("count")), ("cweid", each.get("cweid")),
            ("wascid", each.get("wascid")), ("desc", unmarked(each.get("desc"))),
            ("solution", unmarked(each.get("solution"))),
            ("reference", unmarked(each.get("reference"))),
            *((f"instance.{name}", first.get(name)) for name in INSTANCE),
            ("uris", [words(i, "uri") for i in rows(each.get("instances"))[:20]]),
        ]),
    )  # fmt: skip
