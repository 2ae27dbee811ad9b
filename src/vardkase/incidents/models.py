"""Step 3: an event that was judged a possible or confirmed incident is handled."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vardkase.assets.models import Asset
from vardkase.events.models import Event
from vardkase.organisation.models import Person


class Incident(models.Model):
    """The handling of an event; opened with the first assessment that makes it an incident."""

    event = models.OneToOneField(Event, models.PROTECT, related_name="incident")
    opened_at = models.DateTimeField(_("opened at"))
    repeats = models.ForeignKey(  # the latest earlier incident of the same cause, system, category
        Event, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("repeats"),
    )  # fmt: skip

    class Meta:
        ordering = ["-opened_at", "-pk"]
        verbose_name = _("incident")

    def __str__(self) -> str:
        return str(self.event_id)


class Milestone(models.Model):
    """A point that the handling reached, or fell back from. The last row of a kind counts."""

    class Kind(models.TextChoices):
        UNDER_CONTROL = "under_control", _("Under control")
        RESTORED = "restored", _("Function restored")
        CLOSED = "closed", _("Closed")

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="milestones")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    reached = models.BooleanField(_("reached"))  # False: revoked or reopened
    reached_at = models.DateTimeField(_("true since"))
    criteria = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    reason = models.TextField(_("on what ground"))
    left_open = models.JSONField(_("left open"), default=dict, blank=True)  # condition -> why
    at = models.DateTimeField(_("decided at"))
    by = models.CharField(_("decided by"), max_length=40)

    class Meta:
        ordering = ["incident", "pk"]
        verbose_name = _("milestone")

    def __str__(self) -> str:
        return f"{self.incident_id} {self.kind}"


class Situation(models.Model):
    """What we know right now, as somebody wrote it. The last one counts."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="situations")
    text = models.TextField(_("situation"))
    at = models.DateTimeField(_("at"))
    by = models.CharField(_("by"), max_length=40)

    class Meta:
        ordering = ["incident", "pk"]
        verbose_name = _("situation")

    def __str__(self) -> str:
        return f"{self.incident_id} {self.at}"


class Relation(models.Model):
    """The relation map of the instruction (s. 6) for one incident. The last one counts."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="relations")
    threat = models.CharField(_("threat"), max_length=200, blank=True)
    unwanted_event = models.CharField(_("unwanted event"), max_length=200, blank=True)
    vulnerability = models.CharField(_("vulnerability"), max_length=200, blank=True)
    consequence = models.CharField(_("consequence"), max_length=200, blank=True)
    at = models.DateTimeField(_("at"))
    by = models.CharField(_("by"), max_length=40)

    class Meta:
        ordering = ["incident", "pk"]
        verbose_name = _("relation map")

    def __str__(self) -> str:
        return f"{self.incident_id} {self.at}"


class Action(models.Model):
    """Something to do, by one person, before a time. Its progress is rows."""

    class Kind(models.TextChoices):
        IMMEDIATE = "immediate", _("Immediate")
        RECOVERY = "recovery", _("Recovery")
        CORRECTIVE = "corrective", _("Corrective")
        PREVENTIVE = "preventive", _("Preventive")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        DONE = "done", _("Done")
        DROPPED = "dropped", _("Dropped")

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="actions")
    title = models.CharField(_("what to do"), max_length=300)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    owner = models.ForeignKey(
        Person, models.PROTECT, related_name="actions", verbose_name=_("responsible")
    )
    due_at = models.DateTimeField(_("due at"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    at = models.DateTimeField(_("decided at"))
    by = models.CharField(_("decided by"), max_length=40)

    class Meta:
        ordering = ["incident", "pk"]
        verbose_name = _("action")
        indexes: ClassVar = [
            models.Index(
                fields=["owner", "due_at", "id"], condition=Q(state="open"), name="open_actions"
            ),
            models.Index(fields=["due_at", "id"], condition=Q(state="open"), name="actions_due"),
        ]

    def __str__(self) -> str:
        return self.title


class Watch(models.Model):
    """An asset under heightened monitoring: while its action is open and not yet due, alarms about
    the asset are joined to the case."""

    action = models.ForeignKey(Action, models.PROTECT, related_name="watches")
    asset = models.ForeignKey(
        Asset, models.PROTECT, related_name="watches", verbose_name=_("asset")
    )
    reminded = models.BooleanField(default=False)  # its owner was told that the end is near

    class Meta:
        ordering = ["pk"]
        verbose_name = _("heightened monitoring")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["action", "asset"], name="an_asset_is_watched_once"),
        ]

    def __str__(self) -> str:
        return f"{self.action_id} {self.asset_id}"


class Progress(models.Model):
    """A step of an action: a note, its end, or a new owner or time."""

    action = models.ForeignKey(Action, models.PROTECT, related_name="progress")
    state = models.CharField(_("state"), max_length=10, choices=Action.State)
    note = models.TextField(_("note"), blank=True)
    at = models.DateTimeField(_("at"))
    by = models.CharField(_("by"), max_length=40)

    class Meta:
        ordering = ["action", "pk"]
        verbose_name = _("progress of an action")

    def __str__(self) -> str:
        return f"{self.action_id} {self.state}"


class Part(models.Model):
    """The part that a person has in a case (incident manager, scribe, expert ...), for a time."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="parts")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    part = models.CharField(_("part in the case"), max_length=80)  # code of policy incidents.parts
    at = models.DateTimeField(_("at"))
    by = models.CharField(_("by"), max_length=40)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        ordering = ["incident", "pk"]
        verbose_name = _("part in a case")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["incident", "person", "part"], condition=Q(ended_at=None),
                name="a_part_is_held_once",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.person_id} {self.part}"


class Sending(models.Model):
    """The mark of a form that was taken: the same form sent again changes nothing."""

    mark = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("form taken")

    def __str__(self) -> str:
        return self.mark
