"""The decision log: what was decided, when, by whom, on what ground. Rows are only ever added."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Chain(models.Model):
    """The log of one case, or of one room. Number and hash of its last entry stand here, so that
    an end cut off shows too; its row lock is what serialises the changes of a case."""

    key = models.CharField(_("case or room"), max_length=40, unique=True)
    length = models.PositiveIntegerField(_("entries"), default=0)
    head = models.CharField(_("hash of the last entry"), max_length=64)

    class Meta:
        verbose_name = _("chain of log entries")

    def __str__(self) -> str:
        return self.key


class Entry(models.Model):
    """One decision. `digest` covers the row and the digest before it, so a changed row shows.

    `at` is the moment it speaks of, which may lie before the entry above it (a call of last night
    typed in today); `written_at` is our own clock when the row was written. The row holds no free
    text, only `commitment`, an HMAC of the payload under the payload's salt: the payload can be
    encrypted or lawfully erased without changing any hash.
    """

    chain = models.CharField(_("case or room"), max_length=40)
    place = models.PositiveIntegerField(_("place in the chain, from 1"))
    at = models.DateTimeField(_("at"))
    written_at = models.DateTimeField(_("written at"))
    by = models.CharField(_("by"), max_length=40)
    kind = models.CharField(_("kind of decision"), max_length=60)
    commitment = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["chain", "place"]
        verbose_name = _("decision log entry")
        constraints = [
            models.UniqueConstraint(fields=["chain", "place"], name="one_entry_a_place"),
        ]

    def __str__(self) -> str:
        return f"{self.chain} {self.place} {self.kind}"


class Payload(models.Model):
    """What an entry says: facts and grounds as canonical JSON, with the salt of its commitment."""

    entry = models.OneToOneField(
        Entry, models.PROTECT, primary_key=True, related_name="payload", verbose_name=_("entry")
    )
    salt = models.CharField(max_length=64)
    content = models.TextField(_("content"))

    class Meta:
        verbose_name = _("content of a log entry")

    def __str__(self) -> str:
        return str(self.entry_id)


class Fresh(models.Model):
    """An entry that the clocks of its case have not been planned by yet. Written with the entry,
    gone when they have: so that whoever plans reads what is new, and not every open case."""

    entry = models.OneToOneField(  # entries are never deleted: nothing need be checked
        Entry, models.PROTECT, primary_key=True, related_name="+", db_constraint=False
    )

    class Meta:
        verbose_name = _("log entry to plan by")

    def __str__(self) -> str:
        return str(self.entry_id)


class Request(models.Model):
    """A decision that waits for a second person; it takes effect when he confirms it.

    `terms` says in canonical JSON what will be done, `digest` is its SHA-256: the log holds it
    from the day it was asked, so that what is done is what was confirmed.
    """

    class Answer(models.TextChoices):
        CONFIRMED = "confirmed", _("Confirmed")
        DECLINED = "declined", _("Declined")

    kind = models.CharField(_("kind of decision"), max_length=60)
    chain = models.CharField(_("case or room"), max_length=40)
    unit = models.CharField(_("path of the unit"), max_length=200)
    about = models.BigIntegerField(_("the person it is about"), null=True)
    terms = models.TextField(_("what will be done"))
    digest = models.CharField(max_length=64)
    asked_by = models.CharField(_("asked by"), max_length=40)
    asked_at = models.DateTimeField(_("asked at"))
    until = models.DateTimeField(_("open until"))
    answer = models.CharField(_("answer"), max_length=20, choices=Answer, blank=True)
    answered_by = models.CharField(_("answered by"), max_length=40, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        verbose_name = _("request for a second person")
        constraints = [
            models.CheckConstraint(
                name="an_answer_has_its_time_and_its_person",
                condition=models.Q(answer="", answered_by="", answered_at=None)
                | (~models.Q(answer="") & ~models.Q(answered_by="") & ~models.Q(answered_at=None)),
            ),
            models.CheckConstraint(
                name="who_confirms_his_own_request_says_why",
                condition=~models.Q(answer="confirmed", answered_by=models.F("asked_by"))
                | ~models.Q(reason=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["until"], condition=models.Q(answer=""), name="request_that_waits"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.kind}"

    @property
    def alone(self) -> bool:
        """Whether the one who asked confirmed it too, there being nobody else."""
        return self.answer == self.Answer.CONFIRMED and self.answered_by == self.asked_by
