"""Who is who, seen by the doors: from a person or a token to the actor that access asks about."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Q, QuerySet

from vardkase.access import actor as access
from vardkase.lib.built import Blank, Built
from vardkase.lib.ids import fingerprint

from .models import Document, Duty, Grant, Organisation, Person, Token, Unit

SHOWN = 100  # governing documents of one step

# In SQL, since every page of the work area pays for it.
FRAMED = """
SELECT o.*, (SELECT min(at) FROM lib_beat) AS slowest_part,
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
    with connection.cursor() as cursor:
        cursor.execute(FRAMED, {"at": at})
        row, names = cursor.fetchone(), [column.name for column in cursor.description or ()]
    if row is None:
        return None
    *held, slowest, waiting, name, phone = row
    found = Organisation(**dict(zip(names, held, strict=False)))
    found.slowest_part = slowest  # type: ignore[attr-defined]
    found.officer_name, found.officer_phone = name, phone  # type: ignore[attr-defined]
    found.waiting = waiting  # type: ignore[attr-defined]
    return found


def documents(step: str, *, inside: bool = True) -> list[Document]:
    """The governing documents that apply in `step` (S1-17), then those of all steps.

    Outsiders, who only report, are shown what was linked to that step alone.
    """
    steps = [step, Document.Step.ALL] if inside else [step]
    rows = Document.objects.filter(ended_at=None, step__in=steps)
    return sorted(rows[:SHOWN], key=lambda row: row.step == Document.Step.ALL)


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
    wanted = set(keys)
    people = [int(k[1:]) for k in wanted if k[:1] == "p" and k[1:].isdigit()]
    tokens = [int(k[1:]) for k in wanted if k[:1] == "t" and k[1:].isdigit()]
    found = {f"p{pk}": name for pk, name in named(Person.objects.filter(pk__in=people))}
    if tokens:
        found |= {f"t{pk}": name for pk, name in named(Token.objects.filter(pk__in=tokens))}
    return found


def named(rows: "QuerySet[Person] | QuerySet[Token]") -> Iterable[tuple[int, str]]:
    return rows.values_list("pk", "name")


def on_duty(at: datetime) -> Person | None:
    """The duty officer at `at`; the turn that began last wins."""
    turn = turns_at(at).select_related("person").last()
    return turn.person if turn else None


def turns_at(at: datetime) -> QuerySet[Duty]:
    """The duty officer's turns that hold at `at`."""
    return Duty.objects.filter(since__lte=at, until__gt=at, team=None, cancelled_at=None)


UNIT = [field.attname for field in Unit._meta.concrete_fields]
GRANTS, TOKENS, ROOT = Built(grants), Built(tokens), Built(uppermost)
