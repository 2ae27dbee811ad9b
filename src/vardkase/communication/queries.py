"""Reading what was told whom. Ask access to the case before you show it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, Exists, F, OuterRef, Prefetch, QuerySet, Value

from vardkase.events.models import Event
from vardkase.lib.built import Blank, Built
from vardkase.policy.parameter import parameter

from . import rules
from .models import Bulletin, Dispatch, Handover, Verdict, Version, Waiver

SHOWN = 100  # bulletins of one case


@dataclass(frozen=True, slots=True)
class Kept:
    """A bulletin with all that hangs on it, newest first."""

    bulletin: Bulletin
    versions: tuple[Version, ...]
    dispatches: tuple[Dispatch, ...]
    outside: bool

    @property
    def version(self) -> Version:
        """The text that counts."""
        return self.versions[0]

    @property
    def verdict(self) -> Verdict | None:
        """The last word on the text that counts."""
        return next(reversed(self.version.verdicts.all()), None)

    @property
    def state(self) -> str:
        said = self.verdict.approved if self.verdict else None
        sent = any(one.version_id == self.version.pk for one in self.dispatches)
        return rules.standing(outside=self.outside, approved=said, sent=sent)

    @property
    def may_leave(self) -> bool:
        """Whether the text has the approval that it needs."""
        return not self.outside or bool(self.verdict and self.verdict.approved)


def bulletins(case: Event, at: datetime) -> list[Kept]:
    """Every bulletin of the case, the newest first; four statements."""
    return kept(case.bulletins.order_by("-pk")[:SHOWN], at)


def bulletin(case: Event, pk: int, at: datetime) -> Kept:
    """One of them; raises `Bulletin.DoesNotExist`."""
    found = kept(case.bulletins.filter(pk=pk), at)
    if not found:
        raise Bulletin.DoesNotExist
    return found[0]


def kept(rows: QuerySet[Bulletin], at: datetime) -> list[Kept]:
    known = parameter("communication.audiences").at(at).value
    versions = Version.objects.order_by("-pk").prefetch_related(
        Prefetch("verdicts", Verdict.objects.order_by("pk")),
        Prefetch("dispatches", Dispatch.objects.order_by("-sent_at", "-pk")),
    )
    found = []
    for row in rows.prefetch_related(Prefetch("versions", versions)):
        texts = tuple(row.versions.all())
        sent = tuple(one for text in texts for one in text.dispatches.all())
        outside = known.get(row.audience, {}).get("outside", True)
        found.append(Kept(row, texts, sent, outside))
    return found


@dataclass(frozen=True, slots=True)
class Answered:
    """A text that was written, or why none was needed; `left` is whether a text was sent."""

    milestone: str
    audience: str
    bulletin: int | None
    left: bool


def answered(case: Event) -> list[Answered]:
    """How the case stands with its information, for its own page; one statement."""
    return [Answered(*row) for row in ANSWERED.rows(case=case.pk)]


def answering() -> QuerySet[Any, Any]:
    gone = Dispatch.objects.filter(version__bulletin=OuterRef("pk"))
    of_case, none = {"event": Blank("case")}, Value(None, BigIntegerField())
    written = (
        Bulletin.objects.filter(**of_case).order_by().annotate(text=F("pk"), left=Exists(gone))
    )
    waived = Waiver.objects.filter(**of_case).order_by().annotate(text=none, left=Value(True))
    names = ("milestone", "audience", "text", "left")
    return written.values_list(*names).union(waived.values_list(*names)).order_by("text")


def waivers(case: Event) -> QuerySet[Waiver]:
    return case.waivers.order_by("-pk")[:SHOWN]


def sent(case: Event) -> QuerySet[Dispatch]:
    """Everything that left in the case, in order."""
    rows = Dispatch.objects.filter(version__bulletin__event=case)
    return rows.select_related("version__bulletin").order_by("sent_at", "pk")


@dataclass(frozen=True, slots=True)
class Lead:
    """Who leads the case: the last handover that was taken, and the one that waits."""

    taken: Handover | None
    waiting: Handover | None

    @property
    def is_with_crisis(self) -> bool:
        return self.taken is not None and self.taken.to_crisis

    @property
    def speakers(self) -> list[str]:
        """Who took the lead, as the log calls him."""
        return [self.taken.taken_by] if self.taken else []


def lead(case: Event) -> Lead:
    """One statement."""
    rows: list[Handover] = LEAD.objects(case=case.pk)
    taken = [row for row in rows if row.taken_at]
    waiting = next((row for row in rows if not row.taken_at), None)
    return Lead(max(taken, key=lambda row: (row.taken_at, row.pk), default=None), waiting)


def handovers(case: Event) -> QuerySet[Handover]:
    """The lead's way, newest first."""
    return case.handovers.select_related("person").order_by("-pk")[:SHOWN]


def leading() -> QuerySet[Handover]:
    rows = Handover.objects.filter(event=Blank("case"), ended_at=None)
    return rows.select_related("person").order_by("pk")


ANSWERED, LEAD = Built(answering), Built(leading)
