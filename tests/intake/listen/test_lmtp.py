"""The mail server's side of LMTP: one answer for each recipient, and none before it is stored."""

import asyncio
import smtplib
import socket

import pytest
from django.db import DataError, OperationalError

from tests.conftest import NOW
from vardkase.detections.models import Raw
from vardkase.events.models import Event
from vardkase.intake.listen import lmtp
from vardkase.intake.listen.places import Place
from vardkase.intake.mail_in import set_aside

from .test_mail import mail
from .test_syslog import free_port, listening

pytestmark = [pytest.mark.django_db(transaction=True)]
RAW = mail("eva@region.example", "Tappad dator", "Jag glömde den på tåget.").as_bytes()


def handed_over(raw: bytes, to: list[str]) -> dict[str, tuple[int, bytes]]:
    """What the mail server is told of each recipient that was refused."""
    port = free_port()
    refused: dict[str, tuple[int, bytes]] = {}

    def hand_over() -> None:
        with smtplib.LMTP("127.0.0.1", port, timeout=30) as server:
            server.ehlo_or_helo_if_needed()
            server.mail("eva@region.example")
            for address in to:
                server.rcpt(address)
            server.putcmd("data")
            assert server.getreply()[0] == 354
            server.send(raw.replace(b"\n", b"\r\n") + b"\r\n.\r\n")
            refused.update({address: server.getreply() for address in to})

    async def talk() -> None:
        await asyncio.to_thread(hand_over)

    listening(Place("lmtp", "127.0.0.1", port, "mail"), talk)
    return refused


def test_each_recipient_is_answered_for_and_the_mail_is_stored_once(region: object) -> None:
    answers = handed_over(RAW, ["incident@region.example", "it@region.example"])
    assert [code for code, _ in answers.values()] == [250, 250]
    assert Event.objects.get().title == "Tappad dator"


def test_without_its_database_the_mail_server_keeps_the_mail(
    region: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> str:
        raise OperationalError("gone")

    monkeypatch.setattr(lmtp, "receive", fails)
    assert handed_over(RAW, ["a@region.example"])["a@region.example"][0] == 451


@pytest.mark.parametrize("fault", [ZeroDivisionError, DataError])
def test_a_mail_that_we_fail_on_is_set_aside_and_the_next_is_taken(
    region: object, monkeypatch: pytest.MonkeyPatch, fault: type[Exception]
) -> None:
    """What the database refuses for what it holds would be refused again for ever."""

    def fails(*_: object, **__: object) -> str:
        raise fault

    monkeypatch.setattr(lmtp, "receive", fails)
    assert handed_over(RAW, ["a@region.example"])["a@region.example"][0] == 250
    assert Raw.objects.get().aside == f"our reader failed: {fault.__name__}"


BEGIN = b"MAIL FROM:<a@x>\r\nRCPT TO:<b@x>\r\nDATA\r\n"
TWO = b"MAIL FROM:<>\r\nRCPT TO:<b@x>\r\nRCPT TO:<c@x>\r\nDATA\r\n"


def numbered(number: int, text: str = "x") -> bytes:
    made = mail("eva@region.example", f"Brev {number}", text, number).as_bytes()
    return made.replace(b"\n", b"\r\n")


def conversations(*said: bytes) -> list[list[bytes]]:
    """All of each said in one breath; the answers' codes."""
    port = free_port()
    answers: list[list[bytes]] = []

    def speak() -> None:
        for each in said:
            with socket.create_connection(("127.0.0.1", port), timeout=30) as made:
                made.sendall(b"LHLO x\r\n" + each + b"QUIT\r\n")
                told = made.makefile("rb").readlines()
                answers.append([line[:3] for line in told if line[3:4] == b" "])

    async def talk() -> None:
        await asyncio.to_thread(speak)

    listening(Place("lmtp", "127.0.0.1", port, "mail"), talk)
    return answers


@pytest.mark.parametrize("end", [b"\n.\n", b"\r.\r", b"\n.\r\n", b"\r\n.\n", b"\r\n.\0\r\n"])
def test_only_one_end_of_a_mail_is_its_end(region: object, end: bytes) -> None:
    """Who takes another for it can be made to see a mail within a mail, from whomever it says."""
    (answers,) = conversations(BEGIN + numbered(1) + end + BEGIN + numbered(2) + b".\r\n")
    assert answers == [b"220", b"250", b"250", b"250", b"354", b"250", b"221"]
    assert [event.title for event in Event.objects.all()] == ["Brev 1"]


def test_what_a_mail_server_may_say_and_what_it_is_answered(
    region: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lmtp, "largest", lambda: 5_000)
    many = b"MAIL FROM:<a@x>\r\n" + b"RCPT TO:<b@x>\r\n" * 102
    wrong = b"NOOP\nMAIL FROM:<a@x>\r\nHELO x\r\nDATA\r\nMAIL FROM:<a\0>\r\nMAIL <a>\r\n"
    answers = conversations(
        BEGIN + numbered(1) + b".\r\n" + BEGIN + numbered(2, "..punkt") + b".\r\n",
        TWO + numbered(3, "y" * 6_000) + b"\r\n.\r\n" + TWO + numbered(1) + b".\r\n",
        many,
        wrong,
        b"x" * 5_000 + b"\r\n",
        b"?\r\n" * 20,
        b"MAIL FROM:<a@x> SIZE=5001\r\n",
    )
    assert answers[0][2:] == [b"250", b"250", b"354", b"250"] * 2 + [b"221"]
    assert answers[1][5:6] + answers[1][6:8] == [b"354", b"552", b"552"]  # one a recipient
    assert answers[1][-3:] == [b"250", b"250", b"221"]
    assert (answers[2].count(b"250"), answers[2].count(b"452")) == (1 + 1 + 100, 2)
    assert answers[3][2:] == [b"500", b"500", b"503", b"500", b"501", b"221"]
    assert answers[4][2:] == [b"500", b"221"]
    assert answers[5][-1] == b"421"
    assert answers[6][2:] == [b"552", b"221"]
    assert set(Event.objects.values_list("title", flat=True)) == {"Brev 1", "Brev 2"}
    assert ".punkt" in Event.objects.get(title="Brev 2").what


def test_a_mail_whose_answer_was_lost_is_sent_again_and_kept_once(region: object) -> None:
    for _ in range(2):
        set_aside(b"From: x\n\ny", "a bounce", NOW)
    assert Raw.objects.count() == 1
