"""What is told whom of a case: texts for each audience, who approved them, how they left; and to
whom the lead was handed over.

Nothing is overwritten: a new text is a version, a new word on it a verdict.
"""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from vardkase.events.models import Event
from vardkase.organisation.models import Person

from .sealed import SealedField


class Bulletin(models.Model):
    """What one audience is told in a case, at one of its milestones or at another time.

    `audience` and `milestone` are codes of policy `communication`; without a milestone it was
    written because somebody saw the need.
    """

    event = models.ForeignKey(Event, models.PROTECT, related_name="bulletins")
    audience = models.CharField(_("to whom"), max_length=40)
    milestone = models.CharField(_("when"), max_length=20, blank=True)
    at = models.DateTimeField(_("at"))
    by = models.CharField(_("by"), max_length=40)

    class Meta:
        ordering = ["event", "pk"]
        verbose_name = _("information")

    def __str__(self) -> str:
        return f"{self.event_id} {self.audience}"


class Version(models.Model):
    """The text of a bulletin as somebody wrote it. The last one counts."""

    bulletin = models.ForeignKey(Bulletin, models.PROTECT, related_name="versions")
    heading = models.CharField(_("heading"), max_length=200)
    text = models.TextField(_("text"))
    at = models.DateTimeField(_("at"))
    by = models.CharField(_("by"), max_length=40)

    class Meta:
        ordering = ["bulletin", "pk"]
        verbose_name = _("text of information")

    def __str__(self) -> str:
        return f"{self.bulletin_id} {self.pk}"


class Verdict(models.Model):
    """A media contact's word on a version: it may leave, or what is to be changed first.

    `reason` says what to change, or why he approved what he had written himself.
    """

    version = models.ForeignKey(Version, models.PROTECT, related_name="verdicts")
    approved = models.BooleanField(_("approved"))
    reason = models.CharField(_("reason"), max_length=1000, blank=True)
    at = models.DateTimeField(_("at"))
    by = models.CharField(_("by"), max_length=40)

    class Meta:
        ordering = ["version", "pk"]
        verbose_name = _("verdict on a text")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="sent_back_with_a_reason",
                condition=models.Q(approved=True) | ~models.Q(reason=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.approved}"


class Dispatch(models.Model):
    """A version that left the house: when, by which way, to whom, to how many.

    `unapproved_because` says why it left without the approval that it should have had.
    """

    version = models.ForeignKey(Version, models.PROTECT, related_name="dispatches")
    sent_at = models.DateTimeField(_("sent at"))
    channel = models.CharField(_("by which way"), max_length=200)
    recipients = models.CharField(_("to whom"), max_length=300, blank=True)
    number = models.PositiveIntegerField(_("how many"), null=True)
    unapproved_because = models.CharField(_("why without approval"), max_length=500, blank=True)
    at = models.DateTimeField(_("recorded at"))
    by = models.CharField(_("recorded by"), max_length=40)

    class Meta:
        ordering = ["sent_at", "pk"]
        verbose_name = _("information sent")

    def __str__(self) -> str:
        return f"{self.version_id} {self.channel}"


class Waiver(models.Model):
    """Why an audience need not be told at a milestone, though policy proposes it."""

    event = models.ForeignKey(Event, models.PROTECT, related_name="waivers")
    milestone = models.CharField(_("when"), max_length=20)
    audience = models.CharField(_("to whom"), max_length=40)
    reason = models.CharField(_("reason"), max_length=1000)
    at = models.DateTimeField(_("at"))
    by = models.CharField(_("by"), max_length=40)

    class Meta:
        ordering = ["event", "pk"]
        verbose_name = _("information not needed")

    def __str__(self) -> str:
        return f"{self.event_id} {self.milestone} {self.audience}"


class Handover(models.Model):
    """The lead of a case, offered to the crisis organisation or back; it passes when it is taken.

    `entries` is how long the case's log was, `frozen` what stood in the case then
    (`workflow.frozen`). One that was not taken ends when another is made.
    """

    event = models.ForeignKey(Event, models.PROTECT, related_name="handovers")
    to_crisis = models.BooleanField(_("to the crisis organisation"))
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=_("offered to")
    )
    state = models.TextField(_("how the case stands"))
    entries = models.PositiveIntegerField()
    frozen = models.JSONField(_("what was known and decided then"), default=dict)
    at = models.DateTimeField(_("at"))
    by = models.CharField(_("by"), max_length=40)
    taken_at = models.DateTimeField(_("taken at"), null=True)
    taken_by = models.CharField(_("taken by"), max_length=40, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)

    class Meta:
        ordering = ["event", "pk"]
        verbose_name = _("handover of the lead")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["event"], condition=models.Q(taken_at=None, ended_at=None),
                name="one_handover_waits",
            ),
            models.CheckConstraint(
                name="taken_by_somebody",
                condition=models.Q(taken_at=None, taken_by="")
                | models.Q(taken_at__isnull=False) & ~models.Q(taken_by=""),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.event_id} {self.at}"


class Package(models.Model):
    """What the data protection officer was handed: a report's fields as they stood then."""

    event = models.ForeignKey(Event, models.PROTECT, related_name="packages")
    content = models.JSONField(_("content"))
    digest = models.CharField(_("SHA-256 of the content"), max_length=64)
    at = models.DateTimeField(_("at"))
    by = models.CharField(_("by"), max_length=40)

    class Meta:
        ordering = ["event", "pk"]
        verbose_name = _("material to the data protection officer")

    def __str__(self) -> str:
        return f"{self.event_id} {self.at}"


class Receipt(models.Model):
    """One to whom a package was handed, and when he had it."""

    package = models.ForeignKey(Package, models.PROTECT, related_name="receipts")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    received_at = models.DateTimeField(_("had it at"), null=True)

    class Meta:
        ordering = ["package", "pk"]
        verbose_name = _("receipt of a package")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["package", "person"], name="a_package_is_handed_once_to_each"
            )
        ]

    def __str__(self) -> str:
        return f"{self.package_id} {self.person_id}"


class Opinion(models.Model):
    """What the data protection officer himself thinks, kept beside what was decided."""

    event = models.ForeignKey(Event, models.PROTECT, related_name="opinions")
    text = models.TextField(_("opinion"))
    at = models.DateTimeField(_("at"))
    by = models.CharField(_("by"), max_length=40)

    class Meta:
        ordering = ["event", "pk"]
        verbose_name = _("opinion of the data protection officer")

    def __str__(self) -> str:
        return f"{self.event_id} {self.at}"


class Affected(models.Model):
    """One who is told personally: a data subject, a recipient of a service. Need to know.

    Who it is stands sealed in the database. A protected identity is never reached by the usual
    ways, only by `safe_way`. Erased when it is needed no longer: then the row stands for one in
    the totals, and names nobody.
    """

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("Not contacted")
        SENT = "sent", _("Sent")
        RETURNED = "returned", _("Returned")
        REACHED = "reached", _("Reached")

    event = models.ForeignKey(Event, models.PROTECT, related_name="affected")
    audience = models.CharField(_("to whom"), max_length=40)
    name = SealedField(_("name"), max_length=200, blank=True)
    address = SealedField(_("address"), max_length=300, blank=True)
    protected = models.BooleanField(_("protected identity"), default=False)
    safe_way = SealedField(_("safe way"), max_length=200, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.WAITING)
    at = models.DateTimeField(_("at"))
    by = models.CharField(_("by"), max_length=40)
    erased_at = models.DateTimeField(_("erased at"), null=True)

    class Meta:
        ordering = ["event", "pk"]
        verbose_name = _("person affected")
        indexes: ClassVar = [models.Index(fields=["event", "outcome", "id"], name="affected_of")]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="who_is_erased_has_no_name",
                condition=models.Q(erased_at=None) | models.Q(name="", address="", safe_way=""),
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Contact(models.Model):
    """One try to reach somebody affected: by which way, how it went, what proves it."""

    affected = models.ForeignKey(Affected, models.PROTECT, related_name="contacts")
    channel = models.CharField(_("way"), max_length=20)
    outcome = models.CharField(max_length=10, choices=Affected.Outcome)
    proof = models.CharField(_("proof"), max_length=300, blank=True)
    at = models.DateTimeField(_("at"))
    by = models.CharField(_("by"), max_length=40)

    class Meta:
        ordering = ["affected", "pk"]
        verbose_name = _("contact with somebody affected")

    def __str__(self) -> str:
        return str(self.pk)


class Tally(models.Model):
    """How many are affected, where no list is kept. The last of an audience counts."""

    event = models.ForeignKey(Event, models.PROTECT, related_name="tallies")
    audience = models.CharField(_("to whom"), max_length=40)
    number = models.PositiveIntegerField(_("how many"))
    at = models.DateTimeField(_("at"))
    by = models.CharField(_("by"), max_length=40)

    class Meta:
        ordering = ["event", "pk"]
        verbose_name = _("number of people affected")

    def __str__(self) -> str:
        return f"{self.event_id} {self.number}"
