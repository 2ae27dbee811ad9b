"""Who is who, seen by the doors: from a person or a token to the actor that access asks about."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache, partial
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Q, QuerySet

from vardkase.access import actor as access
from vardkase.lib.built import AnyOf, Blank, Built, ask
from vardkase.lib.ids import fingerprint

from .models import Document, Duty, Grant, Organisation, Person, Responsibility, Token, Unit

SHOWN = 100  # governing documents of one step
LONGEST_ID = 19  # digits, of which a bigint holds any fewer

# In SQL, since every page of the work area pays for it.
FRAMED = """
SELECT {columns}, (SELECT min(at) FROM lib_beat) AS slowest_part,
  (SELECT count(*) FROM decisionlog_request WHERE answer = '' AND until > %(at)s) AS waiting,
  officer.name AS officer_name, officer.phone AS officer_phone
FROM organisation_organisation o LEFT JOIN LATERAL (
  SELECT p.name, p.phone FROM organisation_duty d JOIN organisation_person p ON p.id = d.person_id
  WHERE d.since <= %(at)s AND d.until > %(at)s AND d.team_id IS NULL AND d.cancelled_at IS NULL
  ORDER BY d.since DESC, d.id DESC LIMIT 1
) officer ON true
"""


def organisation() -> Organisation | None:
    """The organisation, or None before the set-up page was sent."""
    return Organisation.objects.first()


def framed(at: datetime) -> Organisation | None:
    """The organisation, with `officer_name` and `officer_phone` of who is on duty at `at`,
    `slowest_part`: when the slowest of the parts that work by themselves last did a round, and
    `waiting`: the requests that wait for a second person, whoever he is."""
    for *held, slowest, waiting, name, phone in ask(framing(), {"at": at}):
        found = Organisation.from_db(DEFAULT_DB_ALIAS, ORGANISATION, held)
        found.slowest_part = slowest  # type: ignore[attr-defined]
        found.officer_name, found.officer_phone = name, phone  # type: ignore[attr-defined]
        found.waiting = waiting  # type: ignore[attr-defined]
        return found
    return None


@cache
def framing() -> str:
    return FRAMED.format(columns=", ".join(f'o."{column}"' for column in ORGANISATION))


def documents(step: str, *, inside: bool = True) -> list[Document]:
    """The governing documents that apply in `step` (S1-17), then those of all steps.

    Outsiders, who only report, are shown what was linked to that step alone.
    """
    rows: list[Document] = GOVERNING.objects(step=step, all=Document.Step.ALL if inside else step)
    return sorted(rows, key=lambda row: row.step == Document.Step.ALL)


def governing() -> QuerySet[Document]:
    asked = Q(step=Blank("step")) | Q(step=Blank("all"))
    return Document.objects.filter(asked, ended_at=None)[:SHOWN]


def root() -> Unit:
    """The unit above all others; raises `Unit.DoesNotExist` before the set-up."""
    for row in ROOT.rows():
        return Unit.from_db(DEFAULT_DB_ALIAS, UNIT, row)
    raise Unit.DoesNotExist


def uppermost() -> QuerySet[Unit, Any]:
    return Unit.objects.filter(parent=None).order_by().values_list(*UNIT)


def in_force(at: datetime | Blank) -> Q:
    """Grants that count at `at`: expiry is judged when it is asked, by no job."""
    return Q(since__lte=at) & (Q(until=None) | Q(until__gt=at))


def head_of(unit: Unit) -> Person | None:
    """Who heads `unit`, or the nearest unit above that has a head."""
    ids = [int(part) for part in unit.path.strip("/").split("/")]
    rows = Responsibility.objects.filter(code="head", unit__in=ids, ended_at=None)
    row = rows.select_related("person").order_by("-unit__path", "pk").first()
    return row.person if row else None


def actor_of(person: Person, at: datetime) -> access.Actor:
    """`person` as access knows him at `at`, with the grants in force; one SQL statement.

    Whoever holds none, or none any more, is a reporter.
    """
    held = GRANTS.rows(person=person.pk, at=at)
    grants = tuple(access.Grant(role, path, frozenset(labels)) for role, path, labels in held)
    anyone = (access.Grant("reporter", "/"),)
    return access.Actor(person.key, person.name, at, grants or anyone, person=person.pk)


def grants() -> QuerySet[Grant, Any]:
    rows = Grant.objects.filter(in_force(Blank("at")), person=Blank("person"))
    return rows.order_by("pk").values_list("role", "unit__path", "labels")


def actor_of_token(secret: str, at: datetime) -> access.Actor | None:
    """The program that shows `secret`, or None if it is unknown, expired or revoked."""
    for pk, name, role, path, labels in TOKENS.rows(digest=fingerprint(secret), at=at):
        grant = access.Grant(role, path, frozenset(labels))
        return access.Actor(Token(pk=pk).key, name, at, (grant,))
    return None


def tokens() -> QuerySet[Token, Any]:
    at = Blank("at")
    known = Token.objects.filter(digest=Blank("digest"), expires_at__gt=at)
    known = known.filter(Q(revoked_at=None) | Q(revoked_at__gt=at))
    return known.order_by().values_list("pk", "name", "role", "unit__path", "labels")


def names(keys: Iterable[str]) -> dict[str, str]:
    """What to call the actors of log entries: `{"p17": "Anna Berg", "t3": "Zabbix"}`."""
    wanted, found = set(keys), dict[str, str]()
    for letter, known in (("p", PEOPLE), ("t", PROGRAMS)):
        ids = [int(key[1:]) for key in wanted if key[:1] == letter and is_id(key[1:])]
        found |= {f"{letter}{pk}": name for pk, name in (known.rows(ids=ids) if ids else [])}
    return found


def is_person(key: str) -> bool:
    """Whether `p17` is somebody."""
    return key.startswith("p") and key in names([key])


def is_one(key: str, other: str) -> bool:
    """Whether both keys are one person: a program is whoever made its token."""
    return key == other or behind(key) == behind(other)


def behind(key: str) -> str:
    """The person who made the token `key`, if it is one; else whoever it is."""
    if key[:1] != "t" or not is_id(key[1:]):
        return key
    by = Token.objects.filter(pk=int(key[1:]), by__startswith="p").values_list("by", flat=True)
    return by.first() or key  # of one made at the console nobody knows


def person_behind(key: str) -> int | None:
    """The person's row, if there is one."""
    who = behind(key)
    return int(who[1:]) if who.startswith("p") and is_id(who[1:]) else None


def is_id(text: str) -> bool:
    """Whether it is a number that the database holds."""
    return text.isascii() and text.isdigit() and len(text) < LONGEST_ID


def named(model: type[Person] | type[Token]) -> QuerySet[Any, Any]:
    return model.objects.filter(AnyOf("pk", "ids")).order_by().values_list("pk", "name")


def on_duty(at: datetime) -> Person | None:
    """The duty officer at `at`; the turn that began last wins."""
    turn = turns_at(at).select_related("person").last()
    return turn.person if turn else None


def turns_at(at: datetime) -> QuerySet[Duty]:
    """The duty officer's turns that hold at `at`."""
    return Duty.objects.filter(since__lte=at, until__gt=at, team=None, cancelled_at=None)


UNIT = [field.attname for field in Unit._meta.concrete_fields]
ORGANISATION = [field.attname for field in Organisation._meta.concrete_fields]
GRANTS, TOKENS, ROOT = Built(grants), Built(tokens), Built(uppermost)
GOVERNING = Built(governing)
PEOPLE, PROGRAMS = Built(partial(named, Person)), Built(partial(named, Token))
