"""Common Event Format, by its standard, and as products really send it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.intake.reading import alert, outcomes
from vardkase.detections.alert import fingerprint
from vardkase.intake.cef.line import read_line
from vardkase.intake.registry import source

NAMES = source("cef").fingerprint
HEAD = "CEF:0|Security|threatmanager|1.0|100|worm stopped|10|"


@pytest.mark.says("S2-029", "varningar från nätverksövervakningssystem så som brandväggar")
def test_the_standard_s_own_example() -> None:
    found = alert("cef", f"Sep 19 08:26:10 host {HEAD}src=10.0.0.1 dst=2.1.2.2 spt=1232")
    assert (found.title, found.rule, found.severity) == ("worm stopped", "100", 5)
    assert (found.source_host, found.target_host) == ("10.0.0.1", "2.1.2.2")
    assert found.fields["deviceVendor"] == "Security"
    assert found.fields["spt"] == "1232"
    assert found.fields["hostname"] == "host"
    assert str(found.occurred) == "2026-09-19 06:26:10+00:00"


def test_escapes_of_header_and_extension() -> None:
    found = alert(
        "cef",
        r"CEF:0|security|threat\|manager|1.0\\|100|detected a \| in message|10|"
        r"act=blocked a \\ dst=1.1.1.1 request=http://x/?a\=b msg=line\none",
    )
    assert found.fields["deviceProduct"] == "threat|manager"
    assert found.fields["deviceVersion"] == "1.0\\"
    assert found.title == "detected a | in message"
    assert found.fields["act"] == "blocked a \\"
    assert found.fields["request"] == "http://x/?a=b"
    assert found.fields["msg"] == "line\none"


@pytest.mark.parametrize(
    ("word", "severity"),
    [("0", 1), ("1", 2), ("3", 2), ("4", 3), ("6", 3), ("7", 4), ("8", 4), ("9", 5), ("10", 5)]
    + [("Low", 2), ("Medium", 3), ("High", 4), ("Very-High", 5), ("Unknown", 3), ("", 3)]
    + [("very high", 5), ("Informational", 1), ("CRITICAL", 5), ("Warning", 2), ("11", 3)],
)
def test_the_standard_s_scale_and_the_words_that_are_seen(word: str, severity: int) -> None:
    assert alert("cef", f"CEF:0|v|p|1|7|n|{word}|src=1.1.1.1").severity == severity


@pytest.mark.parametrize(
    "rt",
    [
        "1795158000000",
        "Nov 20 2026 08:00:00",
        "Nov 20 08:00:00",
        "Nov 20 08:00:00.000 CET",
        "Nov 20 2026 07:00:00.000 UTC",
        "Nov 20 07:00:00 UTC",
        "2026-11-20T07:00:00Z",
    ],
)
def test_every_documented_form_of_rt(rt: str) -> None:
    at = alert(
        "cef", f"{HEAD}rt={rt.replace('1795161600000', '1795158000000')} src=1.1.1.1"
    ).occurred
    assert str(at) == "2026-11-20 07:00:00+00:00"


# line | title | severity | source | target | user
VENDORS = Path(__file__).with_name("vendors.txt").read_text("utf-8")


@pytest.mark.parametrize("row", [row for row in VENDORS.split("\n") if row])
def test_a_product_s_line(row: str) -> None:
    line, title, severity, source, target, user = row.rsplit("|", 5)
    found = alert("cef", line)
    assert (found.title, str(found.severity)) == (title, severity)
    assert (found.source_host, found.target_host, found.user) == (source, target, user)


@pytest.mark.parametrize(
    "line",
    [
        "CEF:0|v|p|1|",
        "CEF:0||||||",
        "nothing of the kind",
        "XCEF:0|v|p|1|7|n|5|",
        "CEF:x|a|b|c|d|e|5",
    ],
)
def test_what_is_no_cef_is_set_aside(line: str) -> None:
    assert outcomes("cef", line) == ["aside"]


def test_two_of_one_key_are_both_kept() -> None:
    found = alert("cef", HEAD + "src=1.1.1.1 src=2.2.2.2 src=1.1.1.1")
    assert found.source_host == "1.1.1.1"
    assert found.fields["src.2"] == "2.2.2.2"


def test_an_equals_sign_in_an_unescaped_value_is_the_value_s() -> None:
    assert alert("cef", HEAD + "request=http://x/?a=b&c=d dst=1.1.1.1").fields["request"] == (
        "http://x/?a=b&c=d"
    )


texts = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=30)
keys = st.from_regex(r"[a-zA-Z][a-zA-Z0-9]{0,20}", fullmatch=True)


@given(st.lists(texts, min_size=5, max_size=5), st.dictionaries(keys, texts, max_size=8))
def test_what_the_standard_lets_be_written_comes_back(
    header: list[str], extension: dict[str, str]
) -> None:
    if not any(text.strip() for text in header):
        return
    head = "|".join(text.replace("\\", "\\\\").replace("|", "\\|") for text in header)
    body = " ".join(
        f"{key}=" + value.replace("\\", "\\\\").replace("=", "\\=")
        for key, value in extension.items()
    )
    found = read_line(f"CEF:0|{head}|5|{body}")
    assert list(found.header.values())[1:6] == [text.strip() for text in header]
    told = dict(found.extension)
    assert {k: v.split() for k, v in told.items()} == {
        k: v.replace("#012", "\n").replace("#015", "").replace("#011", "\t").split()
        for k, v in extension.items()
    }


@pytest.mark.parametrize(
    ("header", "act"),
    [
        ("Log|https|Unknown", "Accept"),
        ("end|TRAFFIC|1", "allow"),
        ("13|traffic:forward x|3", "accept"),
    ],
)
def test_a_connection_that_was_let_through_is_no_alert(header: str, act: str) -> None:
    line = f"CEF:0|V|P|1|{header}|src=10.0.0.1 dst=192.0.2.1 dpt=443 act=%s"
    assert outcomes("cef", line % act) == ["skipped"]
    assert outcomes("cef", line % "Drop") == ["alerts"]
    assert outcomes("cef", f"CEF:0|V|P|1|7|Log in|3|suser=eva act={act}") == ["alerts"]


def test_custom_fields_bear_the_names_of_their_labels() -> None:
    found = alert("cef", HEAD + "cs1=Policy 7 cs1Label=policy_name cn1=3 cs2Label=none c6a2Label=x")
    assert (found.fields["policy_name"], found.fields["cn1"]) == ("Policy 7", "3")
    assert "cs1Label" not in found.fields


def test_counts_in_a_name_make_no_groups_of_their_own() -> None:
    one, two, three = (
        fingerprint("cef", alert("cef", f"CEF:0|v|p|1|7|{name}|5|src=1.1.1.1"), NAMES)
        for name in (
            "CVE-2026-1 tried (76 times)",
            "CVE-2026-1 tried (9 times)",
            "CVE-2026-2 tried",
        )
    )
    assert one == two != three
