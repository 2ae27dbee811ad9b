"""Reading events. The reader is the first argument: what he may not see is not there."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet

from vardkase.access.actor import Actor
from vardkase.access.rules import allowed, visible
from vardkase.lib.built import Blank, Built
from vardkase.lib.ids import keyed
from vardkase.lib.paging import Order

from .models import AssetLink, Attachment, Event, Message, Statement
from .rules import Answers

QUEUE = Order(("rank", "reported_at", "id"))  # care harm first, then priority, then the oldest
NEWEST = Order(("reported_at", "id"), falling=True)
OPEN = (Event.State.UNASSESSED, Event.State.WAITING)
BULKY = ("search", "imported")


def events(reader: Actor, action: str = "read") -> QuerySet[Event]:
    """Every event for which `reader` may do `action`, without the bulky columns."""
    return Event.objects.filter(visible(reader, action)).defer(*BULKY)


def event(reader: Actor, number: str, action: str = "read") -> Event:
    """The case `number`, for `action` by one who handles it, and so may read it.

    Whoever only reported it asks for `read_status` and is shown no more. Raises
    `Event.DoesNotExist` alike if it is hidden or was never there, and `PermissionDenied` if the
    reader may know that it exists and no more.
    """
    if "\x00" in number:  # no row could hold it, and the database refuses the question
        raise Event.DoesNotExist
    found: Event | None = next(iter(NUMBERED.objects(number=number)), None)
    if found is None or not allowed(reader, "read_status", found.scope()):
        raise Event.DoesNotExist
    needed = {action} if action == "read_status" else {action, "read"}
    if not all(allowed(reader, each, found.scope()) for each in needed):
        raise PermissionDenied(f"{reader.key} may not {action} {number}")
    return found


def numbered() -> QuerySet[Event]:
    whole = Event.objects.defer(*BULKY).select_related("unit", "reporter", "supplier")
    return whole.filter(number=Blank("number")).order_by()


def queue(reader: Actor) -> QuerySet[Event]:
    """What waits to be assessed, for those who may assess it."""
    return events(reader, "assess").filter(state=Event.State.UNASSESSED).select_related("unit")


def own(reader: Actor) -> QuerySet[Event]:
    """The reader's own reports, as far as `read_status` goes."""
    return events(reader, "read_status").filter(reporter=reader.person).exclude(reporter=None)


def by_code(key: str, code: str) -> Event | None:
    """The event whose reporter was given `code`, or None."""
    digest = keyed(key, "code", code).hex()
    return Event.objects.filter(code_digest=digest).select_related("unit").first()


def answers(case: Event) -> Answers:
    """The newest answers to each question; what was said at one moment is one answer."""
    newest: dict[str, tuple[datetime, list[str]]] = {}
    rows = case.statements.order_by("pk").values_list("question", "at", "answer")
    for question, at, answer in rows:
        if question not in newest or newest[question][0] != at:
            newest[question] = (at, [])
        newest[question][1].append(answer)
    return {question: given for question, (_, given) in newest.items()}


def statement(case: Event, pk: int) -> Statement:
    """One of the things said about `case`; raises `Statement.DoesNotExist`."""
    return case.statements.get(pk=pk)


def messages(case: Event) -> QuerySet[Message]:
    return case.messages.order_by("pk")


def attachments(case: Event) -> QuerySet[Attachment]:
    return case.attachments.order_by("pk")


def hitting(asset: int) -> Q:
    """Events that hit the asset with that id."""
    link = AssetLink.objects.filter(event=OuterRef("pk"), asset=asset, ended_at=None)
    return Q(Exists(link))


NUMBERED = Built(numbered)
