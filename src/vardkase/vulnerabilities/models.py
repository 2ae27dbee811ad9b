"""Where vulnerabilities and threats are told of, and who looked there when (S2-027)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vardkase.organisation.models import Unit


class Source(models.Model):
    """A page, a list or a forum that somebody is to look at every so often.

    It belongs to a role in a unit, not to a person, so that it is looked at when he is away.
    `told` is how many whole intervals have gone without a check and been told of.
    """

    name = models.CharField(_("name"), max_length=200, unique=True)
    address = models.CharField(
        _("address"), max_length=500, blank=True, help_text=_("A web address, or where to look.")
    )
    kind = models.CharField(_("kind of source"), max_length=40, blank=True)
    days = models.PositiveSmallIntegerField(_("days between checks"), default=7)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    role = models.CharField(_("role that checks"), max_length=40)
    begun_at = models.DateTimeField(_("from"))
    checked_at = models.DateTimeField(_("last checked"), null=True, blank=True)
    told = models.PositiveIntegerField(default=0)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("source to check")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="a_source_is_checked_within_a_year", condition=Q(days__gte=1, days__lte=366)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def link(self) -> str:
        """Its address, if a browser goes there without harm."""
        return self.address if self.address.startswith(("https://", "http://")) else ""


class Check(models.Model):
    """Somebody looked at a source, and found something or nothing new."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="checks")
    found = models.TextField(_("what was found"), blank=True)  # empty: nothing new
    case = models.CharField(_("case number"), max_length=20, blank=True)  # what it was reported as
    at = models.DateTimeField(_("at"))
    by = models.CharField(_("by"), max_length=40)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("check of a source")

    def __str__(self) -> str:
        return f"{self.source_id} {self.at}"
