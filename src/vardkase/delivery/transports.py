"""The way out of the house: SMTP by the standard library, every other service by Apprise.

Each call returns when the other side has said yes, and raises `NotSent` otherwise.
"""

import json
import smtplib
import ssl
import tempfile
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from pathlib import Path
from typing import Any, cast

import apprise
from apprise.plugins.vapid import NotifyVapid
from cryptography.hazmat.primitives import serialization
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_noop

from . import push
from .models import Channel
from .rules import Words

SECONDS = 20  # how long the other side may be silent
KEPT = 24 * 3600  # seconds that a service keeps a message for a browser that is away

# Whoever is on duty reads them; which setting it is, `vardkase check` and the handbook tell.
NO_MAIL = gettext_noop(
    "alarms cannot leave by e-mail: ask those who run Vårdkase to name a mail server"
)
NO_SMS = gettext_noop("alarms cannot leave by SMS: ask those who run Vårdkase for a gateway")


class NotSent(RuntimeError):
    """The other side did not say yes; people read the words, which hold no secret."""


def send(kind: str, address: str, words: Words, *, mark: str) -> None:
    """Send `words`; `mark` names this message to the receiver, the same at every try."""
    if kind == Channel.Kind.EMAIL:
        by_mail(address, words, mark=mark)
    elif kind == Channel.Kind.SMS:
        by_service(apprise.Apprise.instantiate(sms_address(address)), words)
    elif kind == Channel.Kind.PUSH:
        by_service(browser(address), words)
    else:
        by_service(apprise.Apprise.instantiate(address), words)


def mail(to: str, words: Words, *, mark: str) -> EmailMessage:
    """Plain text; one thread a case; `Auto-Submitted` so that no machine answers."""
    message = EmailMessage()
    message["Subject"] = words.title
    message["From"] = formataddr(("Vårdkase", settings.MAIL_FROM))
    message["To"] = to
    message["Date"] = format_datetime(timezone.now())
    domain = settings.MAIL_FROM.rpartition("@")[2]
    message["Message-ID"] = f"<{mark}@{domain}>"
    if words.case:
        message["References"] = f"<case-{words.case}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(words.text + "\n")
    return message


def by_mail(to: str, words: Words, *, mark: str) -> None:
    """Only the server's 250 after the whole message counts as sent."""
    if not settings.MAIL_HOST:
        raise NotSent(NO_MAIL)
    try:
        with connected() as server:
            server.send_message(mail(to, words, mark=mark))
    except (smtplib.SMTPException, OSError) as error:
        raise NotSent(f"mail: {type(error).__name__}") from error


def connected() -> smtplib.SMTP:
    tls = ssl.create_default_context()
    if settings.MAIL_TLS == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            settings.MAIL_HOST, settings.MAIL_PORT, timeout=SECONDS, context=tls
        )
    else:
        server = smtplib.SMTP(settings.MAIL_HOST, settings.MAIL_PORT, timeout=SECONDS)
        if settings.MAIL_TLS == "starttls":
            server.starttls(context=tls)
    if settings.MAIL_USER:
        server.login(settings.MAIL_USER, settings.MAIL_PASSWORD)
    return server


def sms_address(number: str) -> str:
    """The gateway's address with the receiver's number in it."""
    if not settings.SMS_GATEWAY:
        raise NotSent(NO_SMS)
    return settings.SMS_GATEWAY.replace("{to}", "".join(c for c in number if c in "+0123456789"))


def by_service(service: apprise.NotifyBase | None, words: Words) -> None:
    if service is None:
        raise NotSent(gettext_noop("the address is not understood"))
    service.socket_connect_timeout = service.socket_read_timeout = float(SECONDS)
    if not service.notify(body=words.text, title=""):
        raise NotSent(f"{service.service_name}: refused or not reached")


def browser(address: str) -> NotifyVapid:
    """The one browser, ready to be told. The key passes through a file that is gone at once."""
    made: Any = NotifyVapid(  # type: ignore[no-untyped-call]
        subscriber=settings.MAIL_FROM, targets=["browser"], include_image=False
    )
    made.subscriptions.add(json.loads(address), name="browser")
    made.ttl = KEPT
    made.redirects = False
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "key.pem"
        path.touch(mode=0o600)
        path.write_bytes(
            push.signing_key().private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        made.pem.load_private_key(str(path))
    made.private_key_loaded = True
    return cast(NotifyVapid, made)
