"""OpenVAS and Greenbone: results of a report in XML, nested or bare, or exported as CSV."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from vardkase.detections.alert import Alert

from ..apart import Alerts
from ..json_text import decoded
from ..policy import Policy
from ..safe_xml import Node, elements
from ..scores import by_score
from ..source import NotUnderstood
from ..values import fields, line, moment, number, text

ROOTS = frozenset({
    "report", "reports", "get_reports_response", "get_report_response", "get_results_response",
    "results", "result", "commands_response", "authenticate_response",
})  # fmt: skip
MARKS = frozenset({"results", "scan_run_status", "gmp", "omp", "report_format", "nvt"})
TIMES = ("scan_start", "timestamp", "creation_time")  # of a report, for results that tell none
KEPT = 20_000  # CVE marks that are looked at in one result
csv.field_size_limit(10_000_000)
COLUMNS = {  # heading in small letters -> ours
    "ip": "host", "host": "host", "hostname": "hostname", "port": "port",
    "port protocol": "protocol", "cvss": "score", "severity": "threat", "nvt name": "name",
    "nvt oid": "oid", "cves": "cves", "timestamp": "time", "result id": "id", "qod": "qod",
    "solution type": "solution_type", "solution": "solution", "summary": "summary",
    "specific result": "description", "task name": "task", "impact": "impact",
    "affected software/os": "affected",
}  # fmt: skip


def understand(body: bytes, policy: Policy) -> Alerts:
    bare = body.lstrip()
    found = _xml(bare) if bare.startswith(b"<") else _csv(decoded(body))
    return tuple(
        _alert(each, policy)
        for each in found
        if not policy.skips(lambda name, of=each: of.get(name))  # type: ignore[misc]
    )


def _xml(body: bytes) -> Iterator[dict[str, str]]:
    marked, scanned = False, ""
    for node in elements(body, "result", *TIMES, *MARKS - {"results", "nvt"}, roots=ROOTS):
        if node.name in TIMES:
            scanned = scanned or node.own
        elif node.name != "result":
            marked = True
        elif node.all("nvt") or node.all("threat") or node.all("severity"):
            marked = True
            found = _result(node)
            yield found | {"time": found["time"] or scanned}
    if not marked and b"<results" not in body:
        raise NotUnderstood("The XML holds no results of an OpenVAS scan.")


def _result(node: Node) -> dict[str, str]:
    """One result by our names; later versions keep CVEs as refs, older ones as a list."""
    nvt = (node.all("nvt") or [node])[0]
    tags = _tags(nvt.text("tags"))
    refs = [ref.attributes.get("id", "") for ref in nvt.all("refs/ref")[:KEPT]
            if ref.attributes.get("type", "").lower().startswith("cve")]  # fmt: skip
    cves = ", ".join(refs) or nvt.text("cve")
    return {
        "host": node.text("host"),
        "hostname": node.text("host/hostname", "hostname"),
        "port": node.text("port"),
        "score": node.text("severity") or nvt.text("cvss_base"),
        "threat": node.text("threat"),
        "name": node.text("name") or nvt.text("name"),
        "oid": nvt.attributes.get("oid", ""),
        "family": nvt.text("family"),
        "cves": "" if cves == "NOCVE" else cves,
        "time": node.text("creation_time", "modification_time", "scan_start"),
        "id": node.attributes.get("id", ""),
        "qod": node.text("qod/value"),
        "solution": nvt.text("solution") or tags.get("solution", ""),
        "summary": tags.get("summary", ""),
        "impact": tags.get("impact", ""),
        "description": node.text("description"),
    }


def _tags(told: str) -> dict[str, str]:
    """`summary=...|impact=...`"""
    return {key: value for key, sign, value in (p.partition("=") for p in told.split("|")) if sign}


def _csv(told: str) -> Iterator[dict[str, str]]:
    first = told.lstrip("\ufeff\r\n ").partition("\n")[0]
    separator = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(told.lstrip("\ufeff\r\n "), newline=""), delimiter=separator)
    try:
        heads = [COLUMNS.get(head.strip().lower(), "") for head in next(reader, [])]
        if not {"name", "host"} <= set(heads) or not {"threat", "score"} & set(heads):
            raise NotUnderstood("The text is no report of OpenVAS: neither its XML nor its CSV.")
        for row in reader:
            each = {head: cell for head, cell in zip(heads, row, strict=False) if head}
            if any(cell.strip() for cell in row):
                yield each | {"port": _joined(each.get("port", ""), each.get("protocol", ""))}
    except csv.Error as fault:
        raise NotUnderstood(f"Line {reader.line_num} of the CSV breaks: {fault}.") from None


def _joined(port: str, protocol: str) -> str:
    """`9200/tcp`, as the XML has it."""
    return f"{port or 'general'}/{protocol or 'tcp'}"


def _alert(each: dict[str, Any], policy: Policy) -> Alert:
    name = line(each.get("name")) or "Result without a name"
    return Alert(
        title=name,
        severity=_serious(each, policy),
        occurred=moment(each.get("time", ""), policy.zone),
        rule=text(each.get("oid")) or name,
        target_host=text(each.get("host")) or text(each.get("hostname")),
        ref=text(each.get("id")),
        kind="vulnerability",
        fields=fields((name, told) for name, told in each.items() if name not in ("name", "id")),
    )


def _serious(each: dict[str, Any], policy: Policy) -> int:
    score = number(each.get("score"))
    threat = str(each.get("threat", "")).strip().lower()
    if score is not None and score >= 0 and not (score == 0 and threat not in ("", "log", "none")):
        return by_score(policy, score)
    return policy.serious(threat)
