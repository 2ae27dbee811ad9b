"""Zeek's logs: rows under headers, JSON, and which of them are alerts."""

import json

import pytest

from tests.intake.reading import alert, messages, outcomes
from vardkase.intake.registry import source

HEAD = """#separator \\x09
#set_separator\t,
#empty_field\t(empty)
#unset_field\t-
#path\tnotice
#open\t2026-11-20-08-00-00
#fields\tts\tuid\tid.orig_h\tid.resp_h\tnote\tmsg\tsub\tsrc\tdst\tactions
#types\ttime\tstring\taddr\taddr\tenum\tstring\tstring\taddr\taddr\tset[enum]
"""
ROW = (
    "1795158000.5\tC1\t10.0.0.1\t10.0.0.2\tSSH::Password_Guessing\tguess\t-\t198.51.100.9\t-\tA,B\n"
)


@pytest.mark.says("S2-028", "varningar från övervakningssystem så som exempelvis IDS/IDP")
def test_a_notice() -> None:
    found = alert("zeek", HEAD + ROW + "#close\t2026-11-20-09-00-00\n")
    assert found.title == "SSH::Password_Guessing: guess"
    assert (found.rule, found.severity, found.ref) == ("SSH::Password_Guessing", 3, "C1")
    assert (found.source_host, found.target_host) == ("198.51.100.9", "10.0.0.2")
    assert str(found.occurred) == "2026-11-20 07:00:00.500000+00:00"
    assert "sub" not in found.fields
    assert found.fields["actions"] == "A,B"


def test_escapes_are_bytes() -> None:
    row = ROW.replace("guess\t", "a\\x09b \\xc3\\xa5 \\x00\t")
    assert alert("zeek", HEAD + row).fields["msg"] == "a\tb \xe5 \u2400"


def test_the_header_may_change_in_the_middle_of_a_file() -> None:
    other = "#separator \\x2c\n#path,notice\n#fields,ts,note,msg\n1795158000,A::B,m\n"
    found = messages("zeek", HEAD + ROW + other)
    assert [m.alerts[0].rule for m in found] == ["SSH::Password_Guessing", "A::B"]
    fewer = "#fields\tts\tnote\n1795158000\tA::B\n"
    assert [m.alerts[0].rule for m in messages("zeek", HEAD + fewer)] == ["A::B"]


def test_other_logs_are_understood_and_raise_no_alert() -> None:
    conn = HEAD.replace("notice", "conn").replace("note", "proto")
    assert outcomes("zeek", conn + ROW) == ["skipped"]
    assert outcomes("zeek", '{"ts":1795158000.1,"uid":"C1","id.orig_h":"1.1.1.1"}') == ["skipped"]
    weird = {"_path": "weird", "ts": "2026-11-20T07:00:00.0Z", "name": "x", "notice": False}
    assert outcomes("zeek", json.dumps(weird)) == ["skipped"]


def test_a_row_that_its_header_does_not_fit_is_set_aside() -> None:
    assert outcomes("zeek", ROW) == ["aside"]
    assert outcomes("zeek", HEAD + "1795158000.5\tC1\n" + ROW) == ["aside", "alerts"]
    assert outcomes("zeek", "1795158000 some other text\nand more") == ["aside", "aside"]


def test_a_notice_as_json() -> None:
    row = {
        "ts": "2026-11-20T07:00:00.000000Z",
        "note": "Scan::Port_Scan",
        "msg": "m",
        "src": "1.1.1.1",
    }
    found = alert("zeek", json.dumps(row))
    assert (found.rule, found.severity, found.source_host) == ("Scan::Port_Scan", 2, "1.1.1.1")
    assert str(found.occurred) == "2026-11-20 07:00:00+00:00"
    assert outcomes("zeek", json.dumps([row, row])) == ["alerts", "alerts"]
    assert outcomes("zeek", '{"a": 1}') == ["aside"]


def test_a_later_part_of_a_file_is_given_the_header_again() -> None:
    assert source("zeek").carry == b"#"


NOTE = {"note": "Scan::Port_Scan", "msg": "m", "src": "192.0.2.1", "ts": 1795158000.5}


@pytest.mark.parametrize(
    "record",
    [
        {"notice": NOTE},
        {"zeek": {"notice": {"note": "Scan::Port_Scan", "msg": "m"}}, "source": {"ip": "192.0.2.1"},
         "@timestamp": "2026-11-20T07:00:00.5Z"},
        NOTE | {"ts": None, "_write_ts": "2026-11-20T07:00:00.5Z"},
    ],
)  # fmt: skip
def test_as_its_kafka_writer_and_filebeat_tell_it(record: dict[str, object]) -> None:
    found = alert("zeek", json.dumps(record))
    assert (found.rule, found.source_host) == ("Scan::Port_Scan", "192.0.2.1")
    assert str(found.occurred) == "2026-11-20 07:00:00.500000+00:00"


@pytest.mark.parametrize("between", [0, 3])
def test_a_notice_without_its_header_is_known_by_its_sort(between: int) -> None:
    """Followed from its middle, or sent line by line."""
    before = ["1795158000.5", "Cx", "192.0.2.1", "50", "192.0.2.2", "22", *["-"] * between, "tcp"]
    after = ["SSH::Password_Guessing", "m", "-", "192.0.2.1", "-", "22", "-", "zeek",
             "Notice::ACTION_LOG", "3600.0"]  # fmt: skip
    row = "\t".join(before + after)
    for body in (row, json.dumps({"message": row})):
        found = alert("zeek", body)
        assert (found.rule, found.title) == (after[0], f"{after[0]}: m")
        assert (found.source_host, found.target_host) == ("192.0.2.1", "192.0.2.2")


def test_another_row_without_its_header_is_set_aside() -> None:
    assert outcomes("zeek", "1795158000.5\tCx\t192.0.2.1\t50\t192.0.2.2\t22\ttcp\tdns") == ["aside"]


def test_a_field_whose_name_cannot_be_stored() -> None:
    found = alert("zeek", b"#path\tnotice\n#fields\tnote\tm\0sg\nA::B\tx\n")
    assert found.fields == {"log": "notice", "note": "A::B", "m\u2400sg": "x"}


def test_names_that_were_changed_on_the_way() -> None:
    told = {"ts": 1795158000.5, "note": "A::B", "msg": "m"}
    found = alert("zeek", json.dumps(told | {"id_orig_h": "10.0.0.1", "id_resp_h": "10.0.0.2"}))
    assert (found.source_host, found.target_host) == ("10.0.0.1", "10.0.0.2")
    assert alert("zeek", HEAD.replace("#path\tnotice", "#path\tbro_notice") + ROW).rule
    assert outcomes("zeek", json.dumps({"_path": "corelight_notice", **told})) == ["alerts"]


@pytest.mark.parametrize(
    "record",
    [{"name": "/usr/share/zeek/base/init-bare.zeek"},
     {"ts": 1795158000.5, "note": "Signatures::X", "sig_id": "s", "event_msg": "e"}],
)  # fmt: skip
def test_json_that_does_not_name_its_log_is_known_by_its_fields(record: dict[str, object]) -> None:
    assert outcomes("zeek", json.dumps(record)) == ["skipped"]
