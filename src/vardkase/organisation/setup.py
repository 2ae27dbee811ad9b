"""Before the first day: the one-time set-up link, and the founding of the organisation."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from vardkase.access.actor import Actor, Scope
from vardkase.decisionlog.services import decision
from vardkase.policy.parameter import Version, profile

from . import links
from .models import Grant, Organisation, Person, Unit
from .queries import organisation

SCOPE = Scope.room("organisation")
ADMINISTRATOR = "sysadmin"


@dataclass(frozen=True, slots=True)
class Founding:
    """The answers of the set-up page."""

    name: str
    kind: str
    administrator: str
    username: str
    duty_phone: str
    security_phone: str
    language: str = "sv"  # of the first units' names


def new_setup_token(at: datetime) -> str | None:
    """The secret of a new set-up link, `/start/<secret>`; None once the organisation is founded.

    Call it at every start, with Django set up: the links of earlier starts open nothing more.
    """
    if organisation() is not None:
        return None
    with decision("setup.linked", scope=SCOPE, by=Actor.system(at), at=at) as log:
        secret = links.make(None, "setup", at)
        log.note(link="new")
    return secret


def found(answers: Founding, *, link: int, at: datetime) -> Person:
    """Lay up the organisation, its first units and its first administrator, once.

    `link` is the number of the set-up link; raises `DeadLink` for whoever comes second.
    """
    system = Actor.system(at)
    with decision("organisation.founded", scope=SCOPE, by=system, at=at) as log:
        links.use(link, at, founding=True)
        if organisation() is not None:
            raise links.DeadLink
        Organisation.objects.create(
            name=answers.name,
            kind=answers.kind,
            duty_phone=answers.duty_phone,
            security_phone=answers.security_phone,
            founded_at=at,
        )
        root = unit(answers.name, None)
        first_units(log.cite(profile(answers.kind).at(at)), root, answers.language)
        person = first_administrator(answers, root, at)
        log.note(name=answers.name, kind=answers.kind, administrator=person.pk)
    return person


def unit(name: str, parent: Unit | None) -> Unit:
    made = Unit.objects.create(name=name, parent=parent, path=f"?{name}"[:200])
    made.path = f"{parent.path if parent else '/'}{made.pk}/"
    made.save(update_fields=["path"])
    return made


def first_units(starter: Version, root: Unit, language: str) -> None:
    """The units that the profile of this kind of organisation begins with (S1-29)."""
    rows: list[dict[str, Any]] = starter.value["units"]
    made: dict[str, Unit] = {}
    for row in rows:
        made[row["code"]] = unit(row[language], made.get(row.get("parent", ""), root))


def first_administrator(answers: Founding, root: Unit, at: datetime) -> Person:
    """He manages accounts and reads no case: his first task is to appoint those who do.

    The session that founded follows his invitation; `vardkase user reset` makes another link.
    """
    person = Person(username=answers.username, name=answers.administrator, unit=root)
    person.set_unusable_password()
    person.save()
    Grant.objects.create(
        person=person,
        role=ADMINISTRATOR,
        unit=root,
        since=at,
        reason="Första administratör" if answers.language == "sv" else "First administrator",
        by="system",
    )
    links.make(person, "invite", at)
    return person
