"""Who is on duty: turns are scheduled and cancelled, never deleted; holes and clashes show."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from vardkase.access.actor import Actor, Scope
from vardkase.decisionlog.services import decision
from vardkase.lib.changes import Refused, cleaned

from .models import Duty, Person, Team
from .queries import root
from .rules import Turn, gaps, overlaps
from .services import room

AHEAD = timedelta(days=28)  # how far the schedule is shown and searched for holes
LONGEST_TURN = timedelta(days=92)


@dataclass(frozen=True, slots=True)
class Schedule:
    """The turns that lie ahead, with what is wrong with them."""

    turns: list[Duty]
    gaps: list[Turn]
    overlaps: list[tuple[Turn, Turn]]


def turns(team: Team | None = None) -> QuerySet[Duty]:
    """Turns that count: of the duty officer, or of a team."""
    return Duty.objects.filter(team=team, cancelled_at=None).select_related("person")


def teams_on_duty(at: datetime) -> list[Duty]:
    """Whom each team calls first at `at`."""
    rows = Duty.objects.filter(since__lte=at, until__gt=at, cancelled_at=None)
    rows = rows.exclude(team=None).filter(team__closed_at=None)
    return list(rows.select_related("person", "team").order_by("team__sort_key", "since"))


def crisis_team() -> Team | None:
    """The crisis organisation, if the organisation has set one up."""
    return Team.objects.filter(crisis=True, closed_at=None).first()


def called_in_crisis(at: datetime, ahead: timedelta) -> Iterator[Person]:
    """Whom the crisis organisation calls, in order: on its roster now, then next, then the rest."""
    team = crisis_team()
    if team is None:
        return
    for turn in turns(team).filter(since__lte=at, until__gt=at).order_by("-since"):
        yield turn.person
    for turn in turns(team).filter(since__gt=at, since__lte=at + ahead).order_by("since"):
        yield turn.person
    for member in team.members.filter(ended_at=None).select_related("person"):
        yield member.person


def schedule(at: datetime, team: Team | None = None) -> Schedule:
    """From `at` four weeks ahead; one statement."""
    ahead = list(turns(team).filter(until__gt=at, since__lt=at + AHEAD))
    known = [Turn(t.since, t.until, str(t.pk)) for t in ahead]
    holes = gaps(known, since=at, until=at + AHEAD) if known else []
    return Schedule(ahead, holes, overlaps(known))


def add_turn(
    person: Person, *, since: datetime, until: datetime, team: Team | None = None, note: str = "",
    by: Actor, at: datetime,
) -> Duty:  # fmt: skip
    """A clash is allowed, since handing over takes a while; it is shown. Raises `Refused`."""
    ready = cleaned(Duty, {"note": note}, ("note",))
    if not since < until <= since + LONGEST_TURN:
        raise Refused({"until": _("Choose an end after the beginning, at most three months on.")})
    if until <= at:
        raise Refused({"until": _("The turn is over already. Choose a time ahead.")})
    with decision("duty.scheduled", scope=place(team), by=by, at=at) as log:
        turn = Duty.objects.create(person=person, team=team, since=since, until=until, **ready)
        log.note(duty=turn.pk, person=person.pk, team=team.pk if team else None)
        log.note(since=since.isoformat(), until=until.isoformat())
    return turn


def cancel_turn(turn: Duty, *, by: Actor, at: datetime) -> None:
    """Withdraw what is left of a turn: one that has begun ends now."""
    with decision("duty.scheduled", scope=place(turn.team), by=by, at=at) as log:
        current = Duty.objects.get(pk=turn.pk)
        if current.cancelled_at or current.until <= at:
            raise Refused(_("The turn is over or cancelled already."))
        if current.since < at:
            current.until = at
        else:
            current.cancelled_at = at
        current.save(update_fields=["until", "cancelled_at"])
        log.note(duty=current.pk, cancelled=True)


def place(team: Team | None) -> Scope:
    return room(team.unit if team else root())
