"""Two persons: a decision that policy lets nobody make alone waits until a second confirms it.

do("grant.given", terms, by=anna, at=now)   -> a Grant, or the Request that now waits
confirm(request, by=bo, at=now)             -> what was asked for, done in Anna's name
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vardkase.access.actor import Actor, Scope
from vardkase.access.rules import reaches
from vardkase.decisionlog import requests
from vardkase.decisionlog.eyes import NeedsSecond, rows
from vardkase.decisionlog.models import Request
from vardkase.decisionlog.requests import Terms
from vardkase.delivery.services import Occasion, tell
from vardkase.events import circle
from vardkase.events.models import Event
from vardkase.lib.changes import Refused
from vardkase.obligations.models import Entity
from vardkase.organisation import accounts, grants
from vardkase.organisation.models import Person, Unit
from vardkase.organisation.queries import actor_of
from vardkase.organisation.seconds import is_alone, seconds
from vardkase.policy.parameter import parameter

from . import affected, wording
from .duties import own_entity

type Deed = Callable[..., Any]  # terms, then by, at, second
SHOWS = {"report.worded"}  # kinds whose request shows what stands in the case


def give_role(terms: Terms, **who: Any) -> object:
    person, unit = Person.objects.get(pk=terms["person"]), Unit.objects.get(pk=terms["unit"])
    since, until = (moment(terms[name]) for name in ("since", "until"))
    return grants.give(
        person, terms["role"], unit=unit, labels=terms["labels"], since=since, until=until,
        reason=terms["reason"], **who,
    )  # fmt: skip


def moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def reset(terms: Terms, **who: Any) -> object:
    person = Person.objects.select_related("unit").get(pk=terms["person"])
    return accounts.reset(person, second_factors=terms["second_factors"], **who)


def invite(terms: Terms, **who: Any) -> object:
    person = Person.objects.select_related("unit").get(pk=terms["person"])
    return accounts.invite_again(person, **who)


def unseal(terms: Terms, **who: Any) -> object:
    return circle.unseal(case_of(terms), reason=terms["reason"], **who)


def label(terms: Terms, **who: Any) -> object:
    return circle.label(case_of(terms), terms["labels"], **who)


def erase(terms: Terms, **who: Any) -> object:
    return affected.erase(case_of(terms), terms["reason"], **who)


def word(terms: Terms, **who: Any) -> object:
    case, whose = case_of(terms), Entity.objects.filter(pk=terms["entity"]).first()
    said = wording.Words(terms["text"], terms["later"], terms["secrecy"])
    return wording.word(
        case, terms["regime"], terms["step"], terms["field"], said, entity=whose or own_entity(),
        language=terms["language"], read=terms["words"], **who,
    )  # fmt: skip


def case_of(terms: Terms) -> Event:
    return Event.objects.select_related("unit").get(number=terms["number"])


DEEDS: dict[str, Deed] = {
    "grant.given": give_role,
    "person.reset": reset,
    "person.invited": invite,
    "event.unsealed": unseal,
    "event.labelled": label,
    "affected.erased": erase,
    "report.worded": word,
}


def do(kind: str, terms: Terms, *, by: Actor, at: datetime, once: str = "") -> Any:
    """Do it; or, where it takes a second person, the `Request` that now waits for him.

    `once` is the mark of a form, of those deeds that take one. Raises whatever the deed raises:
    nothing waits that could not be done today.
    """
    try:
        with transaction.atomic():
            marked = {"once": once} if once else {}
            return DEEDS[kind](terms, by=by, at=at, second=None, **marked)
    except NeedsSecond as wanted:
        with transaction.atomic():
            asked = requests.ask(kind, terms, scope=wanted.scope, by=by, at=at)
            notify(asked, at)
        return asked


def notify(asked: Request, at: datetime) -> None:
    """Tell everybody who may be the second; once each."""
    occasion = Occasion(
        once=f"request:{asked.pk}",
        kind="request",
        path=f"/att-bekrafta/{asked.pk}",
        deadline=asked.until,
        discreet=True,
    )
    tell(occasion, Person.objects.filter(pk__in=able(asked, at)), at=at)


def able(request: Request, at: datetime) -> set[int]:
    """The persons who may be the second: never the one who asks, nor the one who gains by it."""
    scope = scope_of(request)
    roles = second_roles(request.kind, scope, at)
    return seconds(roles, scope, without=parties(request), at=at)


def second_roles(kind: str, scope: Scope, at: datetime) -> list[str]:
    """The roles of the second; of what shows a sealed case's words those it is sealed for."""
    roles: list[str] = rows(at).get(kind, {"second": []})["second"]
    if kind not in SHOWS or not scope.sealed:
        return roles
    opens = parameter("access.matrix").at(at).value["sealed"]
    return [role for role in roles if role in opens]


def parties(request: Request) -> set[int]:
    asker = {int(request.asked_by.removeprefix("p"))}
    return asker if request.about is None else asker | {request.about}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the reader stands to a request that waits."""

    own: bool  # asked by himself
    second: bool  # may confirm it
    alone: bool  # may confirm it though he asked, there being nobody else

    @property
    def may_confirm(self) -> bool:
        return self.second or self.alone


def standing(request: Request, by: Actor, at: datetime) -> Standing:
    own, others, scope = request.asked_by == by.key, able(request, at), scope_of(request)
    roles = second_roles(request.kind, scope, at)
    alone = own and not others and is_alone(roles, scope, without=parties(request), at=at)
    return Standing(own, by.person in others, alone)


def scope_of(request: Request) -> Scope:
    """The case as it is now; or the room, in the unit that was asked about."""
    if request.chain.startswith("room:"):
        return Scope(request.chain, request.unit)
    return Event.objects.select_related("unit").get(number=request.chain).scope()


def mine(by: Actor, at: datetime) -> list[tuple[Request, Standing]]:
    """The requests that wait and that `by` has made or may answer, the oldest first."""
    found = [(row, standing(row, by, at)) for row in requests.waiting(at).order_by("asked_at")]
    return [(row, where) for row, where in found if where.own or where.second]


def waiting_for(by: Actor, at: datetime) -> list[Request]:
    """What waits for somebody of the roles of `by`, who may be a program and so no second."""
    return [row for row in requests.waiting(at).order_by("asked_at") if concerns(row, by, at)]


def answered(by: Actor, at: datetime, *, most: int = 50) -> list[Request]:
    """The latest that no longer wait, of those whose matter is his or his roles'."""
    rest = Request.objects.exclude(pk__in=requests.waiting(at)).order_by("-asked_at")[:500]
    return [row for row in rest if concerns(row, by, at)][:most]


def concerns(request: Request, by: Actor, at: datetime) -> bool:
    if by.key in (request.asked_by, request.answered_by):
        return True
    roles = rows(at).get(request.kind, {"second": []})["second"]
    held = [grant for grant in by.grants if grant.role in roles]
    scope = scope_of(request) if held else None
    if scope is None or by.person in scope.conflicts:
        return False
    roles = second_roles(request.kind, scope, at)
    return any(grant.role in roles and reaches(grant, scope) for grant in held)


def one(number: int, by: Actor, at: datetime) -> Request:
    """The request, for those whom it concerns; else it does not exist."""
    found = Request.objects.get(pk=number)
    if not concerns(found, by, at):
        raise Request.DoesNotExist
    return found


def confirm(request: Request, *, by: Actor, at: datetime, reason: str = "") -> Any:
    """Carry out what was asked, in the name of the one who asked.

    Raises `PermissionDenied`, and `Refused` for what has changed since it was asked.
    """
    with transaction.atomic():
        current = locked(request, at)
        where = standing(current, by, at)
        if not where.may_confirm:
            raise PermissionDenied(f"{by.key} is not the second of {current.pk}")
        if where.alone and not reason.strip():
            raise Refused({"reason": _("Say why nobody else can confirm it.")})
        terms, asker = requests.terms_of(current), asker_of(current, at)
        word = Request.Answer.CONFIRMED
        with requests.answering(current, word, reason=reason, by=by, at=at) as second:
            return DEEDS[current.kind](terms, by=asker, at=at, second=second)


def decline(request: Request, *, by: Actor, at: datetime, reason: str) -> None:
    """Say no, or take back what one asked oneself."""
    with transaction.atomic():
        current = locked(request, at)
        where = standing(current, by, at)
        if not (where.own or where.second):
            raise PermissionDenied(f"{by.key} is not the second of {current.pk}")
        word = Request.Answer.DECLINED
        with requests.answering(current, word, reason=reason, by=by, at=at):
            pass


def locked(request: Request, at: datetime) -> Request:
    found = Request.objects.select_for_update().filter(pk=request.pk).first()
    if found is None or found.answer or found.until <= at:
        raise Refused(_("It has been answered already, or waited too long. Ask again."))
    return found


def asker_of(request: Request, at: datetime) -> Actor:
    """Whoever asked, with what he holds today; raises `Refused` if his account is closed."""
    found = Person.objects.get(pk=int(request.asked_by.removeprefix("p")))
    if not found.is_active:
        raise Refused(_("The account of the one who asked is closed."))
    return actor_of(found, at)
