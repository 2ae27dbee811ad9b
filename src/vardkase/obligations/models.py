"""Duties to report: hung on an event and a legal entity, each with its decision and its clocks.

Everything is a row that is never changed back: answers, rulings, deadlines and what was sent.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vardkase.events.models import Event
from vardkase.suppliers.models import Supplier

from . import dependence  # noqa: F401  Django looks for models here


class Entity(models.Model):
    """A juridical person or authority that duties are hung on: the region, a board, a company.

    What holds for its kind is policy (`entity.toml`); what is its own are its `EntityFact`s.
    """

    class Kind(models.TextChoices):
        REGION = "region", _("Region")
        MUNICIPALITY = "municipality", _("Municipality")
        COMMITTEE = "committee", _("Committee")
        AUTHORITY = "authority", _("Authority")
        TRUST_SERVICE_PROVIDER = "trust_service_provider", _("Trust service provider")
        COMPANY = "company", _("Company")

    name = models.CharField(_("name"), max_length=200, unique=True)
    number = models.CharField(_("registration number"), max_length=20, blank=True)
    kind = models.CharField(_("kind"), max_length=40, choices=Kind, blank=True)
    own = models.BooleanField(_("the organisation itself"), default=False)
    address = models.CharField(_("postal address"), max_length=300, blank=True)
    signers = models.TextField(_("who signs reports"), max_length=1000, blank=True)
    contact = models.CharField(_("contact person for authorities"), max_length=300, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        ordering = ["-own", "name"]
        verbose_name = _("legal entity")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["own"], condition=Q(own=True), name="one_entity_is_the_organisation"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def signing(self) -> list[str]:
        """Who may sign, a name or an office a line."""
        return [line.strip() for line in self.signers.splitlines() if line.strip()]


class EntityFact(models.Model):
    """An answer that holds for every case of an entity known at `since` or later.

    The newest before the case counts; null takes it back. An older case keeps the older answer.
    """

    entity = models.ForeignKey(Entity, models.PROTECT, related_name="facts")
    name = models.CharField(_("fact"), max_length=100)
    value = models.JSONField(_("answer"), null=True)
    since = models.DateTimeField(_("holds from"))
    at = models.DateTimeField(_("at"))
    by = models.CharField(_("by"), max_length=40)

    class Meta:
        ordering = ["since", "pk"]
        verbose_name = _("what holds of a legal entity")

    def __str__(self) -> str:
        return f"{self.entity_id} {self.name}"


class Registration(models.Model):
    """That an authority knows the entity: its number there, and whom it calls."""

    entity = models.ForeignKey(Entity, models.PROTECT, related_name="registrations")
    regime = models.CharField(_("law"), max_length=60)
    authority = models.CharField(_("authority"), max_length=200)
    number = models.CharField(_("registration number there"), max_length=100, blank=True)
    contact = models.CharField(_("contact person there"), max_length=300, blank=True)
    registered_on = models.DateField(_("registered on"), null=True, blank=True)
    at = models.DateTimeField(_("at"))
    by = models.CharField(_("by"), max_length=40)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        ordering = ["regime", "pk"]
        verbose_name = _("registration at an authority")

    def __str__(self) -> str:
        return f"{self.entity_id} {self.authority}"


class Struck(models.Model):
    """An entity that an event strikes besides the organisation itself, and why we think so."""

    event = models.ForeignKey(Event, models.PROTECT, related_name="struck")
    entity = models.ForeignKey(Entity, models.PROTECT, related_name="struck")
    reason = models.CharField(_("reason"), max_length=1000, blank=True)
    at = models.DateTimeField(_("at"))
    by = models.CharField(_("by"), max_length=40)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    ended_because = models.CharField(_("why it ended"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("entity struck")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["event", "entity"], condition=Q(ended_at=None), name="struck_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} {self.entity_id}"


class Answer(models.Model):
    """What somebody answered about a fact of a case. The newest counts; null takes it back."""

    event = models.ForeignKey(Event, models.PROTECT, related_name="fact_answers")
    entity = models.ForeignKey(Entity, models.PROTECT, null=True, related_name="+")
    name = models.CharField(_("fact"), max_length=100)
    value = models.JSONField(_("answer"), null=True)
    reason = models.CharField(_("reason"), max_length=1000, blank=True)
    at = models.DateTimeField(_("at"))
    by = models.CharField(_("by"), max_length=40)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("answer about a fact")
        indexes: ClassVar = [models.Index(fields=["event", "id"], name="answers_of_event")]

    def __str__(self) -> str:
        return f"{self.event_id} {self.name}"


class Obligation(models.Model):
    """One regime, one event, one entity: what the regime last said."""

    event = models.ForeignKey(Event, models.PROTECT, related_name="obligations")
    entity = models.ForeignKey(Entity, models.PROTECT, related_name="obligations")
    regime = models.CharField(_("regime"), max_length=60)
    version = models.CharField(_("version"), max_length=60, blank=True)
    verdict = models.CharField(_("verdict"), max_length=20)
    at = models.DateTimeField(_("judged at"))

    class Meta:
        ordering = ["event", "regime", "pk"]
        verbose_name = _("reporting obligation")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["event", "entity", "regime"], name="one_obligation_a_regime"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} {self.regime}"


class Ruling(models.Model):
    """A person's decision to report or not, with its reason; or the authority's own view (S3-05).

    "No" is kept as carefully as "yes" (GDPR art. 33.5). The last of each side counts.
    """

    class Outcome(models.TextChoices):
        REPORT = "report", _("Report")
        NO_REPORT = "no_report", _("Do not report")

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="rulings")
    outcome = models.CharField(_("decision"), max_length=20, choices=Outcome)
    reason = models.TextField(_("reason"))
    of_authority = models.BooleanField(_("the authority's own view"), default=False)
    signer = models.CharField(_("signed by"), max_length=200, blank=True)
    number = models.CharField(_("number of the decision"), max_length=100, blank=True)
    at = models.DateTimeField(_("at"))
    by = models.CharField(_("by"), max_length=40)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("decision to report or not")

    def __str__(self) -> str:
        return f"{self.obligation_id} {self.outcome}"


class Deadline(models.Model):
    """When a step is due, as it was planned at `at`. A new plan ends the row and adds another."""

    class Mode(models.TextChoices):
        BY = "by", _("by a time")
        ASAP = "asap", _("as soon as possible")
        ON_REQUEST = "on_request", _("on request")
        WAITS_FOR = "waits_for", _("when something else is done")

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="deadlines")
    step = models.CharField(_("step"), max_length=60)
    mode = models.CharField(_("mode"), max_length=20, choices=Mode)
    due_at = models.DateTimeField(_("due at"), null=True)
    starts_at = models.DateTimeField(_("counted from"), null=True)
    certain = models.BooleanField(_("certain"), default=True)
    recipient = models.CharField(_("recipient"), max_length=300, blank=True)
    at = models.DateTimeField(_("planned at"))
    ended_at = models.DateTimeField(_("ended at"), null=True)  # sent, decided not to, or moved
    told = models.PositiveSmallIntegerField(_("reminders sent"), default=0)
    remind_at = models.DateTimeField(_("next reminder at"), null=True)
    late_reason = models.CharField(_("why it was late"), max_length=1000, blank=True)

    class Meta:
        ordering = ["due_at", "pk"]
        verbose_name = _("deadline")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["obligation", "step"], condition=Q(ended_at=None), name="one_clock_a_step"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at", "id"], condition=Q(ended_at=None), name="clocks_running"
            ),
            models.Index(
                fields=["remind_at", "id"], condition=Q(ended_at=None), name="clocks_to_remind_of"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.obligation_id} {self.step}"


class Submission(models.Model):
    """What was sent in a step: when, by which way, with which number; its answers are `Reply`s."""

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="submissions")
    step = models.CharField(_("step"), max_length=60)
    sent_at = models.DateTimeField(_("sent at"))
    recipient = models.CharField(_("recipient"), max_length=300)
    channel = models.CharField(_("channel"), max_length=200, blank=True)
    reference = models.CharField(_("the authority's number"), max_length=200, blank=True)
    prepared_by = models.CharField(_("prepared by"), max_length=40)
    alone_because = models.CharField(_("why one person did both"), max_length=500, blank=True)
    late_reason = models.CharField(_("why it was late"), max_length=1000, blank=True)
    signer = models.CharField(_("signed by"), max_length=200, blank=True)
    unsigned_because = models.CharField(_("why nobody signed"), max_length=500, blank=True)
    content = models.JSONField(_("what was sent"), default=dict)
    digest = models.CharField(_("SHA-256 of what was sent"), max_length=64)
    at = models.DateTimeField(_("recorded at"))
    by = models.CharField(_("recorded by"), max_length=40)

    class Meta:
        ordering = ["sent_at", "pk"]
        verbose_name = _("what was sent")

    def __str__(self) -> str:
        return f"{self.obligation_id} {self.step}"

    @property
    def information(self) -> int | None:
        """The text that told those affected and so was the step, if it was one."""
        found: int | None = self.content.get("information")
        return found

    @property
    def last_reply(self) -> "Reply | None":
        return next(reversed(self.replies.all()), None)

    @property
    def known_as(self) -> str:
        """The number that the authority gave last."""
        given = (reply.reference for reply in reversed(self.replies.all()) if reply.reference)
        return next(given, self.reference)


class Reply(models.Model):
    """What the authority answered to what was sent, and the number it gave. The last counts."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="replies")
    text = models.TextField(_("the authority's answer"))
    reference = models.CharField(_("the authority's number"), max_length=300, blank=True)
    at = models.DateTimeField(_("at"))
    by = models.CharField(_("by"), max_length=40)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("the authority's answer")

    def __str__(self) -> str:
        return f"{self.submission_id} {self.at}"


class Wording(models.Model):
    """How somebody wants a field of a step's report; the newest row of a field counts.

    `text` stands instead of what the case gives if `own_words`. `drawn` is what the case gave
    then, so that it shows when the case has changed since.
    """

    event = models.ForeignKey(Event, models.PROTECT, related_name="wordings")
    entity = models.ForeignKey(Entity, models.PROTECT, related_name="+")
    regime = models.CharField(_("regime"), max_length=60)
    step = models.CharField(_("step"), max_length=60)
    field = models.CharField(_("field"), max_length=60)
    own_words = models.BooleanField(_("own words"))
    text = models.TextField(_("our words"), blank=True)
    later = models.BooleanField(_("follows later"))
    secrecy = models.CharField(_("secrecy"), max_length=200, blank=True)
    drawn = models.TextField(_("what the case said"), blank=True)
    at = models.DateTimeField(_("at"))
    by = models.CharField(_("by"), max_length=40)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("wording of a field")
        indexes: ClassVar = [models.Index(fields=["event", "id"], name="wordings_of_event")]

    def __str__(self) -> str:
        return f"{self.event_id} {self.field}"


class SisterReport(models.Model):
    """Another actor's report of the same event to an authority, told of in ours (S3-25)."""

    event = models.ForeignKey(Event, models.PROTECT, related_name="sister_reports")
    actor = models.CharField(_("who reported"), max_length=200)
    regime = models.CharField(_("by which law"), max_length=60, blank=True)
    recipient = models.CharField(_("to whom"), max_length=200, blank=True)
    reference = models.CharField(_("number of the report"), max_length=200, blank=True)
    reported_on = models.DateField(_("reported on"), null=True, blank=True)
    entity = models.ForeignKey(
        Entity, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("one of our legal entities"),
    )  # fmt: skip
    supplier = models.ForeignKey(
        Supplier, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("one of our suppliers"),
    )  # fmt: skip
    at = models.DateTimeField(_("at"))
    by = models.CharField(_("by"), max_length=40)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("report by somebody else")

    def __str__(self) -> str:
        return f"{self.event_id} {self.actor}"
