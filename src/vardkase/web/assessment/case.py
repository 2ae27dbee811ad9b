"""What an assessor must see of a case before he decides, and the empty form to decide with."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.postgres.search import TrigramWordDistance
from django.utils.translation import gettext as _

from vardkase.access.actor import Actor
from vardkase.access.rules import allowed
from vardkase.assessment import queries
from vardkase.assessment.ground import Ground
from vardkase.assets.models import Asset
from vardkase.conclusions.sheet import sheet
from vardkase.events.hits import at_stake
from vardkase.events.models import Event
from vardkase.events.queries import messages
from vardkase.organisation.queries import documents
from vardkase.policy.parameter import parameter
from vardkase.web.report.shown import origin, topics
from vardkase.web.report.tickets import linked
from vardkase.web.words import local

from .forms import AssessmentForm
from .rows import answered as answers
from .rows import flags, reasons
from .shown import asset_levels, axes, history, matrix, proposal

ALIKE = 5  # like cases shown
NAMES = 50  # names of assets offered


def facts(
    reader: Actor, case: Event, at: datetime, form: AssessmentForm | None = None
) -> dict[str, Any]:
    """The context of `assessment/_assess.html`."""
    ground = Ground.at(at)
    past, told = history(case), topics(case)
    stake, known = at_stake(case), sheet(case)
    form = form or AssessmentForm(ground=ground, initial=first(case, past))
    return {
        "case": case,
        "assess": form,
        "topics": told,
        "letters": messages(case),
        "origin": origin(told),
        "contact": case.contact if allowed(reader, "comment", case.scope()) else "",
        "may_mark": allowed(reader, "edit", case.scope()),
        "flags": flags(answers([case.pk]), case.pk),
        "reasons": reasons(case.suggestion),
        "proposal": proposal(case, ground),
        "labels": labels(case, at),
        "alarms": known.alarms,
        "tickets": linked(known.tickets, at),
        "hits": [(one, asset_levels(ground, one)) for one in stake if one.is_hit],  # type: ignore[attr-defined]
        "likely": likely(case),
        "essential": [one for one in stake if one.essential and not case.sealed],
        "documents": documents("assess"),
        "alike": queries.alike(reader, case)[:ALIKE],
        "history": past,
        "matrix": matrix(ground, value(form, "matrix")),
        "axes": axes(ground, values(form, "criteria")),
    }


def likely(case: Event) -> list[str]:
    """Names of assets, those most like what the report names first."""
    rows = Asset.objects.filter(closed_at=None)
    near = TrigramWordDistance(case.system or case.title, "name")
    return list(rows.order_by(near, "sort_key").values_list("name", flat=True)[:NAMES])


def first(case: Event, past: list[Any]) -> dict[str, Any]:
    """What the empty form starts with: no cell, and the reporter's reasons as the first words."""
    told = reasons(case.suggestion)
    reason = _("By the report, not verified: %(reasons)s") % {"reasons": told}
    return {
        "expected": past[0].made.pk if past else 0,
        "reason": reason if told and not past else "",
        "care_harm": case.care_harm,
    }


def value(form: AssessmentForm, name: str) -> str:
    return str(form[name].value() or "")


def values(form: AssessmentForm, name: str) -> list[str]:
    return list(form[name].value() or [])


def labels(case: Event, at: datetime) -> list[str]:
    """The words of the case's labels."""
    known: Mapping[str, Any] = parameter("access.labels").at(at).value
    return [local(known[code]) if code in known else code for code in case.labels]
