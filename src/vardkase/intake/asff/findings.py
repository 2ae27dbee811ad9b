"""AWS Security Hub: findings in ASFF, alone, in a list, or in the envelopes that bring them."""

from typing import Any

from vardkase.detections.alert import Alert

from ..apart import Alerts
from ..inside import within
from ..policy import Policy
from ..scores import by_score
from ..source import NotUnderstood
from ..values import (
    at,
    chosen,
    first,
    line,
    moment,
    number,
    one,
    rows,
    table,
    text,
    words,
)  # fmt: skip

MARKS = ("SchemaVersion", "ProductArn", "GeneratorId", "AwsAccountId", "Types", "Resources",
         "FindingProviderFields", "RecordState", "CreatedAt", "UpdatedAt", "Severity")  # fmt: skip
FIELDS = (
    "AwsAccountId", "AwsAccountName", "Region", "ProductName", "CompanyName", "ProductArn", "Types",
    "Severity.Label", "Severity.Normalized", "Compliance.Status", "Compliance.SecurityControlId",
    "Workflow.Status", "RecordState", "VerificationState", "Confidence", "Criticality",
    "FirstObservedAt", "LastObservedAt", "SourceUrl", "Description",
    "Remediation.Recommendation.Text", "Remediation.Recommendation.Url", "Network.Protocol",
    "Network.DestinationPort", "ProductFields.ControlId", "Action.ActionType",
)  # fmt: skip
SOURCES = (
    "Network.SourceIpV4", "Network.SourceIpV6", "Network.SourceDomain",
    "Action.NetworkConnectionAction.RemoteIpDetails.IpAddressV4",
    "Action.AwsApiCallAction.RemoteIpDetails.IpAddressV4",
    "ProductFields.aws/guardduty/service/action/networkConnectionAction/remoteIpDetails/ipAddressV4",
    "ProductFields.aws/guardduty/service/action/awsApiCallAction/remoteIpDetails/ipAddressV4",
)  # fmt: skip
PROBES = "Action.PortProbeAction.PortProbeDetails"
NO_FINDINGS = "Security Hub Insight Results"  # counts of findings, by the same bus
UNKNOWN = "This is no finding of Security Hub's: it has neither findings nor a finding's fields."


def understand(document: Any, policy: Policy) -> Alerts:
    """A list of findings, an event of EventBridge, messages of SNS or SQS, or one finding."""
    return within(document, lambda body: _body(table(body), policy))


def _body(document: dict[str, Any], policy: Policy) -> Alerts:
    if document.get("detail-type") == NO_FINDINGS:
        return ()
    findings = _findings(document)
    if findings is None:
        raise NotUnderstood(UNKNOWN)
    return tuple(
        _alert(each, policy)
        for each in findings
        if not policy.skips(lambda name, of=each: _told(of, name))  # type: ignore[misc]
    )


def _findings(document: dict[str, Any]) -> list[dict[str, Any]] | None:
    """The findings of a body; None where it is no such body."""
    for path in ("Findings", "findings", "detail.findings", "detail.Findings"):
        found = at(document, path)
        if isinstance(found, list) and all(_is_finding(table(each)) for each in found):
            return rows(found)
    return [document] if _is_finding(document) else None


def _is_finding(each: dict[str, Any]) -> bool:
    return sum(mark in each for mark in MARKS) >= 2 and ("Id" in each or "Title" in each)


def _told(finding: dict[str, Any], path: str) -> str | None:
    found = at(finding, path)
    return None if found is None else text(found)


def _alert(finding: dict[str, Any], policy: Policy) -> Alert:
    resource = table(one(finding.get("Resources")))
    target = _target(resource) or words(finding, "AwsAccountId")
    flaws = rows(finding.get("Vulnerabilities"))
    rule = words(finding, "GeneratorId", "Compliance.SecurityControlId", "Title")
    probe = one(at(finding, PROBES))
    source = words(finding, *SOURCES) or words(probe, "RemoteIpDetails.IpAddressV4")
    return Alert(
        title=line(finding.get("Title")) or line(finding.get("Description")) or rule or "Finding",
        severity=_serious(finding, policy),
        occurred=moment(
            first(finding, "LastObservedAt", "UpdatedAt", "FirstObservedAt", "CreatedAt"),
            policy.zone,
        ),
        rule=_rule(finding, flaws) or rule,
        source_host=source,
        target_host=target,
        user=words(resource, "Details.AwsIamAccessKey.PrincipalName", "Details.AwsIamUser.UserName",
                   "Details.AwsIamAccessKey.UserName"),
        ref=words(finding, "Id"),
        kind="vulnerability" if _is_flaw(finding, flaws, policy) else "alert",
        fields=_fields(finding, resource, flaws),
    )  # fmt: skip


def _rule(finding: dict[str, Any], flaws: list[dict[str, Any]]) -> str:
    """The flaw; of GuardDuty, whose generator is its detector, the sort of threat."""
    if flaws:
        return words(flaws[0], "Id")
    is_detector = ":detector/" in words(finding, "GeneratorId")
    return words(finding, "Types").rpartition("/")[2] if is_detector else ""


def _is_flaw(finding: dict[str, Any], flaws: list[dict[str, Any]], policy: Policy) -> bool:
    kinds = finding.get("Types") or at(finding, "FindingProviderFields.Types")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    known = policy.names.get("vulnerability", ())
    return bool(flaws) or any(text(kind).lower().partition("/")[0] in known for kind in kinds)


def _target(resource: dict[str, Any]) -> str:
    """A name or address that a person knows, else the resource's own id."""
    details = table(one(list(table(resource.get("Details")).values())))
    named = words(table(resource.get("Tags")), "Name", "name")
    address = words(details, "IpV4Addresses", "PublicIp", "PrivateIpAddress")
    return named or address or words(resource, "Id")


def _serious(finding: dict[str, Any], policy: Policy) -> int:
    told = finding.get("Severity")
    for severity in (table(told), table(at(finding, "FindingProviderFields.Severity"))):
        word = words(severity, "Label").lower()
        if word in policy.severity:
            return policy.severity[word]
        score = number(severity.get("Normalized"))
        if score is not None:
            return by_score(policy, score)
        word = words(severity, "Original").lower()
        if word in policy.severity:
            return policy.severity[word]
    product = number(at(finding, "Severity.Product"))
    return by_score(policy, product) if product is not None else policy.serious(text(told))


def _fields(
    finding: dict[str, Any], resource: dict[str, Any], flaws: list[dict[str, Any]]
) -> dict[str, str]:
    found = chosen(finding, *FIELDS)
    found |= {f"Resource.{name}": told for name, told in
              chosen(resource, "Type", "Id", "Region", "Partition", "Tags").items()}  # fmt: skip
    for flaw in flaws[:1]:
        packages = [words(each, "Name") for each in rows(flaw.get("VulnerablePackages"))]
        found |= {"Vulnerabilities.Id": words(flaw, "Id"), "Packages": text(packages, 500)}
        found |= chosen(flaw, "ReferenceUrls")
    return found
