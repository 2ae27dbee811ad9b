"""Personal data goes by the data protection officer (s. 12): his material, its receipt, his word.

Whom he has named in his stead holds his role; one click hands each of them the case's report to
the authority as it stands: facts, categories, numbers, measures.
"""

from datetime import datetime

from django.db.models import Q

from vardkase.access.actor import Actor
from vardkase.access.rules import allowed
from vardkase.communication.models import Opinion, Package, Receipt
from vardkase.delivery.models import Notice
from vardkase.delivery.services import Occasion, seen, tell
from vardkase.events import circle
from vardkase.events.models import Event
from vardkase.obligations.models import Entity
from vardkase.organisation.models import Person
from vardkase.organisation.queries import person_behind

from .acting import NotNow, acting
from .duties import own_entity
from .oblige import Sent, keep
from .prefill import digest, report

ROLE, REGIME, STEP, FORM = "dpo", "eu-gdpr", "dpo", "imy"


def officers(case: Event, at: datetime) -> list[Person]:
    """The data protection officer, and whoever he has named, as far as they may read the case."""
    able = [
        one.person
        for one in circle.actors(Q(grants__role=ROLE), at)
        if one.person and ROLE in one.roles and allowed(one, "read", case.scope())
    ]
    return list(Person.objects.filter(pk__in=able).order_by("name", "pk"))


def hand_over(
    event: Event, *, entity: Entity | None = None, by: Actor, at: datetime, once: str = ""
) -> Package:
    """Hand the material as it stands now; the step that asks for it is done (S2-100).

    Raises `NotNow` if no law asks, or nobody holds the role.
    """
    who = entity or own_entity()
    with acting("dpo.informed", event, by=by, at=at, once=once, said=who.name) as (log, case):
        to = officers(case, at)
        if not to:
            raise NotNow("no_officer")
        content = report(
            case, FORM, at=at, language="sv", regime=REGIME, entity=who.pk
        ).content()  # fmt: skip
        made = Package.objects.create(
            event=case, content=content, digest=digest(content), at=at, by=by.key
        )
        Receipt.objects.bulk_create(Receipt(package=made, person=person) for person in to)
        names = ", ".join(person.name for person in to)[:300]
        sent = Sent(STEP, at, names, channel="Vårdkase", content=content)
        keep(case, REGIME, sent, entity=who, by=by, at=at, log=log)
        log.note(package=made.pk, told=[person.key for person in to])
        tell(occasion(case, made), to, at=at)
    return made


def occasion(case: Event, made: Package) -> Occasion:
    return Occasion(
        once=f"package:{case.number}:{made.pk}",
        kind="package",
        path=f"/arenden/{case.number}/dataskyddsombud",
        case=case.number,
        priority=case.priority,
        discreet=case.is_discreet,
    )


def receive(event: Event, *, by: Actor, at: datetime, once: str = "") -> int:
    """`by` has the material that was handed to him; how many packages he had not said so of.

    A program says it for the person who made its token.
    """
    with acting("dpo.received", event, by=by, at=at, once=once) as (log, case):
        person = person_behind(by.key)
        rows = Receipt.objects.filter(package__event=case, person=person, received_at=None)
        packages = list(rows.values_list("package", flat=True))
        if not packages:
            raise NotNow("nothing_to_receive")
        rows.update(received_at=at)
        marks = [f"package:{case.number}:{pk}:p{person}" for pk in packages]
        for notice in Notice.objects.filter(once__in=marks, seen_at=None):
            seen(notice, by=by.key, at=at)
        log.note(packages=packages)
    return len(packages)


def opine(event: Event, text: str, *, by: Actor, at: datetime, once: str = "") -> Opinion:
    """Keep what the officer himself thinks; the controller decides."""
    with acting("dpo.opined", event, by=by, at=at, once=once, said=text) as (log, case):
        log.note(text=text)
        return Opinion.objects.create(event=case, text=text, at=at, by=by.key)
