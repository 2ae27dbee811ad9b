"""Step 2: an event was judged. A new judgement is a new row; none is changed."""

from dataclasses import asdict, fields
from datetime import datetime
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vardkase.events.models import Event
from vardkase.organisation.models import Person, Team, Unit

from .ground import Ground
from .rules import Facts, Judgement, Priority


class Assessment(models.Model):
    """One judgement of an event, with the policy it was made under: it can be computed again."""

    class Outcome(models.TextChoices):
        CONFIRMED_INCIDENT = "confirmed_incident", _("Confirmed incident")
        POSSIBLE_INCIDENT = "possible_incident", _("Possible incident")
        NOT_INCIDENT = "not_incident", _("Not an incident")

    class Effect(models.TextChoices):
        NONE = "none", _("No effect")
        SUSPECTED = "suspected", _("Suspected")
        CONFIRMED = "confirmed", _("Confirmed")

    event = models.ForeignKey(Event, models.PROTECT, related_name="assessments")
    at = models.DateTimeField(_("assessed at"))
    by = models.CharField(_("assessed by"), max_length=40)
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome)
    impact = models.PositiveSmallIntegerField(_("impact"), null=True)  # 4 highest to 1
    urgency = models.PositiveSmallIntegerField(_("urgency"), null=True)  # 4 highest to 1
    care_harm = models.BooleanField(_("risk of care harm"), default=False)
    category = models.CharField(_("category"), max_length=40, blank=True)
    example = models.CharField(_("example of the category"), max_length=60, blank=True)
    effects = models.JSONField(_("effects"), default=dict, blank=True)  # aspect -> Effect
    criteria = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    reason = models.TextField(_("reason"))
    priority = models.PositiveSmallIntegerField(_("priority"), null=True)  # 1 highest to 5
    override = models.PositiveSmallIntegerField(_("priority set by hand"), null=True)
    override_reason = models.TextField(_("why it was set by hand"), blank=True)
    rules = models.JSONField(_("rules that fired"), default=list)
    inputs = models.JSONField(_("facts of the case that the rules used"), default=dict)
    policy = models.JSONField(_("policy versions"), default=dict)  # id -> since

    class Meta:
        ordering = ["event", "-pk"]
        verbose_name = _("assessment")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="an_incident_has_impact_urgency_and_priority",
                condition=Q(outcome="not_incident")
                | (
                    Q(impact__gte=1, impact__lte=4)
                    & Q(urgency__gte=1, urgency__lte=4)
                    & Q(priority__gte=1, priority__lte=5)
                ),
            ),
            models.CheckConstraint(
                name="a_priority_set_by_hand_has_a_reason",
                condition=Q(override=None) | ~Q(override_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} {self.outcome}"

    @classmethod
    def of(
        cls,
        case: Event,
        judgement: Judgement,
        priority: Priority | None,
        *,
        facts: Facts,
        ground: Ground,
        by: str,
        at: datetime,
    ) -> Self:
        """The row of a judgement, with all that is needed to compute it again; not stored yet."""
        said = asdict(judgement) | {"criteria": list(judgement.criteria)}
        return cls(
            event=case,
            at=at,
            by=by,
            **said,
            priority=priority.value if priority else None,
            rules=list(priority.rules) if priority else [],
            inputs=asdict(facts),
            policy=ground.plain(),
        )

    def judgement(self) -> Judgement:
        """What the assessor said, as the rules take it."""
        said = {f.name: getattr(self, f.name) for f in fields(Judgement)}
        return Judgement(**said | {"criteria": tuple(self.criteria)})

    def facts(self) -> Facts:
        """What the rules knew of the case."""
        return Facts(**self.inputs)


class Merge(models.Model):
    """A report feeds another case. Undone, never deleted; one report may feed several."""

    event = models.ForeignKey(Event, models.PROTECT, related_name="merges")
    into = models.ForeignKey(Event, models.PROTECT, related_name="merged_here")
    at = models.DateTimeField(_("at"))
    by = models.CharField(_("by"), max_length=40)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    was = models.CharField(_("state before"), max_length=20)
    undone_at = models.DateTimeField(_("undone at"), null=True)

    class Meta:
        ordering = ["event", "pk"]
        verbose_name = _("merge")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["event", "into"], condition=Q(undone_at=None), name="merged_once"
            ),
            models.CheckConstraint(
                name="no_case_is_merged_into_itself", condition=~Q(event=models.F("into"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} -> {self.into_id}"


class Referral(models.Model):
    """The assessment was transferred to somebody who knows, who answers before `due_at`."""

    event = models.ForeignKey(Event, models.PROTECT, related_name="referrals")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    question = models.TextField(_("question"))
    due_at = models.DateTimeField(_("due at"))
    at = models.DateTimeField(_("at"))
    by = models.CharField(_("by"), max_length=40)

    class Meta:
        ordering = ["event", "pk"]
        verbose_name = _("referral")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="a_referral_goes_to_somebody",
                condition=~Q(person=None) | ~Q(team=None) | ~Q(unit=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} {self.due_at}"


class ReferralAnswer(models.Model):
    """What the one who knows answered; part of the record."""

    referral = models.OneToOneField(Referral, models.PROTECT, related_name="answer")
    text = models.TextField(_("answer"))
    at = models.DateTimeField(_("at"))
    by = models.CharField(_("by"), max_length=40)

    class Meta:
        verbose_name = _("answer to a referral")

    def __str__(self) -> str:
        return str(self.referral_id)
