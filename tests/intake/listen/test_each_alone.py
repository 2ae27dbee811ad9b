"""Lines of many senders lie in one batch, and none of them is read as a part of another's."""

import json

import pytest

from vardkase.intake.batch import bodies, each_read
from vardkase.intake.registry import source

from ..reading import NOW

LINES = [b"<86>Nov 20 08:00:00 web1 su[%d]: failed for root from 192.0.2.9" % n for n in range(40)]
EVE = [
    json.dumps({
        "event_type": "alert", "timestamp": "2026-11-20T05:00:00.000000+0000",
        "alert": {"signature": f"S{number}", "signature_id": number, "severity": 1},
    }).encode() for number in range(40)
]  # fmt: skip
ODD = (
    *(
        b"\xff\xfeab",
        b'{\0"\0a',
        b"\xef\xbb\xbf",
        b"PK\x03\x04",
        b"\x1f\x8b\x08",
        b"words",
        b"{",
        b"[",
    ),
    *(b'[{"a": 1},', b"]", b'{"a":', b"}", *(b"%d <13>x" % count for count in range(200, 400))),
)


@pytest.mark.parametrize(("name", "lines"), [("syslog", LINES), ("suricata", EVE)])
def test_no_line_swallows_those_of_others(name: str, lines: list[bytes]) -> None:
    sent = [line for several in zip(ODD, lines * 10, strict=False) for line in several]
    found = list(each_read(source(name), sent, NOW))
    assert [message.raw for message in found if message.raw in lines] == sent[1::2]
    assert all(message.alerts for message in found if message.raw in lines)
    assert [message.line for message in found] == list(range(1, len(found) + 1))
    assert not any(message.refused for message in found), "nobody is there to be told"


def test_lines_are_handed_on_as_they_were_cut() -> None:
    sent = [LINES[0] + b"\ny", LINES[1], LINES[2], b"pri\nless", b"9 apples"]
    assert list(bodies(sent)) == [
        b"%d %s" % (len(sent[0]), sent[0]), b"\n".join(LINES[1:3]), b"pri less", b"9 apples",
    ]  # fmt: skip
    found = [message.raw for message in each_read(source("syslog"), sent, NOW)]
    assert found == [*sent[:3], b"pri less", b"9 apples"]
