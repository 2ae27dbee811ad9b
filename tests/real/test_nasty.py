"""Strings that break programs, and real mails, as reports: unchanged, harmless, never a crash."""

import email
import itertools
import json
from collections.abc import Iterator
from email import policy
from pathlib import Path

import pytest
from django.test import Client

from tests.conftest import NOW
from vardkase.access.actor import Actor
from vardkase.events.models import Event
from vardkase.events.search import search
from vardkase.lib.text import UNSTORABLE
from vardkase.organisation.models import Unit

SHARED = Path(__file__).parents[2].parent / "shared" / "data"
STRINGS = SHARED / "nasty/blns/blns.json"
MAILS = sorted(
    p
    for f in ("cpython", "enmime", "mailparser", "swedish")
    for p in (SHARED / "mail" / f).rglob("*")
    if p.suffix in {".txt", ".raw", ".eml", ""} and p.is_file()
)
LONGEST = 20_000  # characters of a report
SENDERS = itertools.count()
pytestmark = pytest.mark.skipif(not STRINGS.exists(), reason="the real data is not on this machine")


def naughty() -> list[str]:
    return [text for text in json.loads(STRINGS.read_text(encoding="utf-8")) if text.strip()]


def post(client: Client, **fields: object) -> tuple[int, dict[str, object]]:
    """From another address each time, as many people would."""
    address = f"10.0.{next(SENDERS) // 250}.{next(SENDERS) % 250}"
    body = json.dumps(fields)
    answer = client.post("/api/v1/reports", body, "application/json", REMOTE_ADDR=address)
    return answer.status_code, answer.json()


def test_every_string_is_kept_to_the_letter(client: Client, region: Unit) -> None:
    texts = naughty()
    assert len(texts) == 481
    for text in texts:
        status, answer = post(client, what=text, system=text)
        assert status == 201, (text, answer)
        event = Event.objects.get(number=answer["number"])
        assert (event.what, event.system) == (text, text)


def test_a_field_that_takes_words_of_ours_refuses_them_all(client: Client, region: Unit) -> None:
    for text in naughty():
        status, answer = post(client, what="x", event_kind=text)
        assert status in (201, 422), (text, answer)
    assert set(Event.objects.values_list("kind", flat=True)) <= set(Event.Kind.values)


def test_every_string_can_be_searched_for(db: None) -> None:
    for text in naughty():
        assert list(search(Actor.system(NOW), text)) == []


def bodies() -> Iterator[str]:
    """The plain text of each mail that has one we can store."""
    for path in MAILS:
        try:
            message = email.message_from_bytes(path.read_bytes(), policy=policy.default)
            part = message.get_body(("plain",))
            text = part.get_content() if part else ""
        except (LookupError, ValueError, AttributeError, TypeError, KeyError, IndexError):
            continue  # what a hostile mail does to the parser is the mail source's matter
        if isinstance(text, str) and text.strip() and not UNSTORABLE.search(text):
            yield text[:LONGEST]


def test_the_texts_of_real_mails_are_reports(client: Client, region: Unit) -> None:
    texts = list(bodies())
    assert len(texts) >= 40
    for text in texts:
        status, answer = post(client, what=text)
        assert status == 201, answer
        assert Event.objects.get(number=answer["number"]).what == text
