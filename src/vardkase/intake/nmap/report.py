"""nmap's XML: an open port is a finding, and what a script says is vulnerable is another."""

import re
from collections.abc import Iterator
from typing import Any

from vardkase.detections.alert import Alert

from ..apart import Alerts
from ..policy import Policy
from ..safe_xml import Node, elements
from ..scores import by_score
from ..values import fields, line, moment, text

ROOTS = frozenset({"nmaprun"})
STATE = re.compile(r"State: ((?:LIKELY |NOT )?VULNERABLE(?: \([A-Za-z]{1,20}\))?)")
CVE = re.compile(r"\b(CVE-\d{4}-\d{4,7})\s+(\d{1,2}(?:\.\d)?)\b")
NAMED = re.compile(r"\bCVE-\d{4}-\d{4,7}\b")
MOST = 500  # CVEs of one script


def understand(body: bytes, policy: Policy) -> Alerts:
    return tuple(
        alert
        for host in elements(body, "host", roots=ROOTS)
        for alert in _host(host, policy)
        if not policy.skips(alert.fields.get)
    )


def _host(host: Node, policy: Policy) -> Iterator[Alert]:
    if any(state.attributes.get("state") == "down" for state in host.all("status")):
        return
    about = _about(host, policy)
    for port in host.all("ports/port"):
        yield from _port(port, about, policy)
    for script in host.all("hostscript/script"):
        yield from _script(script, about, "host", policy)


def _about(host: Node, policy: Policy) -> dict[str, Any]:
    """What every finding of a host has in common."""
    by_kind = {a.attributes.get("addrtype", ""): a.attributes.get("addr", "")
               for a in reversed(host.all("address"))}  # fmt: skip
    address = by_kind.get("ipv4") or by_kind.get("ipv6") or by_kind.get("mac", "")
    names = [n.attributes.get("name", "") for n in host.all("hostnames/hostname")]
    system = next((m.attributes.get("name", "") for m in host.all("os/osmatch")), "")
    seen = host.attributes.get("endtime") or host.attributes.get("starttime")
    return {
        "target_host": text(address or next(filter(None, names), "")),
        "occurred": moment(seen or host.attribute("start"), policy.zone),
        "fields": {"hostname": ", ".join(filter(None, names)), "os": system,
                   "mac": by_kind.get("mac", "")},
    }  # fmt: skip


def _port(port: Node, about: dict[str, Any], policy: Policy) -> Iterator[Alert]:
    state = next((s.attributes.get("state", "") for s in port.all("state")), "")
    name = f"{port.attributes.get('protocol', 'tcp')}/{port.attributes.get('portid', '')}"
    if state not in policy.names.get("states", ("open",)):
        return
    service = next((s.attributes for s in port.all("service")), {})
    product = line(" ".join(service.get(k, "") for k in ("product", "version", "extrainfo")))
    kind = service.get("name", "")
    yield Alert(
        title=line(f"Open port {name} {kind} {product}"),
        severity=policy.severity.get(name, policy.serious("open")),
        rule=f"open port {name}"[:300],
        kind="vulnerability",
        occurred=about["occurred"],
        target_host=about["target_host"],
        fields=fields(
            [("port", name), ("state", state), ("service", kind), ("product", product),
             ("cpe", port.text("service/cpe")), *about["fields"].items(),
             *((s.attributes.get("id", ""), s.attributes.get("output"))
               for s in port.all("script"))]
        ),
    )  # fmt: skip
    for script in port.all("script"):
        yield from _script(script, about, name, policy)


def _script(script: Node, about: dict[str, Any], port: str, policy: Policy) -> Iterator[Alert]:
    """What a script of the vulns library, or `vulners`, says is vulnerable."""
    name, output = script.attributes.get("id", ""), script.attributes.get("output", "")[:100_000]
    if name == "vulners":
        for cve, score in list(dict.fromkeys(CVE.findall(output)))[:MOST]:
            yield _flaw(cve, f"{cve} (vulners)", by_score(policy, score), script, about, port)
        return
    found = STATE.search(output) or re.search(r"^[ \t]{0,8}(VULNERABLE):", output, re.MULTILINE)
    if found and not found[1].startswith("NOT"):
        told = next((row.strip() for row in output.split("\n")
                     if row.strip() and not row.strip().startswith("VULNERABLE")), "")  # fmt: skip
        severity = policy.serious(found[1])
        yield _flaw(name, line(f"{name}: {told}"), severity, script, about, port)


def _flaw(
    rule: str, title: str, severity: int, script: Node, about: dict[str, Any], port: str
) -> Alert:
    output = script.attributes.get("output", "")[:100_000]
    return Alert(
        title=line(title),
        severity=severity,
        rule=text(rule),
        kind="vulnerability",
        occurred=about["occurred"],
        target_host=about["target_host"],
        fields=fields(
            [("port", port), ("script", script.attributes.get("id")),
             ("cves", rule if NAMED.fullmatch(rule) else ", ".join(
                 dict.fromkeys(NAMED.findall(output)))),
             ("output", script.attributes.get("output")), *about["fields"].items()]
        ),
    )  # fmt: skip
