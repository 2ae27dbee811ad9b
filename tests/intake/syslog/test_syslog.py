"""Syslog messages: how serious, about whom, and which are of one sort."""

import pytest

from tests.intake.reading import alert, messages, outcomes
from vardkase.detections.alert import fingerprint
from vardkase.intake.registry import source

SSHD = "<86>Nov 20 08:00:00 web1 sshd[%d]: Failed password for %s from %s port %d ssh2"


@pytest.mark.says("S2-030", "analyser av loggar tillhörande olika tjänster, servrar")
def test_a_failed_login_says_who_from_where_and_at_which_machine() -> None:
    found = alert("syslog", SSHD % (1, "invalid user bob", "198.51.100.9", 22))
    assert found.title.startswith("sshd: Failed password for invalid user bob")
    assert (found.source_host, found.target_host) == ("198.51.100.9", "web1")
    assert found.user == "bob"
    assert found.fields["facility"] == "authpriv"


@pytest.mark.parametrize(
    ("line", "user", "source"),
    [
        ("<86>Nov 20 08:00:00 h sudo:   bob : TTY=pts/0 ; USER=root ; COMMAND=/bin/ls", "bob", "h"),
        ("<86>Nov 20 08:00:00 h su: pam_unix: session opened for user root", "root", "h"),
        ("<86>Nov 20 08:00:00 h sshd[1]: Invalid user adm from 2001:db8::9", "adm", "2001:db8::9"),
        ("<86>Nov 20 08:00:00 h x: failure; rhost=10.0.0.9  user=eva", "eva", "10.0.0.9"),
        ("<86>Nov 20 08:00:00 h x: waiting for the disk", "", "h"),
    ],
)  # fmt: skip
def test_the_account_and_the_address(line: str, user: str, source: str) -> None:
    found = alert("syslog", line)
    assert (found.user, found.source_host) == (user, source)


def test_a_firewall_names_its_interfaces() -> None:
    found = alert(
        "syslog",
        "<164>Nov 20 08:00:00 asa : %ASA-4-106023: Deny tcp src outside:198.51.100.9/1234 "
        'dst inside:10.0.0.5/80 by access-group "x"',
    )
    assert (found.source_host, found.target_host) == ("198.51.100.9", "10.0.0.5")
    assert found.rule == "%ASA-4-106023"


@pytest.mark.parametrize(
    ("priority", "severity"),
    [(32, 5), (33, 5), (34, 4), (35, 3), (36, 2), (37, 1), (38, 1)],
)
def test_the_scale_of_rfc_5424(priority: int, severity: int) -> None:
    assert alert("syslog", f"<{priority}>Nov 20 08:00:00 h a: m").severity == severity


def test_debug_is_understood_and_raises_no_alert() -> None:
    assert outcomes("syslog", "<39>Nov 20 08:00:00 h a: m") == ["skipped"]


def test_a_line_without_priority_is_a_message_all_the_same() -> None:
    assert alert("syslog", "Use the BFG!").severity == 2


def test_the_number_in_a_cisco_message_tells_how_serious_it_is() -> None:
    found = alert("syslog", "*Mar  1 00:00:00.000: %SEC_LOGIN-4-LOGIN_FAILED: No [user: x]")
    assert (found.rule, found.severity) == ("%SEC_LOGIN-4-LOGIN_FAILED", 2)
    assert found.occurred is None


def test_messages_that_differ_in_numbers_are_one_group() -> None:
    names = source("syslog").fingerprint
    body = "\n".join(SSHD % (pid, "root", "198.51.100.9", 40000 + pid) for pid in range(50))
    marks = {fingerprint("syslog", m.alerts[0], names) for m in messages("syslog", body)}
    assert len(marks) == 1
    other = alert("syslog", SSHD % (1, "root", "198.51.100.10", 1))
    assert fingerprint("syslog", other, names) not in marks


@pytest.mark.parametrize("line", ['{"a":1}', "<html><body>", "[1,2]", "<?xml version='1.0'?>"])
def test_json_and_markup_are_no_syslog(line: str) -> None:
    assert outcomes("syslog", line) == ["aside"]


def test_octets_may_be_counted() -> None:
    body = "".join(f"{len(m)} {m}" for m in ("<13>1 - h a - - - one", "<13>1 - h a - - - two"))
    assert [m.alerts[0].title for m in messages("syslog", body)] == ["a: one", "a: two"]


@pytest.mark.parametrize("stamp", ["[Fri Nov 20 08:00:00 2026]", "[2026-11-20 08:00:00]"])
def test_a_stamp_in_brackets_is_one_of_a_log_file(stamp: str) -> None:
    found = alert("syslog", f"{stamp} [error] [client 198.51.100.9] no such page")
    assert str(found.occurred) == "2026-11-20 07:00:00+00:00"
    assert (found.source_host, found.target_host) == ("198.51.100.9", "")


FLOW = ",0,2026/11/20 08:00:00,192.0.2.1,10.0.0.1,,,web-in,dom\\eva,,ssl,vsys1,a,b,e1,e2,x,"
FLOW += "2026/11/20 08:00:00,5,1,4444,443,0,0,0x0,tcp,"


@pytest.mark.parametrize(
    ("line", "title", "rule", "severity", "source"),
    [
        (f"THREAT,vulnerability{FLOW}reset-both,\"a,b\",Log4j(91991),any,critical,x",
         "PAN-OS THREAT vulnerability: Log4j(91991)", "THREAT/vulnerability/Log4j(91991)", 5,
         "192.0.2.1"),
        (f"TRAFFIC,deny{FLOW}deny,0", "PAN-OS TRAFFIC deny: deny", "TRAFFIC/deny/web-in", 1,
         "192.0.2.1"),
        ('SYSTEM,auth,0,2026/11/20 08:00:00,,auth-fail,,0,0,general,high,"failed for a, b",1',
         "PAN-OS SYSTEM auth: failed for a, b", "SYSTEM/auth/auth-fail", 4, "fw1"),
        ("SYSTEM,", "PAN-OS SYSTEM", "SYSTEM", 1, "fw1"),
    ],
)  # fmt: skip
def test_the_firewalls_of_palo_alto(
    line: str, title: str, rule: str, severity: int, source: str
) -> None:
    found = alert("syslog", f"<14>Nov 20 08:00:00 fw1 1,2026/11/20 08:00:00,0011,{line}")
    assert (found.title, found.rule, found.severity) == (title, rule, severity)
    assert found.source_host == source
    assert found.user == ("dom\\eva" if FLOW in line else "")


FILTERLOG = (
    "<134>Nov 20 08:00:00 gw filterlog[4]: 53,,,1000000301,em0,match,block,in,4,0x0,,64,%d,0,"
    "none,6,tcp,60,192.0.2.1,10.0.0.2,%d,22,0,S,29633380,,65535,,mss"
)


def test_a_packet_filter_of_pfsense_and_opnsense() -> None:
    found = alert("syslog", FILTERLOG % (420, 53742))
    assert found.title == "filterlog: block in em0 tcp 192.0.2.1 > 10.0.0.2 port 22"
    assert (found.source_host, found.target_host) == ("192.0.2.1", "10.0.0.2")
    assert found.rule == "filterlog/block/in/em0/1000000301"
    six = alert(
        "syslog",
        "<134>Nov 20 08:00:00 gw filterlog: 5,,,0,igb1,match,pass,out,6,0x00,0x0,255,ICMPv6,58,32,"
        "2001:db8::1,ff02::1,",
    )
    assert (six.source_host, six.target_host) == ("2001:db8::1", "ff02::1")


def test_a_rule_of_modsecurity_is_one_sort_and_tells_its_severity() -> None:
    found = alert(
        "syslog",
        "[Fri Nov 20 08:00:00.01 2026] [:error] [pid 7] [client 192.0.2.1:37752] [client 192.0.2.1]"
        ' ModSecurity: Warning. Pattern match "x" at ARGS:q. [file "a.conf"] [id "942100"] [msg '
        '"SQL Injection"] [severity "CRITICAL"] [hostname "www.example.se"] [uri "/s"]',
    )
    assert (found.title, found.rule) == ("ModSecurity: SQL Injection", "ModSecurity/942100")
    assert (found.source_host, found.target_host) == ("192.0.2.1", "www.example.se")
    assert found.severity == 4


def test_seconds_since_the_start_make_no_group_of_their_own() -> None:
    line = "<4>Nov 20 08:00:00 fw kernel: [%s] DROP IN=eth0 SRC=192.0.2.1 DST=10.0.0.5 PROTO=TCP"
    one, two = (alert("syslog", line % told) for told in ("  631.879", "810298.895567"))
    assert one.title == "kernel: DROP IN=eth0 SRC=192.0.2.1 DST=10.0.0.5 PROTO=TCP"
    assert one.rule == two.rule


def test_a_web_servers_lines_fold_whatever_was_asked_for() -> None:
    line = '192.0.2.1 - - [20/Nov/2026:08:00:0%d +0100] "GET /%s HTTP/1.1" 404 %d "-" "x"'
    one, two = (alert("syslog", line % told) for told in ((1, "a?to=10.0.0.1", 5), (2, "b", 7)))
    assert (one.source_host, one.rule) == (two.source_host, two.rule)
    assert one.occurred
    assert f"{one.occurred:%H:%M:%S}" == "07:00:01"


@pytest.mark.parametrize(
    ("line", "severity", "hour"),
    [
        ("2026-11-20 08:00:00 ERROR login failed", 3, 7),
        ("2026-11-20T08:00:00Z 344 [Warning] Access denied", 2, 8),
        ('time="2026-11-20T08:00:00+02:00" level=error msg="no"', 2, 6),
        ("1795161600.000      4 192.0.2.1 TCP_DENIED/403 x", 2, 8),
        ("[1795161600] nsd[77]: info: axfr refused", 2, 8),
    ],
)
def test_what_a_programs_own_log_tells_of_time_and_severity(
    line: str, severity: int, hour: int
) -> None:
    found = alert("syslog", line)
    assert found.severity == severity
    assert found.occurred
    assert found.occurred.hour == hour


SNARE = (
    "<14>Nov 20 08:00:00 dc1 MSWinEventLog\t1\tSecurity\t%d\tFri Nov 20 08:00:00 2026\t4625\t"
    "Audit\tN/A\tN/A"
    "\tFailure Audit\tDC1\tLogon\t\tAn account failed to log on.  Subject:  Account Name: -"
    "  Account For Which Logon Failed:  Account Name:  eva  Source Network Address: 10.0.0.7\t7"
)
EPO = (
    '<29>1 2026-11-20T07:00:00Z epo1 EPOEvents - EventFwd [agentInfo@3401 tenantId="1"] <?xml '
    'version="1.0"?><EPOEvent><MachineName>PC7</MachineName><ThreatEventID>1278</ThreatEventID>'
    "<ThreatSeverity>2</ThreatSeverity><ThreatName>EICAR</ThreatName><SourceIPV4>10.0.0.7"
    "</SourceIPV4><TargetHostName>PC7</TargetHostName><TargetUserName>R\\eva</TargetUserName></EPOEvent>"
)
JUNIPER = (
    "<165>1 2026-11-20T07:00:00Z srx RT_IDP - IDP_ATTACK_LOG_EVENT [junos@2636.1.1.1.2.137 "
    'source-address="192.0.2.1" attack-name="HTTP:X" threat-severity="HIGH"]'
)
VPN = (
    "<14>Nov 20 08:00:00 pa 1,2026/11/20 08:00:00,0011,GLOBALPROTECT,0,2561,2026/11/20 08:00:00,"
    "vsys1,gateway-auth,login,SAML,,eva,SE,PC9,192.0.2.1,,,,id,sn,5.2,Windows,10,1,,,"
    "Login failed,failure"
)
NXLOG = (
    "<13>Nov 20 08:00:00 dc1 Audit[700]: An account failed to log on. Subject: Account Name: - "
    "Failed: Account Name: eva Source Network Address: 10.0.0.7"
)
FTD = (
    "<113>Nov 20 2026 08:00:00 ftd %FTD-1-430001: EventPriority: High, SrcIP: 192.0.2.1, DstIP: "
    "10.0.0.5, GID: 1, SID: 191, Message: DNS attempt, User: No Authentication Required"
)
ESET = (
    '<12>Nov 20 08:00:00 era ERAServer[5]: {"event_type":"Threat_Event","ipv4":"10.0.0.5",'
    '"hostname":"pc5","severity":"Critical","threat_name":"Eicar","username":"eva"}'
)
MERAKI = (
    "<134>1 1795161600.774 mx84 security_event ids_alerted signature=1:28423:1 priority=1 "
    "timestamp=1795161600.8 src=192.0.2.1:80 dst=10.0.0.5:53023 message: EXPLOIT-KIT download"
)
SEP = (
    "<54>Nov 20 08:00:00 sepm SymantecServer: PC7,Virus found,IP Address: 10.0.0.7,Computer name: "
    "PC7,Source: Real Time Scan,Risk name: EICAR,Occurrences: 1,User Name: eva"
)
IPS = "<188>Nov 20 08:00:00 r1 %IPS-4-SIGNATURE: Sig:3051 Subsig:1 DoS [192.0.2.1:5 -> 10.0.0.5:4]"
HUAWEI = (
    "<188>Nov 20 2026 08:00:00 usg %%01ATK/4/FIREWALLATCK(l): AttackType=Port scan, SrcIp=192.0.2.1"
)


@pytest.mark.parametrize(
    ("line", "title", "rule", "severity", "about"),
    [
        (SNARE % 5, "Audit 4625: An account failed to log on", "Windows/Security/Audit/4625", 2,
         ("10.0.0.7", "DC1", "eva")),
        (EPO, "ePO 1278: EICAR", "ePO/1278/EICAR", 4, ("10.0.0.7", "PC7", "R\\eva")),
        (JUNIPER, "RT_IDP: IDP_ATTACK_LOG_EVENT 192.0.2.1 HTTP:X HIGH",
         "IDP_ATTACK_LOG_EVENT/HTTP:X", 4, ("192.0.2.1", "srx", "")),
        (VPN, "PAN-OS GLOBALPROTECT: Login failed", "GLOBALPROTECT/gateway-auth", 1,
         ("192.0.2.1", "pa", "eva")),
        (NXLOG, "Audit: " + NXLOG[NXLOG.index("An acc") :],
         "An account failed to log on. Subject: Account Name: - Failed: Account Name: eva Source "
         "Network Address: #", 1, ("10.0.0.7", "dc1", "eva")),
        (FTD, "FTD 430001: DNS attempt", "%FTD-430001/1:191", 4, ("192.0.2.1", "10.0.0.5", "")),
        (ESET, "Threat_Event: Eicar", "Threat_Event/Eicar", 4, ("10.0.0.5", "pc5", "eva")),
        (MERAKI, "Meraki ids_alerted: EXPLOIT-KIT download", "Meraki/ids_alerted/1:28423:1", 4,
         ("192.0.2.1", "10.0.0.5", "")),
        (SEP, "Symantec: Virus found: EICAR", "Symantec/Virus found/EICAR", 3,
         ("10.0.0.7", "PC7", "eva")),
        (IPS, IPS[IPS.index("%") :], "%IPS-4-SIGNATURE/3051", 2, ("192.0.2.1", "10.0.0.5", "")),
        (HUAWEI, HUAWEI[HUAWEI.index("%") :], "%ATK-4-FIREWALLATCK", 2, ("192.0.2.1", "usg", "")),
    ],
)  # fmt: skip
def test_what_products_write_in_a_form_of_their_own(
    line: str, title: str, rule: str, severity: int, about: tuple[str, str, str]
) -> None:
    found = alert("syslog", line)
    assert (found.title, found.rule, found.severity) == (title, rule, severity)
    assert (found.source_host, found.target_host, found.user) == about
