"""The ways to reach people, and the outbox: what is to be told, and by which way it left."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from vardkase.organisation.models import Person, Team

KINDS = {  # of notices, in words
    "alarm": gettext_noop("Alarm"),
    "passed_on": gettext_noop("Alarm, passed on"),
    "reminder": gettext_noop("Reminder of a deadline"),
    "request": gettext_noop("To confirm"),
    "handover": gettext_noop("Take over the lead"),
    "handed_back": gettext_noop("Take the lead back"),
    "package": gettext_noop("Material on personal data"),
    "to_approve": gettext_noop("Text to approve"),
    "approved": gettext_noop("Text approved"),
    "returned": gettext_noop("Text to change"),
    "late": gettext_noop("A deadline has passed"),
    "at_once": gettext_noop("To be reported at once"),
    "source_overdue": gettext_noop("A source has not been checked in time"),
    "watch_ends": gettext_noop("Heightened monitoring ends soon"),
    "test": gettext_noop("Test"),
}


class Channel(models.Model):
    """One way to reach a person or a team. It ends; it is never deleted.

    `address` is an e-mail address, a telephone number, what a browser gave (`push`), or the
    address of a service as Apprise writes it. It may hold a secret, so it is sealed with the
    instance's key (`sealing`).
    """

    class Kind(models.TextChoices):
        EMAIL = "email", _("E-mail")
        SMS = "sms", _("Text message")
        PUSH = "push", _("Notice in a browser")
        TEAMS = "teams", "Microsoft Teams"
        SLACK = "slack", "Slack"
        MATTERMOST = "mattermost", "Mattermost"
        MATRIX = "matrix", "Matrix"
        NTFY = "ntfy", "ntfy"

    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="channels"
    )
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="channels")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    address = models.TextField()  # sealed: nobody is shown it
    place = models.PositiveSmallIntegerField(_("order"), default=1)  # 1 is tried first
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)
    since = models.DateTimeField(_("from"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    worked_at = models.DateTimeField(_("last sent"), null=True, blank=True)
    failed_at = models.DateTimeField(_("last failed"), null=True, blank=True)
    fault = models.CharField(_("fault"), max_length=300, blank=True)

    class Meta:
        ordering = ["place", "pk"]
        verbose_name = _("channel")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="a_channel_is_a_persons_or_a_teams",
                condition=Q(person=None, team__isnull=False) | Q(person__isnull=False, team=None),
            ),
            models.CheckConstraint(
                name="quiet_hours_have_both_ends",
                condition=Q(quiet_from=None, quiet_until=None)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.kind}"


class Notice(models.Model):
    """What one person is told of one case: number, priority, deadline and link, nothing else.

    `once` names the occasion: the same occasion is never told the same person twice.
    `loud` breaks quiet hours. A `discreet` one goes by no service that others read.
    `answer_by` is when the next in line is told, unless somebody has seen it.
    """

    once = models.CharField(max_length=160, unique=True)
    kind = models.CharField(_("kind"), max_length=40)  # a code of policy `delivery.notices`
    case = models.CharField(_("case number"), max_length=20, blank=True)
    priority = models.PositiveSmallIntegerField(_("priority"), null=True)
    deadline = models.DateTimeField(_("deadline"), null=True)
    path = models.CharField(_("page"), max_length=200)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="notices")
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="notices")
    loud = models.BooleanField(_("breaks quiet hours"), default=False)
    discreet = models.BooleanField(_("not by services that others read"), default=False)
    digest = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001  of its link
    at = models.DateTimeField(_("at"))
    answer_by = models.DateTimeField(_("to be seen by"), null=True)
    passed_on_at = models.DateTimeField(_("next in line told at"), null=True)
    seen_at = models.DateTimeField(_("seen at"), null=True)
    seen_by = models.CharField(_("seen by"), max_length=40, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("notice")
        indexes: ClassVar = [
            models.Index(fields=["case", "at"], name="notice_by_case"),
            models.Index(
                fields=["answer_by"], name="notice_unseen",
                condition=Q(seen_at=None, passed_on_at=None, answer_by__isnull=False),
            ),
            models.Index(fields=["person", "-at"], name="notice_by_person"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} {self.case}"

    @property
    def to(self) -> str:
        """Who is told."""
        return str(self.person or self.team or "")


class Sending(models.Model):
    """One notice by one channel, until it has left or nobody can send it any more.

    Without a channel it goes by mail to the person's own address.
    """

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="sendings")
    channel = models.ForeignKey(Channel, models.PROTECT, null=True, related_name="sendings")
    due_at = models.DateTimeField(_("to be sent at"))
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    ended_at = models.DateTimeField(_("given up at"), null=True)
    fault = models.CharField(_("fault"), max_length=300, blank=True)

    class Meta:
        ordering = ["due_at", "pk"]
        verbose_name = _("sending")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["notice", "channel"], nulls_distinct=False, name="once_by_a_channel"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"], condition=Q(sent_at=None, ended_at=None), name="sending_due"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.channel_id}"


class Feed(models.Model):
    """A person's calendar address: whoever has it sees numbers and times, and no more."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="feeds")
    digest = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField(_("at"))
    ended_at = models.DateTimeField(_("ended at"), null=True)

    class Meta:
        verbose_name = _("calendar address")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(ended_at=None), name="one_feed_a_person"
            ),
        ]

    def __str__(self) -> str:
        return str(self.person_id)
