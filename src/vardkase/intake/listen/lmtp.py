"""LMTP (RFC 2033): where the organisation's mail server hands over what is sent to the intake.

A mail is answered for when it is stored. A fault of ours is told as one that passes (4xx), so that
the mail server keeps the mail and tries again; only too large a mail is refused for good.
"""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import Envelope, Session
from django.db import Error, close_old_connections
from django.utils import timezone

from ..mail_in import receive, set_aside
from .places import Allowed

LARGEST = 50 * 1024 * 1024  # bytes of a mail
AT_ONCE = 2  # mails that are read at the same time
MOST_RECIPIENTS = 100
STORED = "250 2.0.0 Stored"
LATER = "451 4.3.0 Not stored; try again later"
log = logging.getLogger(__name__)


class Mailbox:
    """Takes every mail to every address: which ones come here is the mail server's affair."""

    def __init__(self, allowed: Allowed) -> None:
        self.allowed = allowed
        self.readers = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="mail")

    async def handle_RCPT(
        self, server: LMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        peer = session.peer[0] if isinstance(session.peer, tuple) else "127.0.0.1"
        if peer not in self.allowed:
            return "550 5.7.1 This server takes mail from its own mail server only"
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: LMTP, session: Session, envelope: Envelope) -> str:
        """One answer for each recipient, as LMTP wants; the mail is stored once."""
        content = envelope.content
        raw = content if isinstance(content, bytes) else (content or "").encode()
        loop = asyncio.get_running_loop()
        answer = await loop.run_in_executor(self.readers, stored, raw, envelope.mail_from)
        return "\r\n".join([answer] * max(1, len(envelope.rcpt_tos)))


def stored(raw: bytes, sender: str | None) -> str:
    """The answer to the mail server. What we fail on is set aside, and the next one is taken."""
    close_old_connections()
    try:
        log.info("mail: %s", receive(raw, sender=sender, at=timezone.now()))
    except (Error, OSError):
        log.exception("a mail was not stored")
        return LATER
    except Exception as fault:  # a mail must not stop the mails after it
        log.exception("a mail could not be read")
        return aside(raw, f"our reader failed: {type(fault).__name__}")
    return STORED


def aside(raw: bytes, why: str) -> str:
    try:
        set_aside(raw, why, timezone.now())
    except (Error, OSError):
        return LATER
    return STORED


def mail_server(mailbox: Mailbox) -> Any:
    """A new conversation with the mail server."""
    return LMTP(
        mailbox, data_size_limit=LARGEST, ident="Vardkase LMTP", enable_SMTPUTF8=True, timeout=300
    )
