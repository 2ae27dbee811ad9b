"""What a reporter may not have meant to write is noticed, and never refused."""

import pytest

from vardkase.lib.sensitive import holds_any, holds_identity_number, holds_password


@pytest.mark.parametrize(
    "text",
    [
        "Patienten 640823-3234 fick fel brev",  # SKV 704's own example
        "19640823-3234",
        "196408233234",
        "6408233234.",
        "640823+3234",
        "Samordningsnummer 701063-2391",
    ],
)
def test_identity_numbers_are_seen(text: str) -> None:
    assert holds_identity_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "640823-3235",  # wrong check digit
        "641323-3234",  # no such month
        "Ärende 2026-0412, ring 010-100 00 01",
        "1964082332341964082332",
        "IP 10.20.30.40",
    ],
)
def test_other_numbers_are_not(text: str) -> None:
    assert not holds_identity_number(text)


@pytest.mark.parametrize(
    "text", ["Lösenord: Sommar2026", "mitt lösenord är hemligt1", "pwd=abc123"]
)
def test_passwords_are_seen(text: str) -> None:
    assert holds_password(text)


@pytest.mark.parametrize("text", ["Jag glömde mitt lösenord", "Byt lösenord nu", "pin"])
def test_talk_of_passwords_is_not(text: str) -> None:
    assert not holds_password(text)


def test_words_are_seen_by_their_beginning() -> None:
    assert holds_any("Diagnosen låg framme", ["diagnos"])
    assert not holds_any("En feldiagnos", ["diagnos"])
    assert not holds_any("text", [])
