"""The mail server's side of LMTP: one answer for each recipient, and none before it is stored."""

import asyncio
import smtplib

import pytest
from django.db import OperationalError

from vardkase.detections.models import Raw
from vardkase.events.models import Event
from vardkase.intake.listen import lmtp
from vardkase.intake.listen.places import Place

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


def test_a_mail_that_we_fail_on_is_set_aside_and_the_next_is_taken(
    region: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> str:
        raise ZeroDivisionError

    monkeypatch.setattr(lmtp, "receive", fails)
    assert handed_over(RAW, ["a@region.example"])["a@region.example"][0] == 250
    assert Raw.objects.get().aside == "our reader failed: ZeroDivisionError"
