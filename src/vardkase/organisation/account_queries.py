"""Reading accounts: who may log in, and what was decided about it. The reader comes first."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When

from vardkase.access.actor import Actor, Scope
from vardkase.access.rules import NOTHING, allowed, reaching
from vardkase.decisionlog import queries as log
from vardkase.decisionlog.models import Entry
from vardkase.lib.paging import Order
from vardkase.lib.sorting import folded

from . import links
from .account_rules import ROOM
from .models import Grant, Invitation, Person, Token
from .queries import in_force

ORDER = Order(("sort_key", "id"), texts=frozenset({"sort_key"}))
TOKEN_ORDER = Order(("created_at", "id"), falling=True)
LOG_ORDER = Order(("place",), falling=True)
KINDS = (
    "person.invited",
    "person.reset",
    "person.disabled",
    "person.enabled",
    "account.opened",
    "account.secured",
    "grant.given",
    "grant.ended",
    "token.created",
    "token.revoked",
)
UNUSABLE = "!"  # what Django writes instead of a password's hash
BY_OTHERS = ("person.reset", "person.disabled", "person.enabled")
TOLD_FOR = timedelta(days=14)  # how long a login tells of what somebody else did to it


def managed(by: Actor) -> Q:
    """Persons whom `by` reaches as an administrator: home and every role held, in his part."""
    reached, everything = NOTHING, False
    for grant, letter in reaching(by, "admin_users"):
        everything = everything or letter == "A"
        reached |= Q(unit__path__startswith=grant.unit)
    if everything or by.key == "system":
        return Q()
    beyond = Grant.objects.filter(in_force(by.at), person=OuterRef("pk"))
    for grant, _ in reaching(by, "admin_users"):
        beyond = beyond.exclude(unit__path__startswith=grant.unit)
    return reached & Q(~Exists(beyond))


def accounts(by: Actor, *, text: str = "") -> QuerySet[Person]:
    """The accounts that `by` manages, each with its `state`: active, invited, none, disabled."""
    found = Person.objects.filter(managed(by)).select_related("unit")
    for word in text.split()[:5]:
        found = found.filter(
            Q(sort_key__contains=folded(word)) | Q(username__contains=word.lower())
        )
    invited = Invitation.objects.filter(links.still_opens(by.at), person=OuterRef("pk"))
    return found.annotate(
        state=Case(
            When(is_active=False, then=Value("disabled")),
            When(~Q(password__startswith=UNUSABLE) & ~Q(password=""), then=Value("active")),
            When(Exists(invited), then=Value("invited")),
            default=Value("none"),
        )
    )


def tokens(by: Actor) -> QuerySet[Token]:
    """The tokens of the units where `by` manages tokens."""
    seen = NOTHING
    for grant, letter in reaching(by, "tokens"):
        seen |= Q() if letter == "A" else Q(unit__path__startswith=grant.unit)
    every = by.key == "system" or any(letter == "A" for _, letter in reaching(by, "tokens"))
    return Token.objects.filter(Q() if every else seen).select_related("unit")


@dataclass(frozen=True, slots=True)
class Happening:
    """One decision about an account, as its page tells it."""

    at: datetime
    kind: str
    by: str
    facts: dict[str, Any]


def happenings(person: Person, *, most: int = 20) -> list[Happening]:
    """The latest that was decided about an account. Ask access before you show it."""
    return [told(entry) for entry in about(person)[:most]]


def done_by_others(person: Person, at: datetime) -> list[Happening]:
    """What others lately did to this person's login: he is told when he logs in."""
    rows = about(person).filter(kind__in=BY_OTHERS, at__gt=at - TOLD_FOR)
    return [told(entry) for entry in rows[:5]]


def account_log(by: Actor) -> QuerySet[Entry]:
    """Every decision about accounts, roles and tokens: for whoever reads the whole log.

    That is how an information security chief sees what a system administrator does. Raises
    `PermissionDenied`.
    """
    if not may_read_log(by):
        raise PermissionDenied("read_log")
    return about(None)


def may_read_log(by: Actor) -> bool:
    return allowed(by, "read_log", Scope.room(ROOM))


def about(person: Person | None) -> QuerySet[Entry]:
    found = log.entries(Scope.room(ROOM).number).filter(kind__in=KINDS)
    if person is None:
        return found
    return found.filter(payload__content__regex=rf'"person":{person.pk}[,}}]')


def told(entry: Entry) -> Happening:
    return Happening(entry.at, entry.kind, entry.by, log.body(entry)["facts"])
