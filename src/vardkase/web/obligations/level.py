"""The ENISA level: what the services hit propose, and what a person decides, with a reason."""

from collections.abc import Iterable
from functools import partial
from typing import Any, NamedTuple

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vardkase.obligations.models import Entity
from vardkase.policy.parameter import parameter
from vardkase.web.actor import actor
from vardkase.web.door import needs
from vardkase.web.forms import Radios
from vardkase.web.incidents.acting import attempt, case_for, page
from vardkase.web.incidents.forms import ActForm, text
from vardkase.web.words import local
from vardkase.workflow.depend import services_hit
from vardkase.workflow.duties import Standing
from vardkase.workflow.level import LEVEL, decide_level

from .given import Given, newest
from .whose import query, whose


class LevelForm(ActForm):
    level = forms.TypedChoiceField(label=gettext_lazy("Level"), coerce=int, widget=Radios)
    reason = text(gettext_lazy("Why this level"), rows=3)

    def __init__(self, *args: Any, levels: Iterable[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = [  # type: ignore[attr-defined]
            (row["level"], f"{row['level']}. {': '.join(dict.fromkeys(texts(row)))}")
            for row in levels
        ]


def texts(row: dict[str, Any]) -> tuple[str, str]:
    """What the level is called, and what it affects: of the lowest the same."""
    return local(row), local(row, "affects")


class Level(NamedTuple):
    """How the level of an entity stands; `given` is who decided it, if anybody has."""

    entity: Entity
    query: str
    given: Given | None


def levels(found: list[Standing], answers: list[Given]) -> list[Level]:
    """The entities of which a law asks the level, each once."""
    rows: dict[int | None, Level] = {}
    for one in found:
        pk = one.entity.pk
        about = [each for each in answers if each.name == LEVEL]
        mine = [each for each in about if each.row.entity_id in (pk, None)]
        if pk not in rows and (LEVEL in one.judgement.ask or mine):
            own = [each for each in mine if each.row.entity_id == pk]
            rows[pk] = Level(one.entity, query(one.entity), next(iter(own or mine), None))
    return list(rows.values())


@needs("assess")
def decide(request: HttpRequest, number: str) -> HttpResponse:
    """Level and reason, beside what the services hit propose."""
    case, at = case_for(request, number, "assess"), timezone.now()
    entity = whose(request, case)
    policy = parameter("trust_services").at(at).value
    now = {row.entity_id: row.value for row in newest(case) if row.name == LEVEL}
    hit = services_hit(case, entity, at)
    first = {"level": now.get(entity.pk) or now.get(None) or hit.level or None}
    form = LevelForm(request.POST or None, levels=policy["levels"], initial=first)
    draw = partial(
        page, request, case, form, heading=f"{_('ENISA level')}: {entity}", button=_("Decide"),
        template="obligations/level.html", hit=hit, advice=local(policy, "advice"),
    )  # fmt: skip
    if request.method != "POST" or not form.is_valid():
        return draw()
    verb = partial(
        decide_level, case, entity=entity, by=actor(request), at=at,
        **form.said("level", "reason", "once"),
    )  # fmt: skip
    return attempt(case, form, verb, draw, to="/rapportering")
