"""PH20, mail and endless matching: Znuny CVE-2024-48938 (ReDoS), TheHive CVE-2025-48738 (a flood of
resets), RT CVE-2023-41259, -41260 (hostile headers), CVE-2025-2545 (3DES), iTop CVE-2025-24026."""

import importlib
import re
import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core import mail
from django.test import Client

from tests.accounts.conftest import LogIn
from tests.architecture.source import SRC
from tests.conftest import Hire
from vardkase.delivery import transports
from vardkase.delivery.rules import Words, fits
from vardkase.intake import letter
from vardkase.intake.shape import SHAPED
from vardkase.organisation.models import Person

LONGEST = 10_000  # characters; twice that are cut or refused before any pattern sees them
SHORT = {  # those that see less
    "vardkase.intake.syslog.source._NUMBERED": SHAPED,
    "vardkase.intake.pairs._QUOTED": 2_000,  # asked at one place, after a key; never searched for
    "vardkase.intake.pairs._SINGLE": 2_000,
    "vardkase.intake.syslog.source._MARKUP": 2_000,  # asked at the beginning of a line alone
    "vardkase.events.search.TICKET": 200,  # characters of a question
}
PATIENCE = 0.5  # seconds for one pattern on one text; four times that for twice its length
SEEDS = (
    "a", " ", "\t", "0", "-", ".", "[", "(", "'", '"', "=", ":", "/", "\\", "\n", "{", "<", ",",
    "a ", "a,", "a.", "0-", "\\'", "a=", " \t", "\r\n", "[x", "20", "lösenord ", "pin:",
)  # fmt: skip


def patterns() -> Iterator[tuple[str, re.Pattern[str] | re.Pattern[bytes]]]:
    for path in sorted(SRC.rglob("*.py")):
        if "re.compile" not in path.read_text(encoding="utf-8"):
            continue
        name = ".".join(Path("vardkase", path.relative_to(SRC)).with_suffix("").parts)
        for key, value in vars(importlib.import_module(name)).items():
            if isinstance(value, re.Pattern):
                yield f"{name}.{key}", value


@pytest.mark.parametrize(
    ("name", "pattern"), list(patterns()), ids=lambda x: x if isinstance(x, str) else ""
)
def test_no_text_keeps_a_pattern_busy(name: str, pattern: re.Pattern[str]) -> None:
    slow = []
    for seed in SEEDS:
        for end in ("", "!", "\x00"):
            text = (seed * (SHORT.get(name, LONGEST) // len(seed))) + end
            asked = text.encode() if isinstance(pattern.pattern, bytes) else text
            begun = time.process_time()
            pattern.search(asked)  # type: ignore[arg-type]
            if time.process_time() - begun > PATIENCE:
                slow.append((seed, end))
    assert not slow, f"{name} on {slow}"


HEADERS = [
    b"From: =?utf-8?q?" + b"=00" * 2000 + b"?= <a@b>\r\n\r\nx",
    b"From: " + b"<" * 5000 + b"\r\nSubject: x\r\n\r\nx",
    b'From: "\\' + b'\\"' * 5000 + b"\r\nSubject: x\r\n\r\nx",
    b"From: a@[" + b"[" * 3000 + b"\r\n\r\nx",
    b"From:\r\n" + b" (\r\n" * 3000 + b"\r\nx",
    b"Subject: =?x-unknown?b?////?=\r\nDate: \xff\xfe\r\n\r\nx",
    b"Content-Type: text/html; charset=\x00; boundary=" + b"a" * 5000 + b"\r\n\r\n" + b"<!" * 9000,
]  # fmt: skip


@pytest.mark.parametrize("raw", HEADERS, ids=range(len(HEADERS)))
def test_no_mail_stops_who_reads_it(raw: bytes) -> None:
    begun = time.process_time()
    try:
        found = letter.letter(raw)
    except (letter.NotUnderstood, letter.Unreadable):
        return
    assert found is not None
    assert time.process_time() - begun < 4 * PATIENCE


@pytest.mark.parametrize(
    "evil", ["a@b.se\r\nBcc: c@d.se", "a@b.se\nX: 1", "a b@c.se", "\x00a@b.se"]
)
def test_no_address_carries_another_header(evil: str) -> None:
    assert not fits("email", evil)
    with pytest.raises(
        ValueError, match="|".join(["newline", "CR", "header", "linefeed", "invalid"])
    ):
        transports.mail(evil if "\n" in evil else f"{evil}\nX: 1", WORDS, mark="1")


WORDS = Words("Larm", "2026-0001", 1, None, "https://exempel.se/x")


def test_what_is_mailed_is_plain_and_says_nothing_of_the_case() -> None:
    made = transports.mail("a@b.se", WORDS, mark="1")
    assert made.get_content_type() == "text/plain"
    assert made["Subject"] == "P1 2026-0001 Larm"


def test_mail_goes_by_tls_of_today_or_says_so() -> None:
    """The system's own choice of ciphers, checked certificates and nothing below TLS 1.2."""
    context = ssl.create_default_context()
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
    assert context.verify_mode == ssl.CERT_REQUIRED
    assert not [
        c["name"] for c in context.get_ciphers() if "3DES" in c["name"] or "RC4" in c["name"]
    ]


def test_nobody_floods_a_mailbox_by_asking_for_resets(
    with_password: Hire, log_in: LogIn, client: Client
) -> None:
    """A forgotten password is asked for in person: no page mails anything to anybody."""
    anna = with_password("assessor")
    for _ in range(5):
        assert client.post("/konto/glomt/", {"login": anna.username}).status_code == 405
    for path in ("/konto/password/reset/", "/accounts/password/reset/", "/konto/email/"):
        assert client.post(path, {"email": "a@b.se"}).status_code == 404
    assert not mail.outbox
    assert Person.objects.get(pk=anna.pk).has_usable_password()
