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
