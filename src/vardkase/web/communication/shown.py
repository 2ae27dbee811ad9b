"""What is told whom, in the reader's words: prompts, texts and what left."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from vardkase.access.actor import Actor
from vardkase.access.rules import allowed
from vardkase.assessment.queries import history
from vardkase.communication.models import Dispatch, Version
from vardkase.communication.queries import Answered, Kept, answered
from vardkase.communication.rules import Prompt
from vardkase.conclusions.sheet import Sheet, sheet
from vardkase.events.models import Event
from vardkase.obligations.models import Entity
from vardkase.organisation.queries import names
from vardkase.web.incidents import dutywords
from vardkase.web.report.shown import who
from vardkase.web.words import local
from vardkase.workflow import telling
from vardkase.workflow.affected import personal
from vardkase.workflow.inform import asks

from .forms import audiences, milestones

WORDS = {
    "draft": _("Waits for approval"),
    "returned": _("Sent back"),
    "approved": _("Approved"),
    "ready": _("Ready to send"),
    "sent": _("Sent"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A prompt in words."""

    prompt: Prompt
    audience: str
    milestone: str
    what: str
    late: bool


@dataclass(frozen=True, slots=True)
class Told:
    """A bulletin in words."""

    kept: Kept
    audience: str
    milestone: str
    known: dict[str, str]

    @property
    def words(self) -> str:
        return str(WORDS[self.kept.state])

    @property
    def judge(self) -> str:
        """Who said the last word on the text."""
        return who(self.kept.verdict.by, self.known) if self.kept.verdict else ""

    @property
    def writers(self) -> list[tuple[str, datetime]]:
        return [(who(one.by, self.known), one.at) for one in reversed(self.kept.versions)]

    @property
    def left(self) -> list[tuple[str, Dispatch]]:
        return [(who(one.by, self.known), one) for one in self.kept.dispatches]

    @property
    def earlier(self) -> tuple[Version, ...]:
        return self.kept.versions[1:]


def prompted(
    case: Event, page: Sheet, made: list[Any], done: list[Answered], at: datetime
) -> list[Asked]:
    """Whom policy proposes to tell now."""
    to, when = dict(audiences(at)), dict(milestones(at))
    return [
        Asked(one, to[one.audience], when[one.milestone], local(dict(one.row)), one.due_at < at)
        for one in asks(case, page, made, done, at)
    ]


def beside(
    reader: Actor, case: Event, page: Sheet, made: list[Any], at: datetime
) -> dict[str, Any]:
    """The short list on the page of the case: who waits for word, which texts have not left."""
    done = answered(case)
    to = dict(audiences(at))
    unsent = [(one.bulletin, to.get(one.audience, one.audience)) for one in done if not one.left]
    return {
        "prompts": prompted(case, page, made, done, at),
        "unsent": unsent,
        "informs": allowed(reader, "inform", case.scope()),
    }


def prompts_of(case: Event, at: datetime) -> list[Asked]:
    return prompted(case, sheet(case), history(case), answered(case), at)


def told(rows: list[Kept], at: datetime) -> list[Told]:
    to, when = dict(audiences(at)), dict(milestones(at))
    known = names(key for row in rows for key in speakers(row))
    return [
        Told(
            row,
            to.get(row.bulletin.audience, row.bulletin.audience),
            when.get(row.bulletin.milestone, ""),
            known,
        )
        for row in rows
    ]


def for_law(kept: Kept, at: datetime) -> dict[str, Any]:
    """What the text means for the clocks of laws: those that wait for it, and that it stopped."""
    case, audience = kept.bulletin.event, kept.bulletin.audience
    rows = telling.waiting(case, audience, at)
    done = telling.proofs(case, kept.bulletin.pk)
    return {
        "waits": [
            of_law(one.judgement.regime, clock.step.id, one.entity, at) for one, clock in rows
        ],
        "stopped": [
            (of_law(row.obligation.regime, row.step, row.obligation.entity, at), row)
            for row in done
        ],
        "untold": telling.left(case, audience) if rows else 0,
        "each": audience in personal(at),
    }


def of_law(regime: str, step: str, entity: Entity, at: datetime) -> str:
    """ "Personuppgiftsincident: Information till de registrerade (Region Vintra)"."""
    return f"{dutywords.step(f'{regime} {step}', at)} ({entity})"


def speakers(row: Kept) -> list[str]:
    verdicts = [one.by for text in row.versions for one in text.verdicts.all()]
    return [*(one.by for one in row.versions), *(one.by for one in row.dispatches), *verdicts]
