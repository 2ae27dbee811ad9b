"""Wazuh's alerts, after its documentation of the ruleset, its indexer and its API."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from vardkase.detections.alert import Alert, Severity, fingerprint
from vardkase.intake.json_text import loads
from vardkase.intake.policy import policy
from vardkase.intake.registry import source
from vardkase.intake.wazuh.alerts import understand
from vardkase.policy.parameter import INTAKE

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
SAMPLES = (INTAKE / "wazuh/samples/alerts.ndjson").read_bytes().splitlines()
RULE = {"level": 10, "description": "sshd: brute force", "id": "5712", "groups": ["syslog", "sshd"],
        "firedtimes": 3, "mail": False, "mitre": {"id": ["T1110"]}}  # fmt: skip
ALERT = {
    "timestamp": "2026-11-20T08:01:02.123+0100", "rule": RULE, "id": "1763622062.101",
    "agent": {"id": "007", "name": "vc-01", "ip": "192.0.2.7"}, "manager": {"name": "wazuh"},
    "full_log": "x", "decoder": {"name": "sshd"}, "location": "/var/log/auth.log",
    "data": {"srcip": "198.51.100.9", "srcuser": "root"},
}  # fmt: skip
FLAW = {
    "cve": "CVE-2026-0001", "severity": "High", "status": "Active", "title": "CVE-2026-0001 in x",
    "package": {"name": "x", "version": "1"}, "cvss": {"cvss3": {"base_score": "7.5"}},
}  # fmt: skip


def read(*records: Any) -> list[tuple[Alert, ...]]:
    body = "\n".join(json.dumps(record) for record in records).encode()
    messages = list(source("wazuh").read(body, NOW))
    assert not any(m.aside or m.refused for m in messages)
    return [m.alerts for m in messages]


def alert(**changes: Any) -> Alert:
    ((found,),) = read(ALERT | changes)
    return found


def test_an_alert_is_read() -> None:
    found = alert()
    assert (found.title, found.rule, found.user) == ("sshd: brute force", "5712", "root")
    assert (found.source_host, found.target_host) == ("198.51.100.9", "vc-01")
    assert found.occurred == datetime(2026, 11, 20, 7, 1, 2, 123000, tzinfo=UTC)
    assert found.ref == "1763622062.101"
    assert found.fields["rule.mitre.id"] == "T1110"


@pytest.mark.parametrize(
    ("level", "severity"),
    [
        (1, 1),
        (3, 1),
        (4, 2),
        (6, 2),
        (7, 3),
        (11, 3),
        (12, 4),
        (14, 4),
        (15, 5),
        ("12", 4),
        (99, 3),
    ],
)
def test_levels_are_the_ladder_that_wazuh_describes(level: Any, severity: int) -> None:
    assert alert(rule=RULE | {"level": level}).severity == severity


def test_level_0_is_ignored_as_wazuh_says() -> None:
    assert read(ALERT | {"rule": RULE | {"level": 0}}, ALERT | {"rule": RULE | {"level": "0"}}) == [
        (),
        (),
    ]


@pytest.mark.parametrize("raw", SAMPLES)
def test_the_quick_way_reads_what_the_slow_way_reads(raw: bytes) -> None:
    (message,) = source("wazuh").read(raw, NOW)
    assert message.alerts == understand(loads(raw), policy("wazuh", NOW))


@pytest.mark.parametrize(
    "data",
    [{}, None, {"srcport": 22}, {"srcip": None}, {"srcip": "", "dstuser": "bo"}, {"unknown": [1]},
     {"dstip": "192.0.2.1", "srcip": "192.0.2.2", "url": "/", "id": "404", "protocol": "GET"},
     {"win": {"eventdata": {"targetUserName": "bo", "ipAddress": "192.0.2.3"}}}],
)  # fmt: skip
def test_both_ways_agree_on_any_data(data: Any) -> None:
    for record in (ALERT | {"data": data}, ALERT | {"data": data, "syscheck": {"path": "/x"}}):
        assert read(record) == [understand(record, policy("wazuh", NOW))]


def test_logons_of_windows_name_account_and_address() -> None:
    event = {"targetUserName": "bo", "ipAddress": "198.51.100.10"}
    found = alert(data={"win": {"system": {"computer": "PC1"}, "eventdata": event}})
    assert (found.user, found.source_host) == ("bo", "198.51.100.10")


def test_what_concerns_the_agent_alone_comes_from_it() -> None:
    found = alert(data=None, syscheck={"path": "/etc/passwd", "event": "modified"})
    assert (found.source_host, found.target_host) == ("vc-01", "")
    assert found.fields["syscheck.path"] == "/etc/passwd"


def test_a_vulnerability_is_one() -> None:
    found = alert(data={"vulnerability": FLAW})
    assert (found.kind, found.severity, found.target_host) == ("vulnerability", 4, "vc-01")
    assert (found.fields["cve"], found.fields["package"]) == ("CVE-2026-0001", "x")
    for status in ("Solved", "Obsolete"):
        assert read(ALERT | {"data": {"vulnerability": FLAW | {"status": status}}}) == [()]


@pytest.mark.parametrize(("word", "severity"), [("-", 4), ("", 4), ("Untriaged", 3), ("Low", 2)])
def test_a_vulnerability_without_a_word_is_judged_by_its_score(word: str, severity: int) -> None:
    assert alert(data={"vulnerability": FLAW | {"severity": word}}).severity == severity


def test_the_indexer_the_integration_and_the_api_are_read() -> None:
    hit = {"_index": "wazuh-alerts-4.x", "_id": "1", "_source": ALERT}
    webhook = {"severity": 2, "pretext": "WAZUH Alert", "title": "t", "all_fields": ALERT}
    state = {"agent": {"id": "001", "name": "web1"}, "package": {"name": "x", "version": "1"},
             "vulnerability": {"id": "CVE-2026-0002", "severity": "Critical"}}  # fmt: skip
    api = {"data": {"affected_items": [FLAW, FLAW | {"cve": "CVE-2026-0003"}]}, "error": 0}
    assert read(hit, webhook) == [(alert(),), (alert(),)]
    (found,) = read({"took": 1, "hits": {"hits": [hit, {"_source": state}]}})
    assert [a.kind for a in found] == ["alert", "vulnerability"]
    assert found[1].severity == Severity.CRITICAL
    (listed,) = read(api)
    assert [a.rule for a in listed] == ["CVE-2026-0001", "CVE-2026-0003"]
    assert read({"data": {"affected_items": []}}, {"hits": {"hits": []}}) == [(), ()]


def test_rule_agent_and_source_make_a_group() -> None:
    names = source("wazuh").fingerprint
    mark = fingerprint("wazuh", alert(), names)
    same = alert(id="2", timestamp="2026-11-21T00:00:00Z", data=ALERT["data"] | {"srcport": "1"})
    assert fingerprint("wazuh", same, names) == mark
    other = (
        alert(agent={"name": "vc-02"}),
        alert(rule=RULE | {"id": "1"}),
        alert(data={"srcip": "::1"}),
    )
    assert len({fingerprint("wazuh", each, names) for each in other} | {mark}) == 4


def test_ossec_writes_the_same_otherwise() -> None:
    ((found,),) = read({
        "rule": {"level": 5, "comment": "Login failed", "sidid": 5503, "group": "pam"},
        "srcip": "198.51.100.9", "dstuser": "anna", "hostname": "mail1", "id": "1.2",
        "location": "/var/log/auth.log", "full_log": "x",
    })  # fmt: skip
    assert (found.title, found.rule, found.severity) == ("Login failed", "5503", 2)
    assert (found.source_host, found.target_host, found.user) == ("198.51.100.9", "mail1", "anna")


def test_a_post_of_the_integration_with_slack_is_read() -> None:
    told = [
        ("Agent", "(017) - pc-17"),
        ("Location", "EventChannel"),
        ("Rule ID", "60204 _(Level 10)_"),
    ]
    fields = [{"title": title, "value": value} for title, value in told]
    post = {"color": "danger", "title": "Many failed logons", "text": "log", "fields": fields,
            "ts": "1763622062.5"}  # fmt: skip
    (((found,)),) = read({"attachments": [post]})
    assert (found.title, found.rule, found.severity) == ("Many failed logons", "60204", 3)
    assert (found.source_host, found.fields["agent.id"]) == ("pc-17", "017")
    assert found.occurred == datetime(2025, 11, 20, 7, 1, 2, 500000, tzinfo=UTC)


def test_what_posts_to_duty_rotas_and_workflows_carry_is_read() -> None:
    ((paged,),) = read({"payload": {"summary": "x", "custom_details": ALERT}})
    ((run,),) = read({"execution_argument": json.dumps(ALERT)})
    assert paged == run == alert()


@pytest.mark.parametrize(
    ("told", "host"),
    [("192.0.2.9:50123", "192.0.2.9"), ("::ffff:192.0.2.9", "192.0.2.9"),
     ("2001:db8::9", "2001:db8::9"), ("-", "vc-01")],
)  # fmt: skip
def test_an_address_is_told_without_its_port(told: str, host: str) -> None:
    assert alert(data={"office365": {"ClientIP": told}}).source_host == host
    assert alert(data={"srcip": told}).source_host == host


def test_an_account_that_windows_does_not_tell_is_none() -> None:
    told = {"win": {"eventdata": {"targetUserName": "-", "subjectUserName": "-"}}}
    assert not alert(data=told).user
    assert not alert(data={"dstuser": "-"}).user


def test_a_device_that_the_manager_speaks_for_is_known_by_its_own_name() -> None:
    manager = {"id": "000", "name": "wazuh"}
    found = alert(agent=manager, predecoder={"hostname": "fw-2"})
    assert (found.target_host, found.fields["agent"]) == ("fw-2", "fw-2")
    assert alert(agentless={"host": "sw-3"}).target_host == "sw-3"


def test_the_alerts_of_ossec_tell_when() -> None:
    old = {"rule": {"level": 5, "sidid": 5716, "comment": "Failed"}, "full_log": "x"}
    ((milli,),) = read(old | {"TimeStamp": 1763622062123, "agent_name": "web-1"})
    ((word,),) = read(old | {"timestamp": "2025 Nov 20 07:01:02", "agentip": "192.0.2.1"})
    assert milli.occurred == datetime(2025, 11, 20, 7, 1, 2, 123000, tzinfo=UTC)
    assert word.occurred == datetime(2025, 11, 20, 7, 1, 2, tzinfo=UTC)
    assert (milli.source_host, word.source_host) == ("web-1", "192.0.2.1")
