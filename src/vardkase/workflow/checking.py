"""Looking actively for vulnerabilities (S2-027): a source is checked, what is found is reported,
and what nobody checks in time is told of."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from vardkase.access.actor import Actor
from vardkase.access.rules import allowed
from vardkase.decisionlog.services import decision
from vardkase.delivery.services import Occasion, tell
from vardkase.events.models import Event
from vardkase.events.rules import Report
from vardkase.lib.each import each
from vardkase.organisation.models import Grant, Person
from vardkase.organisation.queries import actor_of, in_force, on_duty
from vardkase.vulnerabilities import rules
from vardkase.vulnerabilities.models import Check, Source
from vardkase.vulnerabilities.queries import WATCH, since
from vardkase.vulnerabilities.services import room

from .report import report

MOST = 5  # people told of one source


@transaction.atomic
def check(
    source: Source, found: str = "", *, reports: bool = False, by: Actor, at: datetime
) -> Check:
    """Somebody has looked; what he `found` becomes a reported vulnerability if he says so."""
    case = report(finding(source, found), by=by, at=at).number if found and reports else ""
    with decision("source.checked", scope=room(source.unit), by=by, at=at) as log:
        made = Check.objects.create(source=source, found=found, case=case, at=at, by=by.key)
        Source.objects.filter(pk=source.pk).update(checked_at=at, told=0)
        log.note(source=source.pk, name=source.name, found=found, case=case)
    return made


def finding(source: Source, found: str) -> Report:
    where = " ".join(filter(None, [source.name, source.address]))
    answers = {"event_kind": ["vulnerability"], "source_note": [where]}
    if source.kind:
        answers["external_source"] = [source.kind]
    return Report(
        what=found,
        kind=Event.Kind.VULNERABILITY,
        source=Event.Source.EXTERNAL,
        answers=answers,
        reporter_kind=Event.ReporterKind.STAFF,
        unit=source.unit_id,
    )


def remind(at: datetime) -> int:
    """Tell of sources that nobody has checked in time, once for each interval that goes by."""
    rows = Source.objects.filter(closed_at=None)
    late = [one for one in rows if rules.missed(since(one), one.days, at) > one.told]
    return each(late, lambda one: remind_one(one.pk, at))


@transaction.atomic
def remind_one(pk: int, at: datetime) -> int:
    """One source, unless another worker has it in hand."""
    rows = Source.objects.select_for_update(skip_locked=True, of=("self",)).select_related("unit")
    source = rows.filter(pk=pk, closed_at=None).first()
    missed = rules.missed(since(source), source.days, at) if source else 0
    if source is None or missed <= source.told:
        return 0
    occasion = Occasion(
        once=f"source:{pk}:{int(since(source).timestamp())}:{missed}",
        kind="source_overdue",
        path=f"/kallor/{pk}",
        deadline=rules.due(since(source), source.days),
    )
    tell(occasion, list(owners(source, at))[:MOST], at=at)
    Source.objects.filter(pk=pk).update(told=missed)
    return 1


def owners(source: Source, at: datetime) -> Iterator[Person]:
    """Those of the role who may check it, who are nearest to its unit; nobody there, who is on
    duty."""
    rows = Grant.objects.filter(in_force(at), role=source.role, person__is_active=True)
    told = set[int]()
    for grant in rows.select_related("person", "unit").order_by("-unit__path", "pk"):
        may = allowed(actor_of(grant.person, at), WATCH, room(source.unit))
        if may and grant.person_id not in told:
            told.add(grant.person_id)
            yield grant.person
    if not told and (officer := on_duty(at)):
        yield officer
