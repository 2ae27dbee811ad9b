"""XML from strangers: no entities, nothing fetched, bounded depth and memory, read in a stream."""

import tracemalloc
from datetime import UTC, datetime
from typing import Any

import pytest

from vardkase.intake.registry import source
from vardkase.intake.safe_xml import LARGEST, elements
from vardkase.intake.source import Message, NotUnderstood, Unreadable

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ROOTS = frozenset({"nmaprun"})
HOST = (
    '<host><status state="up"/><address addr="{0}" addrtype="ipv4"/><ports>'
    '<port protocol="tcp" portid="22"><state state="open"/></port></ports></host>'
)
ONE = f"<nmaprun>{HOST.format('192.0.2.1')}</nmaprun>"


def read(name: str, body: str | bytes) -> Message:
    (message,) = source(name).read(body if isinstance(body, bytes) else body.encode(), NOW)
    return message


def hosts(body: str | bytes) -> list[str]:
    return [alert.target_host for alert in read("nmap", body).alerts]


def test_a_document_type_without_entities_is_fine() -> None:
    for head in ("<!DOCTYPE nmaprun>", '<!DOCTYPE nmaprun SYSTEM "http://192.0.2.1/x.dtd">'):
        assert hosts(f'<?xml version="1.0"?>\n{head}{ONE}') == ["192.0.2.1"]


@pytest.mark.parametrize(
    "declared",
    [
        '<!ENTITY a "aaaaaaaaaa">',
        '<!ENTITY a SYSTEM "file:///etc/passwd">',
        '<!ENTITY % a SYSTEM "http://192.0.2.1/x.dtd"> %a;',
        '<!ENTITY a "x"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">',
        '<!NOTATION n SYSTEM "x"><!ENTITY a SYSTEM "x" NDATA n>',
    ],
)
@pytest.mark.parametrize("name", ["nmap", "openvas", "zap"])
def test_entities_are_refused(name: str, declared: str) -> None:
    root = {"nmap": "nmaprun", "openvas": "report", "zap": "OWASPZAPReport"}[name]
    found = read(name, f"<!DOCTYPE {root} [{declared}]><{root}>&a;</{root}>")
    assert not found.alerts
    assert "entities" in found.aside


def test_an_entity_that_nobody_declared_is_broken_xml() -> None:
    assert read("nmap", "<nmaprun>&a;</nmaprun>").aside


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (ONE[:40], "breaks at line 1"),
        ("<nmaprun>" + "<a>" * 5_000, "nested too deeply"),
        ("<other/>", "is a other"),
        ("<nmaprun><host></nmaprun>", "mismatched tag"),
        ("<nmaprun \0/>", ""),
        ('<?xml version="1.0" encoding="klingon"?><nmaprun/>', "cannot be read"),
    ],
)
def test_what_is_broken_is_set_aside_with_its_place(body: str, told: str) -> None:
    found = read("nmap", body)
    assert told in found.aside or found.refused
    assert not found.alerts


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "cp1252"])
def test_encodings_that_are_told(encoding: str) -> None:
    body = f'<?xml version="1.0" encoding="{encoding}"?>{ONE.replace("192.0.2.1", "åäö")}'
    assert hosts(body.encode(encoding)) == ["åäö"]


def test_bytes_of_no_encoding_are_refused() -> None:
    assert read("nmap", ONE.replace("192.0.2.1", "å").encode("latin-1")).refused


def test_prefixes_of_names_do_not_matter() -> None:
    body = ONE.replace("<host>", '<n:host xmlns:n="x">').replace("</host>", "</n:host>")
    assert hosts(body) == ["192.0.2.1"]


def test_only_what_is_asked_for_is_kept() -> None:
    body = f"<nmaprun><x>{'y' * 1_000}</x>{HOST}{HOST}</nmaprun>".encode()
    found = list(elements(body, "host", roots=ROOTS))
    assert [node.attribute("addr") for host in found for node in host.all("address")] == ["{0}"] * 2
    assert found[0].parent is not None
    assert found[0].parent.inside == []


def test_texts_are_bounded() -> None:
    (node,) = elements(f"<nmaprun><a>{'x' * 10**6}</a></nmaprun>".encode(), "a", roots=ROOTS)
    assert len(node.own) <= LARGEST + 65_536


def big(count: int) -> bytes:
    filler = "<x>" + "y" * 2_000 + "</x>"
    return f"<nmaprun>{''.join(filler + HOST.format(n) for n in range(count))}</nmaprun>".encode()


def test_memory_does_not_grow_with_the_report() -> None:
    """What is kept at once is one host, whether the report holds a hundred or ten thousand."""

    def peak(count: int) -> int:
        body = big(count)
        tracemalloc.start()
        try:
            assert sum(1 for _ in elements(body, "host", roots=ROOTS)) == count
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak(10_000) < peak(100) + 4_000_000 < len(big(10_000)) / 4


def test_nothing_but_these_errors(monkeypatch: Any) -> None:
    for body in (b"", b"<", b"<nmaprun", b"\xef\xbb\xbf", b"<nmaprun/>x", b"<a/>" * 100):
        try:
            list(elements(body, "host", roots=ROOTS))
        except (NotUnderstood, Unreadable):
            continue


def test_a_report_cut_in_the_middle_is_read_as_far_as_it_is_whole() -> None:
    """A scan that was stopped, or a report that is fetched while it is written."""
    host = ONE[ONE.index("<host>") : ONE.index("</nmaprun>")]
    whole = ONE.replace("</nmaprun>", host.replace("192.0.2.1", "192.0.2.2") + "</nmaprun>")
    cut = whole[: whole.index("192.0.2.2")]
    assert [each.target_host for each in read("nmap", cut).alerts] == ["192.0.2.1"]
