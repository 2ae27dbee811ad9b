"""Asking for a second person, and his answer; what was asked lies in the log from then on."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from vardkase.access.actor import Actor, Grant, Scope
from vardkase.policy.parameter import parameter

from .eyes import Second, rows
from .models import Request
from .rules import canonical
from .services import decision

ROOM = Scope.room("requests")

type Terms = dict[str, Any]


class NoPerson(PermissionDenied):
    """A program asks for no second person: somebody has to answer for it."""


class Changed(PermissionDenied):
    """What would be done is not what was asked for: somebody wrote in the database."""


def ask(kind: str, terms: Mapping[str, Any], *, scope: Scope, by: Actor, at: datetime) -> Request:
    """Let `terms` wait for a second person; the same asked twice is one request.

    Raises `NoPerson`.
    """
    if by.person is None:
        raise NoPerson(f"{by.key} is no person")
    text = canonical(dict(terms))
    digest = hashlib.sha256(text.encode()).hexdigest()
    known = waiting(at).filter(kind=kind, digest=digest, asked_by=by.key).first()
    if known is not None:
        return known
    policy = parameter("four_eyes").at(at)
    with decision("request.made", scope=ROOM, by=himself(by), at=at) as log:
        log.cite(policy)
        made = Request.objects.create(
            kind=kind,
            chain=scope.number,
            unit=scope.unit,
            about=terms.get("person"),
            terms=text,
            digest=digest,
            asked_by=by.key,
            asked_at=at,
            until=at + timedelta(hours=policy.value["hours"]),
        )
        log.note(request=made.pk, what=kind, digest=digest, chain=scope.number)
        if made.about is not None:
            log.note(person=made.about)
    return made


def waiting(at: datetime) -> QuerySet[Request]:
    return Request.objects.filter(answer="", until__gt=at, kind__in=rows(at))


def terms_of(request: Request) -> Terms:
    """What was asked for; raises `Changed`."""
    if hashlib.sha256(request.terms.encode()).hexdigest() != request.digest:
        raise Changed(request.pk)
    found: Terms = json.loads(request.terms)
    return found


@contextmanager
def answering(
    request: Request, answer: Request.Answer, *, reason: str, by: Actor, at: datetime
) -> Iterator[Second]:
    """Write the answer, and let the block carry it out in the same transaction."""
    kind = f"request.{answer}"
    with decision(kind, scope=ROOM, by=himself(by), at=at) as log:
        request.answer, request.answered_by, request.answered_at = answer, by.key, at
        request.reason = reason
        request.save(update_fields=["answer", "answered_by", "answered_at", "reason"])
        log.note(request=request.pk, what=request.kind, digest=request.digest)
        log.note(asked_by=request.asked_by, reason=reason, alone=request.alone)
        if request.about is not None:
            log.note(person=request.about)
        yield Second(request.pk, by.key)


def himself(by: Actor) -> Actor:
    """Anybody may ask and answer; whether in this matter is asked before it comes here."""
    return replace(by, grants=(*by.grants, Grant("reporter", "/")))
