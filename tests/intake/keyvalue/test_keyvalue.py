"""Lines of key=value as firewalls, packet filters, audit trails and programs write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.intake.reading import alert, outcomes
from vardkase.detections.alert import fingerprint
from vardkase.intake.pairs import pairs
from vardkase.intake.registry import source

FORTIGATE = (
    '<189>date=2026-11-20 time=08:00:00 devname="FGT60E" devid="FGT1" logid="0419016384" '
    'type="utm" subtype="ips" level="alert" vd="root" tz="+0100" severity="critical" '
    'srcip=10.1.1.1 dstip=192.0.2.5 user="bob" attack="Apache.Log4j.RCE" attackid=51006 '
    'msg="applications3: \\"Apache\\""'
)
SOPHOS_UTM = (
    '<30>2026:11:20-08:00:00 fw ulogd[4711]: id="2001" severity="info" sys="SecureNet" '
    'sub="packetfilter" name="Packet dropped" action="drop" srcip="198.51.100.7" dstip="192.0.2.1"'
)
SOPHOS_XG = (
    '<30>device="SFW" date=2026-11-20 time=08:00:00 timezone="CET" device_name="XG125w" '
    'log_id=010101600001 log_type="IDP" log_component="Signatures" log_subtype="Drop" '
    'priority=Warning src_ip=10.0.0.1 dst_ip=1.2.3.4 user_name="bob" signature_msg="a b"'
)
SONICWALL = (
    '<134>id=firewall sn=C0EAE4 time="2026-11-20 07:00:00 UTC" fw=1.2.3.4 pri=1 c=32 m=82 '
    'msg="Possible port scan detected" n=1 src=198.51.100.1:5000:X1 dst=192.0.2.1:80:X0'
)
IPTABLES = (
    "Nov 20 08:00:00 host kernel: [12345.678] DROP: IN=eth0 OUT= MAC=00:11 SRC=198.51.100.1 "
    "DST=192.0.2.1 LEN=60 TOS=0x00 ID=1 DF PROTO=TCP SPT=1 DPT=22 RES=0x00 SYN URGP=0"
)
AUDIT = (
    'type=USER_LOGIN msg=audit(1795158000.123:456): pid=1 uid=0 msg=\'op=login acct="root" '
    'exe="/usr/sbin/sshd" hostname=? addr=198.51.100.1 terminal=ssh res=failed\''
)
CHECK_POINT = (
    '<134>1 2026-11-20T07:00:00Z gw CheckPoint 12 - [action:"Drop"; flags:"400644"; '
    'ifdir:"inbound"; src:"198.51.100.1"; dst:"192.0.2.1"; product:"VPN-1"]'
)
LOGFMT = 'time=2026-11-20T07:00:00Z level=error msg="failed \\"login\\"" user=bob err=EOF'
SLOPPY = "level=warn msg=login failed for bob user=bob ts=1795158000"
JUNIPER = (
    "<14>1 2026-11-20T07:00:00.5Z srx RT_FLOW - RT_FLOW_SESSION_DENY "
    '[junos@2636.1.1.1.2.40 source-address="1.1.1.1" username="bob"] session denied a=1 b=2'
)


@pytest.mark.says("S2-029", "varningar från nätverksövervakningssystem så som brandväggar")
@pytest.mark.parametrize(
    ("line", "title", "severity", "source", "target", "user"),
    [
        (FORTIGATE, "Apache.Log4j.RCE", 5, "10.1.1.1", "192.0.2.5", "bob"),
        (SOPHOS_UTM, "Packet dropped", 1, "198.51.100.7", "192.0.2.1", ""),
        (SOPHOS_XG, "a b", 2, "10.0.0.1", "1.2.3.4", "bob"),
        (SONICWALL, "Possible port scan detected", 5, "198.51.100.1", "192.0.2.1", ""),
        (
            'id=firewall time="2026-11-20 08:00:00" pri=6 m=97 src=10.0.0.8:5:X0 '
            'dst=192.0.2.1:80:X1 op=1 Category="Gambling"',
            "Gambling",
            1,
            "10.0.0.8",
            "192.0.2.1",
            "",
        ),
        (
            'ts=1795158000 level=error err="invalid password" remote=10.0.0.3:5432 user=eva',
            "invalid password",
            3,
            "10.0.0.3",
            "",
            "eva",
        ),
        (
            "<22>Nov 20 08:00:00 mx postfix/smtpd[1]: client=unknown[10.0.0.4], sasl_username=eva",
            "postfix/smtpd",
            1,
            "10.0.0.4",
            "mx",
            "eva",
        ),
        (
            'type=AVC msg=audit(1795158000.123:77): avc: denied { read } for pid=1 comm="httpd"'
            ' name="shadow"',
            "AVC httpd shadow",
            2,
            "",
            "",
            "",
        ),
        (
            "EventTime=2026-11-20 08:00:00 EventID=4625 Severity=ERROR TargetUserName=eva "
            "IpAddress=10.0.0.7 Hostname=dc1 "
            'Message="An account failed to log on."',
            "An account failed to log on.",
            3,
            "10.0.0.7",
            "dc1",
            "eva",
        ),
        (
            "<132>Nov 20 08:00:00 fw CONN: prio=2 id=600 rev=1 event=conn_denied connsrcip=10.0.0.6"
            " conndestip=192.0.2.1",
            "conn_denied",
            2,
            "10.0.0.6",
            "192.0.2.1",
            "",
        ),
        (
            "<4>Nov 20 08:00:00 fw kernel: [ 631.87] IN=eth0 SRC=192.0.2.1 DST=10.0.0.5 PROTO=UDP",
            "kernel UDP",
            2,
            "192.0.2.1",
            "10.0.0.5",
            "",
        ),
        (IPTABLES, "DROP TCP", 2, "198.51.100.1", "192.0.2.1", ""),
        (AUDIT, "USER_LOGIN login failed", 2, "198.51.100.1", "", "root"),
        (CHECK_POINT, "Drop", 1, "198.51.100.1", "192.0.2.1", ""),
        (LOGFMT, 'failed "login"', 3, "", "", "bob"),
        (SLOPPY, "login failed for bob", 2, "", "", "bob"),
    ],
)
def test_a_sender_s_line(
    line: str, title: str, severity: int, source: str, target: str, user: str
) -> None:
    found = alert("keyvalue", line)
    assert (found.title, found.severity) == (title, severity)
    assert (found.source_host, found.target_host, found.user) == (source, target, user)
    assert found.occurred is not None
    assert f"{found.occurred:%F %H:%M}" == "2026-11-20 07:00"


def test_a_mark_within_a_packet_filter_s_line_is_not_a_value() -> None:
    fields = alert("keyvalue", IPTABLES).fields
    assert fields["RES"] == "0x00"
    assert fields["SYN"] == fields["DF"] == ""


def test_structured_data_counts_as_pairs() -> None:
    found = alert("keyvalue", JUNIPER)
    assert found.fields["junos@2636.1.1.1.2.40.source-address"] == "1.1.1.1"


@pytest.mark.parametrize(
    "line",
    [
        "date=2026-11-20 time=08:00:00 devname=F type=traffic subtype=forward action=accept",
        'device="SFW" log_type="Firewall" log_subtype="Allowed" status="Allow"',
        "level=debug msg=x",
        'sub="packetfilter" name="Packet accepted" action="accept" srcip="10.0.0.3"',
        'id=firewall pri=6 m=537 msg="Connection Closed" src=10.0.0.3:4:X1: dst=192.0.2.1:53:X0',
    ],
)
def test_a_connection_is_counted_and_raises_no_alert(line: str) -> None:
    assert outcomes("keyvalue", line) == ["skipped"]


def test_a_connection_that_was_denied_is_an_alert_whatever_tells_it() -> None:
    """FortiOS 3 and 4 write `status`."""
    line = (
        "date=2026-11-20 time=08:00:00 type=traffic subtype=other pri=notice status=%s src=10.0.0.3"
    )
    assert [outcomes("keyvalue", line % word) for word in ("deny", "accept")] == [
        ["alerts"],
        ["skipped"],
    ]


@pytest.mark.parametrize(
    "line", ["plain prose", "prose with one = sign", '{"a":"b"}', "<a b='c'/>"]
)
def test_what_has_no_pairs_is_set_aside(line: str) -> None:
    assert outcomes("keyvalue", line) == ["aside"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('a=1,b=2,c="x, y",d=4', [("a", "1"), ("b", "2"), ("c", "x, y"), ("d", "4")]),
        ("a=1; b=two words; c='q'", [("a", "1"), ("b", "two words"), ("c", "q")]),
        ("a=1|b=2|c=3", [("a", "1"), ("b", "2"), ("c", "3")]),
        ('a="say ""hi""" b=2', [("a", 'say "hi"'), ("b", "2")]),
        ('a="C:\\\\x" b="never closed', [("a", "C:\\x"), ("b", "never closed")]),
        ("a= b=2", [("a", ""), ("b", "2")]),
        ("url=http://x/?q=1&r=2 b=2", [("url", "http://x/?q=1&r=2"), ("b", "2")]),
        ("= =x 1=2", []),
    ],
)
def test_pairs_of_every_sort(text: str, found: list[tuple[str, str]]) -> None:
    assert pairs(text) == found


names = st.from_regex(r"[a-z][a-z0-9_]{0,10}", fullmatch=True)
values = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=20)


@given(st.dictionaries(names, values.filter(lambda v: '""' not in v), min_size=1))
def test_quoted_values_come_back(sent: dict[str, str]) -> None:
    line = " ".join(
        f'{name}="' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        for name, value in sent.items()
    )
    assert pairs(line) == list(sent.items())


def test_lines_that_differ_in_numbers_are_one_group() -> None:
    names = source("keyvalue").fingerprint
    told = [f'level=error msg="took {n} ms, try {n + 1}" host=web1 ip=192.0.2.1' for n in range(20)]
    marks = {fingerprint("keyvalue", alert("keyvalue", line), names) for line in told}
    assert len(marks) == 1
    other = alert("keyvalue", 'level=error msg="gave up after 3" host=web1 ip=192.0.2.1')
    assert fingerprint("keyvalue", other, names) not in marks


def test_logfmt_and_the_firewall_of_f5() -> None:
    found = alert("keyvalue", "t=2026-11-20T08:00:00+0100 lvl=eror msg=x uname=eva ip=192.0.2.1")
    assert (found.severity, found.user, str(found.occurred)[:16]) == (3, "eva", "2026-11-20 07:00")
    found = alert("keyvalue", '<131>Nov 20 08:00:00 f5 ASM:unit="a",attack_type="Injection",'
                  'ip_client="192.0.2.1",severity="Critical"')  # fmt: skip
    assert (found.title, found.source_host, found.severity) == ("Injection", "192.0.2.1", 5)
