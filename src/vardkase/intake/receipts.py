"""The answer to a report by mail: its number, and the code to follow it by. Sent by the worker.

The code is not stored: it is made again of what the report was sent under.
"""

import smtplib
from datetime import timedelta
from email.message import EmailMessage, Message
from email.utils import format_datetime, formataddr

from django.conf import settings
from django.tasks import task
from django.utils import timezone
from django.utils.translation import gettext, override

from vardkase.delivery.transports import NotSent, connected
from vardkase.events.models import Event
from vardkase.lib.ids import code_from, keyed

from .letter import header
from .mail_sorts import LOOP_MARK

MOST_TRIES = 8
FIRST_WAIT = timedelta(minutes=1)


def answer(number: str, mark: str, mail: Message, to: str) -> None:
    """Let the worker answer `mail`."""
    send_receipt.enqueue(number, mark, to, header(mail, "Message-ID")[:300])


@task
def send_receipt(number: str, mark: str, to: str, answers: str, tries: int = 0) -> bool:
    """Whether it left; if not, it is tried again, later each time."""
    event = Event.objects.get(number=number)
    code = code_from(keyed(settings.SECRET_KEY, "receipt", mark, event.what))
    try:
        leave(receipt(number, code, to=to, answers=answers))
    except (NotSent, OSError, smtplib.SMTPException):
        if tries < MOST_TRIES:
            later = timezone.now() + FIRST_WAIT * 2**tries
            send_receipt.using(run_after=later).enqueue(number, mark, to, answers, tries + 1)
        return False
    return True


def receipt(number: str, code: str, *, to: str, answers: str) -> EmailMessage:
    """Plain text in the organisation's language, which no machine may answer (RFC 3834)."""
    with override(settings.LANGUAGE_CODE):
        subject = gettext("Receipt: case %(number)s") % {"number": number}
        text = gettext(
            "Thank you. Your report has been received as case %(number)s.\n\n"
            "Your code: %(code)s\n"
            "With it you can follow the case and add to it: %(address)s/folj\n\n"
            "Do not open links or attachments of the mail you reported.\n"
        ) % {"number": number, "code": code, "address": settings.ADDRESS}
    made = EmailMessage()
    made["Subject"] = subject
    made["From"] = formataddr(("Vårdkase", settings.MAIL_FROM))
    made["To"] = to
    made["Date"] = format_datetime(timezone.now())
    made["Auto-Submitted"] = "auto-replied"
    made["X-Loop"] = LOOP_MARK
    if answers.isprintable() and answers.startswith("<"):
        made["In-Reply-To"] = answers
        made["References"] = answers
    made.set_content(text)
    return made


def leave(message: EmailMessage) -> None:
    if not settings.MAIL_HOST:
        raise NotSent("no mail server is set: VARDKASE_MAIL_HOST")
    with connected() as server:
        server.send_message(message)
