"""Messages out of a stream: RFC 6587's two ways, mixed, cut anywhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vardkase.intake.framing import Framing, frames


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b"a\nb\r\n\n  \nc", [b"a", b"b", b"c"]),
        (b"<1>a\0<2>b\0", [b"<1>a", b"<2>b"]),
        (b"4 <1>a4 <2>b", [b"<1>a", b"<2>b"]),
        (b"5 <1>a\n4 <2>b\n", [b"<1>a", b"<2>b"]),
        (b"6 <1>a\nb5 <2>b\n", [b"<1>a\nb", b"<2>b"]),  # a line feed within
        (b"4 <1>a\n<2>b\n4 <3>c", [b"<1>a", b"<2>b", b"<3>c"]),
        (b"12 apples\n", [b"12 apples"]),
        (b"7 <1>short\n<2>b\n", [b"7 <1>short", b"<2>b"]),  # the count is no count
        (b"99 <1>cut", [b"<1>cut"]),
        (b"a\0b\n", [b"a\0b"]),
        (b"a\x0bb\x0cc\x85d\xe2\x80\xa8e\n", [b"a\x0bb\x0cc\x85d\xe2\x80\xa8e"]),
        (b"", []),
    ],
)
def test_messages_end_where_rfc_6587_says(body: bytes, found: list[bytes]) -> None:
    assert list(frames(body)) == found


@given(
    st.lists(st.binary(min_size=1, max_size=20).map(lambda b: b"<13>" + b.replace(b"\n", b" "))),
    st.lists(st.integers(1, 15), min_size=1),
)
def test_it_does_not_matter_where_the_network_cuts(sent: list[bytes], cuts: list[int]) -> None:
    body = b"".join(b"%d %s" % (len(each), each) for each in sent)
    framing, found, at = Framing(), [], 0
    while at < len(body):
        size = cuts[at % len(cuts)]
        found += framing.feed(body[at : at + size])
        at += size
    found += framing.close()
    assert found == [each.strip(b"\0\r\n") for each in sent]


def test_a_line_without_end_is_cut_so_that_memory_stays_flat() -> None:
    framing = Framing(most=1000)
    found = [each for _ in range(100) for each in framing.feed(b"x" * 100)]
    assert all(len(each) == 1000 for each in found)
    assert len(framing.rest) <= 1110
