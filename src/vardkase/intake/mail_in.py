"""What becomes of a mail: a report, an alarm, or set aside. It returns when that is stored."""

import hashlib
import logging
from collections.abc import Callable
from datetime import datetime
from email.message import Message as Mail

from django.conf import settings

from vardkase.access.actor import Actor
from vardkase.detections.once import Once
from vardkase.detections.rules import Batch
from vardkase.detections.storage import store
from vardkase.events.rules import Report
from vardkase.lib.files import Received, new_path
from vardkase.organisation.models import Person
from vardkase.policy.parameter import parameter
from vardkase.workflow.forwarded import report_same
from vardkase.workflow.report import NotSetUp, Receipt, report

from .arf.report import read_report
from .batch import MOST_BYTES, take_in
from .letter import letter
from .mail_report import Told, told
from .mail_sorts import WORDS, Sort, sort_of
from .receipts import answer
from .registry import source
from .source import NotUnderstood, Unreadable
from .xarf.report import read_mail

MAIL = "mail"  # the name that mail which is set aside is kept under
KEPT = 262_144  # bytes of such a mail
MEGABYTE = 1024 * 1024
log = logging.getLogger(__name__)


def receive(raw: bytes, *, sender: str | None, at: datetime) -> str:
    """Store the mail as what it is, and say what that was."""
    try:
        mail = letter(raw)
    except (NotUnderstood, Unreadable) as problem:
        return set_aside(raw, str(problem), at)
    abuse = abuse_of(mail)
    if abuse and len(raw) <= MOST_BYTES:
        take_in(source(abuse), raw, received_at=at, once=once(raw))
        return abuse
    sort = sort_of(mail, sender)
    if sort is not Sort.REPORT:
        return set_aside(raw, WORDS[sort], at)
    try:
        return reported(mail, raw, at)
    except NotSetUp:
        return set_aside(raw, "There is no organisation to report to yet.", at)


def abuse_of(mail: Mail) -> str:
    """The source that reads it, if it is a complaint of abuse."""
    readers: tuple[tuple[str, Callable[[Mail], object]], ...] = (
        ("arf", read_report),
        ("xarf", read_mail),
    )
    for name, read in readers:
        try:
            read(mail)
        except NotUnderstood:
            continue
        return name
    return ""


def once(raw: bytes) -> Once:
    """A mail server that was cut off before our answer sends the same bytes again."""
    return Once.of(MAIL, hashlib.sha256(raw).hexdigest(), source=MAIL, body=raw)


def set_aside(raw: bytes, why: str, at: datetime) -> str:
    """Kept for a while with its reason, and shown with what else was set aside."""
    known = once(raw)
    if known.answer() is None:
        batch = Batch(MAIL, at)
        batch.put_aside(1, raw[:KEPT], why)
        with known.kept():
            known.keep(batch.answer(store(batch)), at)
    return f"set aside: {why}"


def reported(mail: Mail, raw: bytes, at: datetime) -> str:
    said = told(mail, raw)
    sent = Report(
        what=said.what,
        source="user",
        reporter_kind=kind_of(said.contact),
        contact=said.contact,
        once=said.mark,
    )
    by, files = Actor.system(at), laid(said, raw, at)
    if said.same:
        receipt, mark = report_same(sent, said.same, files=files, by=by, at=at)
    else:
        receipt, mark = report(sent, files=files, by=by, at=at), said.mark
    confirm(receipt, mark, mail, said)
    return f"report {receipt.number}"


def kind_of(address: str) -> str:
    """What is known of the sender. Anybody can write any address: it proves nothing."""
    is_ours = bool(address) and Person.objects.filter(email__iexact=address).exists()
    return "staff" if is_ours else "other"


def confirm(receipt: Receipt, mark: str, mail: Mail, said: Told) -> None:
    """Answer by mail with the number, once, if we can send any."""
    if receipt.new and said.contact and settings.MAIL_HOST:
        answer(receipt.number, mark, mail, said.contact)


def laid(said: Told, raw: bytes, at: datetime) -> list[Received]:
    """The mail itself and what hung on it, as files; what is beyond the limits is in the mail."""
    limits = parameter("report.files").at(at).value
    found: list[Received] = []
    size = 0
    for name, content in (("mail.eml", raw), *said.files):
        is_small = len(content) <= limits["each"] * MEGABYTE
        if len(found) >= limits["number"] or not is_small:
            log.warning("a file of a mail was left out: %d bytes", len(content))
            continue
        size += len(content)
        if size > limits["together"] * MEGABYTE:
            break
        found.append(one_file(name, content))
    return found


def one_file(name: str, content: bytes) -> Received:
    path = new_path(settings.FILES)
    path.write_bytes(content)
    return Received(path, name[:300], len(content), hashlib.sha256(content).hexdigest())
