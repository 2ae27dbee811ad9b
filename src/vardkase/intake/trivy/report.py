"""Trivy: vulnerabilities, misconfigurations, secrets, licences of an image or a cluster."""

from collections.abc import Iterator
from typing import Any

from vardkase.detections.alert import Alert

from ..apart import Alerts
from ..json_text import loads
from ..policy import Policy
from ..source import NotUnderstood
from ..values import at, fields, first, line, moment, rows, table, text, words

REPORT = ("SchemaVersion", "ArtifactName", "ArtifactType", "Results", "ClusterName", "Resources",
          "Findings", "ReportID")  # fmt: skip
LISTS = ("Vulnerabilities", "Misconfigurations", "Secrets", "Licenses")
UNKNOWN = "This is no report of Trivy's: it holds no results of it."


def understand(body: bytes, policy: Policy) -> Alerts:
    return tuple(_alerts(loads(body), policy))


def _alerts(document: Any, policy: Policy) -> Iterator[Alert]:
    for target, about in _results(document):
        for kind in LISTS:
            for finding in rows(target.get(kind)):
                each = _finding(kind, finding, target, about)
                if not policy.skips(each.get):
                    yield _alert(each, about, policy)


type Target = tuple[dict[str, Any], dict[str, Any]]  # a result, and what its report is about


def _results(document: Any) -> Iterator[Target]:
    """Every result with the artifact it is of."""
    if document is None:  # what the first versions write where there is nothing
        return
    if isinstance(document, list):  # before schema 2: the results alone; or several reports
        if not all(_is_result(table(each)) or _is_report(table(each)) for each in document):
            raise NotUnderstood(UNKNOWN)
        for each in rows(document):
            yield from _results(each) if _is_report(each) else [(each, {})]
        return
    report = table(document)
    if "operatorObject" in report or str(report.get("apiVersion", "")).startswith("aquasecurity"):
        yield from _of_operator(table(report.get("operatorObject")) or report)
    elif isinstance(report.get("items"), list):
        yield from (found for each in rows(report["items"]) for found in _of_operator(each))
    elif not _is_report(report):
        if not (_is_result(report) and "Target" in report):
            raise NotUnderstood(UNKNOWN)
        yield report, {}
    else:
        yield from _of_report(report)


def _is_report(report: dict[str, Any]) -> bool:
    lists = any(isinstance(report.get(name), list) for name in ("Results", "Resources"))
    return lists or sum(name in report for name in REPORT) >= 2 or _is_cluster(report)


def _is_cluster(report: dict[str, Any]) -> bool:
    return "ClusterName" in report and any(name in report for name in LISTS)


def _is_result(each: dict[str, Any]) -> bool:
    return "Target" in each or any(isinstance(each.get(name), list) for name in LISTS)


def _of_report(report: dict[str, Any]) -> Iterator[Target]:
    about = {
        "artifact": words(report, "ArtifactName") or _cluster(report),
        "type": words(report, "ArtifactType"),
        "created": report.get("CreatedAt"),
        "os": " ".join(
            filter(None, (words(report, f"Metadata.OS.{n}") for n in ("Family", "Name")))
        ),
    }
    for result in rows(report.get("Results")):
        yield result, about
        for inner in rows(result.get("Results")):  # what a control of a compliance report found
            yield inner, about
    for name in ("Resources", "Findings", *(LISTS if "ClusterName" in report else ())):
        for resource in rows(report.get(name)):
            own = about | {"artifact": _resource(resource, _cluster(report))}
            for result in rows(resource.get("Results")):
                yield result, own


def _cluster(report: dict[str, Any]) -> str:
    return words(report, "ClusterName")


def _resource(resource: dict[str, Any], cluster: str) -> str:
    parts = (cluster, *(words(resource, name) for name in ("Namespace", "Kind", "Name")))
    return text("/".join(filter(None, parts)))


def _of_operator(item: dict[str, Any]) -> Iterator[Target]:
    """A resource of the Trivy Operator, by the names that the reports use."""
    report, labels = table(item.get("report")), table(at(item, "metadata.labels"))
    if not report or "Report" not in text(item.get("kind")):
        raise NotUnderstood(UNKNOWN)
    owner = [words(labels, f"trivy-operator.resource.{n}") for n in ("namespace", "kind", "name")]
    image = [words(report, f"artifact.{name}") for name in ("repository", "tag")]
    about = {
        "artifact": text("/".join(filter(None, owner))) or words(item, "metadata.name"),
        "type": words(item, "kind"),
        "created": first(report, "updateTimestamp") or at(item, "metadata.creationTimestamp"),
        "os": words(report, "os.family"),
    }
    yield (
        {
            "Target": ":".join(filter(None, image)) or words(item, "metadata.name"),
            "Vulnerabilities": [_capital(each) for each in rows(report.get("vulnerabilities"))],
            "Misconfigurations": [
                _capital(each) | {"Status": "PASS" if each.get("success") is True else "FAIL"}
                for each in rows(report.get("checks"))
            ],
            "Secrets": [_capital(each) for each in rows(report.get("secrets"))],
        },
        about,
    )


def _capital(each: dict[str, Any]) -> dict[str, Any]:
    """`vulnerabilityID` is the reports' `VulnerabilityID`, `resource` their `PkgName`."""
    named = {key[:1].upper() + key[1:]: value for key, value in each.items()}
    renamed = {"Resource": "PkgName", "CheckID": "ID", "PrimaryLink": "PrimaryURL",
               "RuleID": "RuleID", "Messages": "Message"}  # fmt: skip
    return named | {ours: named[theirs] for theirs, ours in renamed.items() if theirs in named}


def _finding(
    kind: str, finding: dict[str, Any], target: dict[str, Any], about: dict[str, Any]
) -> dict[str, str]:
    """What a finding of any of the four kinds tells, under one set of names."""
    rule = words(finding, "VulnerabilityID", "AVDID", "ID", "RuleID", "Name")
    package = words(finding, "PkgName") or words(finding, "CauseMetadata.Resource", "FilePath")
    title = words(finding, "Title", "Message", "Category", limit=300)
    return {
        "list": kind,
        "rule": rule,
        "title": title or words(finding, "Description", limit=300) or rule,
        "severity": words(finding, "Severity"),
        "status": words(finding, "Status").lower(),
        "category": words(finding, "Category") if kind == "Licenses" else "",
        "target": words(target, "Target"),
        "class": words(target, "Class"),
        "type": words(target, "Type"),
        "package": package,
        "installed": words(finding, "InstalledVersion"),
        "fixed": words(finding, "FixedVersion"),
        "path": words(finding, "PkgPath", "FilePath"),
        "line": words(finding, "StartLine", "CauseMetadata.StartLine"),
        "message": words(finding, "Message", limit=2_000),
        "description": words(finding, "Description", limit=2_000),
        "resolution": words(finding, "Resolution", "remediation", limit=2_000),
        "url": words(finding, "PrimaryURL", limit=500),
        "cwe": text(finding.get("CweIDs")),
        "os": about.get("os", ""),
    }  # fmt: skip


def _alert(each: dict[str, str], about: dict[str, Any], policy: Policy) -> Alert:
    subject = each["package"] if each["list"] in ("Vulnerabilities", "Licenses") else ""
    named = [each["rule"], subject, each["title"] if each["title"] != each["rule"] else ""]
    return Alert(
        title=line(" ".join(filter(None, named))) or each["list"],
        severity=policy.serious(each["severity"]),
        occurred=moment(about.get("created"), policy.zone),
        rule=each["rule"],
        target_host=text(about.get("artifact")) or each["target"],
        kind="vulnerability",
        fields=fields((k, v) for k, v in each.items() if k not in ("title", "rule")),
    )
