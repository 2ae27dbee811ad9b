"""The syslog envelope as RFC 3164, RFC 5424 and the vendors' own documents write it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vardkase.intake.envelope import peel
from vardkase.intake.heading import Envelope

from .reading import NOW
from .test_when import SWEDEN


def read(text: str) -> Envelope:
    return peel(text, zone=SWEDEN, received_at=NOW)


# line | priority | local time | host | app | pid | what is left begins so
LINES = Path(__file__).with_name("envelopes.txt").read_text("utf-8")


@pytest.mark.parametrize("line", [line for line in LINES.split("\n") if line])
def test_an_envelope_is_peeled(line: str) -> None:
    text, priority, local, host, app, pid, rest = (part.strip() for part in line.rsplit(" |", 6))
    found = read(text)
    assert str(found.priority) == priority
    at = found.occurred.astimezone(SWEDEN) if found.occurred else None
    assert (f"{at:%m-%d %H:%M}" if at else "") == local
    assert (found.host, found.app, found.pid) == (host, app, pid)
    assert found.text.startswith(rest)


def test_structured_data_is_told_under_its_names() -> None:
    found = read(
        "<165>1 2003-10-11T22:14:15.003Z h a - ID47 "
        '[ex@32473 iut="3" q="a \\"b\\] \\\\ c"][pri@1 c="x"][alone] \ufeffAn entry'
    )
    assert found.data == {
        "ex@32473.iut": "3",
        "ex@32473.q": 'a "b] \\ c',
        "pri@1.c": "x",
        "alone": "",
    }
    assert (found.msgid, found.text) == ("ID47", "An entry")
    assert (found.facility, found.severity) == ("local4", "notice")


def test_structured_data_that_is_cut_or_is_none_stays_in_the_message() -> None:
    head = "<165>1 2003-10-11T22:14:15.003Z h a - ID47 "
    assert read(head + '[ex@1 a="b').text == '[ex@1 a="b'
    assert read(head + "[not data] m").text == "[not data] m"
    assert read(head + '[ex@1 a="b"] [a] m').text == "[a] m"


names = st.text("abcdefghijklmnop.-_0123456789", min_size=1, max_size=20).filter(lambda t: t != "-")
values = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=30)


@given(names, names, names, st.dictionaries(names, values, min_size=1), st.integers(0, 191))
def test_rfc_5424_comes_back_as_it_was_sent(
    host: str, app: str, msgid: str, data: dict[str, str], priority: int
) -> None:
    params = " ".join(f'{name}="{escaped(value)}"' for name, value in data.items())
    found = read(f"<{priority}>1 2026-11-20T10:00:00Z {host} {app} 7 {msgid} [x@1 {params}] m s g")
    assert (found.host, found.app, found.pid, found.msgid) == (host, app, "7", msgid)
    assert found.data == {f"x@1.{name}": value for name, value in data.items()}
    assert (found.priority, found.text) == (priority, "m s g")


def escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("]", "\\]")


@given(st.text(max_size=200))
def test_no_text_stops_the_peeling(text: str) -> None:
    for start in ("", "<13>", "<13>1 ", "Nov 22 10:00:00 ", "<13>1 2026-11-20T10:00:00Z h a - - "):
        read(start + text)
