"""Log Event Extended Format 1.0 and 2.0, by IBM's document, and as products really send it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.intake.reading import alert, messages, outcomes
from vardkase.intake.leef.line import read_line

HEAD = "LEEF:2.0|Lancope|StealthWatch|1.0|41|"
PAIRS = ("src=192.0.2.0", "dst=172.50.123.1", "sev=5", "cat=anomaly", "usrName=joe.black")


@pytest.mark.says("S2-022", "automatisk analys av loggar från olika system")
def test_version_1_is_parted_by_tabs() -> None:
    body = "\t".join(PAIRS)
    found = alert("leef", f"LEEF:1.0|Microsoft|MSExchange|4.0 SP1|15345|{body}")
    assert (found.title, found.rule, found.severity) == ("MSExchange 15345: anomaly", "15345", 3)
    assert (found.source_host, found.target_host) == ("192.0.2.0", "172.50.123.1")
    assert found.user == "joe.black"
    assert found.fields["vendor"] == "Microsoft"


@pytest.mark.parametrize(
    ("told", "delimiter"),
    [("^|", "^"), ("x5E|", "^"), ("0x5E|", "^"), ("0X5e|", "^"), ("|", "\t"), ("x09|", "\t")]
    + [("0x09|", "\t"), ("\\t|", "\t"), ("", "\t"), ("#|", "#"), ("xA6|", "\xa6"), ("||", "|")],
)
def test_version_2_names_its_delimiter(told: str, delimiter: str) -> None:
    found = alert("leef", HEAD + told + delimiter.join(PAIRS))
    assert (found.source_host, found.user) == ("192.0.2.0", "joe.black")
    assert found.fields["cat"] == "anomaly"


@pytest.mark.parametrize("tab", ["#011", "^I", "<TAB>"])
def test_a_tab_that_a_daemon_wrote_out(tab: str) -> None:
    line = "<13>Nov 20 08:00:00 h LEEF:1.0|Trend Micro|DSM|1|E|" + tab.join(PAIRS)
    assert alert("leef", line).user == "joe.black"


def test_spaces_for_tabs_as_some_send() -> None:
    found = alert("leef", "LEEF:1.0|v|p|1|E|src=1.1.1.1 usrName=bob msg=it went wrong sev=9")
    assert (found.source_host, found.user, found.severity) == ("1.1.1.1", "bob", 5)
    assert found.fields["msg"] == "it went wrong"


@pytest.mark.parametrize(
    "attributes",
    [
        "devTime=1795158000000",
        "devTime=Nov 20 2026 08:00:00",
        "devTime=20/11/26 08.00^devTimeFormat=dd/MM/yy HH.mm",
        "devTime=2026-11-20T07:00:00Z^devTimeFormat=no such format",
        "devTime=Nov 20 2026 08:00:00 CET^devTimeFormat=MMM dd yyyy HH:mm:ss z",
    ],
)
def test_times_and_the_format_that_they_name(attributes: str) -> None:
    assert str(alert("leef", f"{HEAD}^|{attributes}").occurred) == "2026-11-20 07:00:00+00:00"


def test_a_delimiter_within_a_value_is_the_value_s() -> None:
    assert alert("leef", HEAD + "^|msg=a^b^src=1.1.1.1").fields["msg"] == "a^b"


@pytest.mark.parametrize(("sev", "severity"), [("1", 2), ("4", 3), ("8", 4), ("10", 5), ("x", 3)])
def test_the_scale_is_one_to_ten(sev: str, severity: int) -> None:
    assert alert("leef", f"{HEAD}^|sev={sev}").severity == severity


@pytest.mark.parametrize("line", ["LEEF:1.0|v|p", "LEEF:1.0|||||", "LEEF:3.0|v|p|1|E|", "no"])
def test_what_is_no_leef_is_set_aside(line: str) -> None:
    assert outcomes("leef", line) == ["aside"]


def test_a_line_cut_in_the_middle_tells_what_it_told() -> None:
    found = alert("leef", "LEEF:1.0|v|p|1|E|src=1.1.1.1\tds")
    assert found.source_host == "1.1.1.1"


texts = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=20)
keys = st.from_regex(r"[a-zA-Z][a-zA-Z0-9]{0,20}", fullmatch=True)


@given(st.dictionaries(keys, texts, min_size=1, max_size=8), st.sampled_from("\t^~¦|"))
def test_what_is_sent_comes_back(sent: dict[str, str], delimiter: str) -> None:
    body = delimiter.join(f"{key}={value}" for key, value in sent.items())
    if any(delimiter in value for value in sent.values()):
        return
    name = f"x{ord(delimiter):02X}"
    found = read_line(f"LEEF:2.0|v|p|1|E|{name}|{body}").attributes
    if len(sent) > 1:
        assert found == [(key, value.strip()) for key, value in sent.items()]


@pytest.mark.parametrize("told", ["|".join(PAIRS), "|".join(PAIRS) + "|", "^|" + "^".join(PAIRS)])
def test_version_1_with_another_delimiter_than_the_tab(told: str) -> None:
    found = alert("leef", f"LEEF:1.0|Palo Alto Networks|PAN-OS|9|E|{told}")
    assert (found.source_host, found.user, found.fields["cat"]) == (
        "192.0.2.0", "joe.black", "anomaly",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("LEEF:1.0|ESET|ERA|6|Threat|cat=x\tthreatName=Eicar\tsrc=10.0.0.5", "Threat: Eicar"),
        ("LEEF:1.0|P|A|9|deny|cat=TRAFFIC\tsrc=10.0.0.1\tdst=192.0.2.1\tact=deny", "deny: TRAFFIC"),
        ("LEEF:1.0|P|A|9|allow|cat=TRAFFIC\tsrc=10.0.0.1\tdst=192.0.2.1\tact=allow", ""),
        ("LEEF:2.0|Check Point|VPN-1 & FireWall-1|1|Accept|cat=Firewall\tdst=192.0.2.1", ""),
    ],
)  # fmt: skip
def test_what_it_is_called_and_whether_it_is_an_alarm(line: str, title: str) -> None:
    """A connection that was let through is none."""
    (message,) = messages("leef", line)
    assert [each.title for each in message.alerts] == ([title] if title else [])
    assert not message.aside
