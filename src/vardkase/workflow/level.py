"""Which ENISA level an incident in a trust service has: the services that are hit propose the least
(S3-06, S3-07), a person decides, with a reason; every law that asks for it is judged anew."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from vardkase.access.actor import Actor
from vardkase.events.models import Event
from vardkase.obligations.models import Answer, Entity
from vardkase.policy.facts import read
from vardkase.policy.regime_files import catalogue

from .acting import NotNow, acting
from .depend import services_hit
from .duties import own_entity
from .planning import replan

LEVEL = "t.enisa_level"


def decide_level(
    event: Event, level: int, reason: str, *, entity: Entity | None = None, by: Actor,
    at: datetime, once: str = "",
) -> Answer:  # fmt: skip
    """Decide the level, or decide it anew. Raises `BadFacts` for none of 1 to 5, and `NotNow`."""
    read({LEVEL: level}, catalogue())
    if not reason.strip():
        raise NotNow("level_reason")
    who = entity or own_entity()
    said = (entity, level, reason)
    with acting("level.decided", event, by=by, at=at, once=once, said=said) as (log, case):
        if who.pk is None:
            who.save()
        proposed = services_hit(case, who, at).level
        made = Answer.objects.create(
            event=case, entity=who, name=LEVEL, value=level, reason=reason, at=at, by=by.key
        )
        log.note(entity=who.name, level=level, proposed=proposed, reason=reason)
        replan(case, at, log_into=log.note)
    return made


def refuse_unreasoned(
    case: Event, entity: Entity | None, said: Mapping[str, Any], at: datetime
) -> None:
    """An answer below what the services hit speak for, or other than was decided with a reason,
    is a decision: it takes a reason."""
    if LEVEL not in said:
        return
    level, whose = said[LEVEL], entity.pk if entity else None
    last = Answer.objects.filter(event=case, entity=whose, name=LEVEL).last()
    is_undone = last is not None and last.reason and level != last.value
    low = level is not None and level < services_hit(case, entity or own_entity(), at).level
    if is_undone or low:
        raise NotNow("level_reason")
