"""Step 1: something was noticed and reported."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from vardkase.access.actor import Scope
from vardkase.assets.models import Asset
from vardkase.detections.models import Detection
from vardkase.organisation.models import Person, Unit
from vardkase.suppliers.models import Supplier

LIMITS = ("labels", "conflicts", "members")  # what says who may see a case, beside its unit


class Event(models.Model):
    """An information security event, known by its case number from the first report on.

    The report itself (`what` and the times) never changes; what is learnt later is new rows.
    `state`, `priority`, `care_harm` and `category` say how the case stands now, as the last
    decision left it; the decisions are in `assessment` and in the log.
    """

    class State(models.TextChoices):
        UNASSESSED = "unassessed", _("To assess")
        WAITING = "waiting", _("Waiting for an answer")
        POSSIBLE_INCIDENT = "possible_incident", _("Possible incident")
        CONFIRMED_INCIDENT = "confirmed_incident", _("Confirmed incident")
        NOT_INCIDENT = "not_incident", _("Not an incident")
        MERGED = "merged", _("Merged")
        CLOSED = "closed", _("Closed")

    class Kind(models.TextChoices):
        INCIDENT = "incident", _("Something has happened")
        NEAR_MISS = "near_miss", _("Near miss")
        VULNERABILITY = "vulnerability", _("Weakness or vulnerability")
        ORAL_DISCLOSURE = "oral_disclosure", _("Something was said")
        PAPER_OR_MEDIA = "paper_or_media", _("Paper, media or equipment")
        OTHER = "other", _("Something else")

    class ReporterKind(models.TextChoices):
        STAFF = "staff", _("Staff")
        SUPPLIER = "supplier", _("Supplier")
        OTHER = "other", _("Patient, resident or other")
        ANONYMOUS = "anonymous", _("Anonymous")
        MACHINE = "machine", _("Alarm, automatic")

    class Source(models.TextChoices):
        """The seven kinds of source (Region Skåne, dnr 1700202, s. 7-8)."""

        MONITORING = "monitoring", _("Monitoring system")
        NETWORK_MONITORING = "network_monitoring", _("Network monitoring")
        LOG_ANALYSIS = "log_analysis", _("Log analysis")
        STAFF = "staff", _("Own staff")
        SUPPORT = "support", _("Support staff")
        USER = "user", _("User")
        EXTERNAL = "external", _("External source")

    number = models.CharField(_("case number"), max_length=20, unique=True)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.UNASSESSED)
    kind = models.CharField(_("kind of event"), max_length=20, choices=Kind, default=Kind.INCIDENT)
    source = models.CharField(_("source"), max_length=20, choices=Source, default=Source.USER)
    title = models.CharField(_("title"), max_length=200)
    what = models.TextField(_("what happened"))
    system = models.CharField(_("system, equipment or place"), max_length=300, blank=True)

    reported_at = models.DateTimeField(_("reported at"))
    received_at = models.DateTimeField(_("received at"))  # later, if a paper form was typed in
    discovered_at = models.DateTimeField(_("discovered at"), null=True, blank=True)
    happened_at = models.DateTimeField(_("happened at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    reporter_kind = models.CharField(
        _("reporter"), max_length=20, choices=ReporterKind, default=ReporterKind.ANONYMOUS
    )
    reporter = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("reporter")
    )
    contact = models.CharField(_("how to reach the reporter"), max_length=300, blank=True)
    on_behalf_of = models.CharField(_("reported for"), max_length=300, blank=True)
    supplier = models.ForeignKey(
        Supplier, models.PROTECT, null=True, blank=True, related_name="events",
        verbose_name=_("supplier"),
    )  # fmt: skip
    reference = models.CharField(_("the reporter's own reference"), max_length=100, blank=True)

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="events", verbose_name=_("unit"))
    labels = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    members = ArrayField(models.BigIntegerField(), default=list, blank=True)
    conflicts = ArrayField(models.BigIntegerField(), default=list, blank=True)
    sealed = models.BooleanField(_("sealed: national security"), default=False)

    priority = models.PositiveSmallIntegerField(_("priority"), default=5)
    care_harm = models.BooleanField(_("risk of care harm"), default=False)
    category = models.CharField(_("category"), max_length=40, blank=True)
    suggestion = models.JSONField(_("suggested assessment with reasons"), default=dict, blank=True)
    rank = models.GeneratedField(  # care harm goes before every other priority
        expression=Case(When(care_harm=True, then=Value(0)), default=Value(10)) + F("priority"),
        output_field=models.PositiveSmallIntegerField(),
        db_persist=True,
    )
    imported = models.JSONField(_("fields of the system it was imported from"), null=True)

    code_digest = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001
    once = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001
    search = models.GeneratedField(
        expression=SearchVector("title", "what", "system", config="swedish"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        ordering = ["-reported_at", "-pk"]
        verbose_name = _("information security event")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="event_is_received_after_it_is_reported",
                condition=Q(received_at__gte=F("reported_at")),
            ),
            models.CheckConstraint(
                name="event_priority_is_1_to_5", condition=Q(priority__gte=1, priority__lte=5)
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "rank", "reported_at", "id"], name="event_queue"),
            models.Index(  # the list that is opened every day: incidents that are not closed
                fields=["rank", "reported_at", "id"],
                # what it is narrowed by and counted with, so that no row is fetched for that
                include=["category", "priority", "unit", "sealed", *LIMITS],
                condition=Q(state__in=["possible_incident", "confirmed_incident"]),
                name="event_open_incidents",
            ),
            models.Index(fields=["reported_at", "id"], name="event_by_time"),
            models.Index(fields=["id"], condition=Q(imported__isnull=False), name="event_imported"),
            models.Index(fields=["state", "reported_at", "id"], name="event_state_by_time"),
            models.Index(fields=["unit", "reported_at", "id"], name="event_unit_by_time"),
            models.Index(
                fields=["category", "reported_at", "id"],
                condition=~Q(category=""),
                name="event_by_category",
            ),
            models.Index(
                fields=["category", "unit", "reported_at", "id"],
                condition=~Q(category=""),
                name="event_alike",
            ),
            models.Index(
                fields=["reporter"], condition=~Q(reporter=None), name="event_by_reporter"
            ),
            GinIndex(fields=["members"], name="event_members"),
            GinIndex(fields=["search"], name="event_search"),
            GinIndex(OpClass(Upper("title"), name="gin_trgm_ops"), name="event_title_part"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_discreet(self) -> bool:
        """Whether messages about it go by no service that others read."""
        return bool(self.labels) or self.sealed

    def scope(self) -> Scope:
        """What access asks about this case; select `unit` along."""
        return Scope(
            number=self.number,
            unit=self.unit.path,
            labels=frozenset(self.labels),
            members=frozenset(self.members),
            conflicts=frozenset(self.conflicts),
            reporter=self.reporter_id,
            sealed=self.sealed,
        )


class Ticket(models.Model):
    """A matter of a service desk that was handed over as this event; each matter once (S2-031)."""

    event = models.ForeignKey(Event, models.PROTECT, related_name="tickets")
    desk = models.CharField(_("service desk"), max_length=40)  # code in policy report.desks
    number = models.CharField(_("ticket number"), max_length=100)
    at = models.DateTimeField(_("at"))
    by = models.CharField(_("by"), max_length=40)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("ticket")
        constraints: ClassVar = [
            models.UniqueConstraint(Upper("number"), "desk", name="a_ticket_is_handed_over_once"),
        ]

    def __str__(self) -> str:
        return f"{self.desk} {self.number}"


class Statement(models.Model):
    """One thing said about an event: an answer of the report, or something added later.

    A later statement on the same `question` is its next version; none is changed.
    """

    event = models.ForeignKey(Event, models.PROTECT, related_name="statements")
    question = models.CharField(_("question"), max_length=60)  # id in policy report.questions
    answer = models.TextField(_("answer"))  # an answer's code, or free text
    at = models.DateTimeField(_("at"))
    by = models.CharField(_("by"), max_length=40)

    class Meta:
        ordering = ["event", "pk"]
        verbose_name = _("statement")

    def __str__(self) -> str:
        return f"{self.event_id} {self.question}"


class Mark(models.Model):
    """Somebody's word that a statement is verified, refuted or unverified. The last counts."""

    class Status(models.TextChoices):
        UNVERIFIED = "unverified", _("Not verified")
        VERIFIED = "verified", _("Verified")
        REFUTED = "refuted", _("Refuted")

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="marks")
    status = models.CharField(_("status"), max_length=20, choices=Status)
    note = models.CharField(_("note"), max_length=500, blank=True)
    at = models.DateTimeField(_("at"))
    by = models.CharField(_("by"), max_length=40)

    class Meta:
        ordering = ["statement", "pk"]
        verbose_name = _("verification mark")

    def __str__(self) -> str:
        return f"{self.statement_id} {self.status}"


class Message(models.Model):
    """A message between the reporter and those who handle the case."""

    event = models.ForeignKey(Event, models.PROTECT, related_name="messages")
    from_reporter = models.BooleanField(_("from the reporter"))
    text = models.TextField(_("text"))
    at = models.DateTimeField(_("at"))
    by = models.CharField(_("by"), max_length=40)

    class Meta:
        ordering = ["event", "pk"]
        verbose_name = _("message")

    def __str__(self) -> str:
        return f"{self.event_id} {self.at}"


class Attachment(models.Model):
    """A file that came with a report or later; its bytes lie in the file store under its hash."""

    event = models.ForeignKey(Event, models.PROTECT, related_name="attachments")
    name = models.CharField(_("file name"), max_length=300)
    size = models.PositiveBigIntegerField(_("bytes"))
    sha256 = models.CharField("SHA-256", max_length=64)
    at = models.DateTimeField(_("at"))
    by = models.CharField(_("by"), max_length=40)

    class Meta:
        ordering = ["event", "pk"]
        verbose_name = _("attachment")

    def __str__(self) -> str:
        return self.name


class AssetLink(models.Model):
    """An asset that an event hit or may hit. Added when it is known; ended, never deleted."""

    event = models.ForeignKey(Event, models.PROTECT, related_name="asset_links")
    asset = models.ForeignKey(Asset, models.PROTECT, related_name="event_links")
    at = models.DateTimeField(_("at"))
    by = models.CharField(_("by"), max_length=40)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        ordering = ["event", "pk"]
        verbose_name = _("affected asset")
        constraints = [
            models.UniqueConstraint(
                fields=["event", "asset"], condition=Q(ended_at=None), name="an_asset_is_hit_once"
            ),
        ]
        indexes = [models.Index(fields=["asset", "-event"], name="asset_events")]

    def __str__(self) -> str:
        return f"{self.event_id} {self.asset_id}"


class Raised(models.Model):
    """An alarm that led to an event, or joined one. Undone or ended, never deleted."""

    event = models.ForeignKey(Event, models.PROTECT, related_name="alarms")
    detection = models.ForeignKey(Detection, models.PROTECT, related_name="raised")
    rule = models.CharField(_("rule"), max_length=60)  # of policy detections.raising, or by hand
    severity = models.PositiveSmallIntegerField(_("severity"))  # as it was then
    count = models.BigIntegerField(_("count"))
    at = models.DateTimeField(_("at"))
    by = models.CharField(_("by"), max_length=40)
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)  # it led to another: this was closed

    class Meta:
        ordering = ["pk"]
        verbose_name = _("alarm of an event")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["detection"],
                condition=Q(undone_at=None, ended_at=None),
                name="an_alarm_is_in_one_event",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} {self.detection_id}"
