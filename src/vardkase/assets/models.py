"""What is of value: systems, and just as much paper, archives, people and premises."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vardkase.lib.sorting import swedish_order
from vardkase.organisation.models import Person, Unit
from vardkase.suppliers.models import Supplier


class Asset(models.Model):
    """Something of value, with the demands that its classification makes on it.

    `confidentiality`, `integrity` and `availability` are levels of policy `klassa`, 0 to 4;
    empty means not classified yet.
    """

    class Kind(models.TextChoices):
        SYSTEM = "system", _("System")
        MANUAL_PROCESS = "manual_process", _("Manual process")
        ARCHIVE = "archive", _("Archive")
        SERVICE = "service", _("Service")
        INFORMATION = "information", _("Information set")
        PEOPLE = "people", _("People and competence")
        PREMISES = "premises", _("Premises and equipment")
        INTANGIBLE = "intangible", _("Reputation and other intangible")

    name = models.CharField(_("name"), max_length=200, unique=True)
    sort_key = swedish_order()
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="assets", verbose_name=_("unit"))
    owner = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )
    supplier = models.ForeignKey(
        Supplier, models.PROTECT, null=True, blank=True, related_name="assets",
        verbose_name=_("supplier"),
    )  # fmt: skip
    confidentiality = models.PositiveSmallIntegerField(_("confidentiality"), null=True, blank=True)
    integrity = models.PositiveSmallIntegerField(_("integrity"), null=True, blank=True)
    availability = models.PositiveSmallIntegerField(_("availability"), null=True, blank=True)
    essential = models.BooleanField(_("essential to society"), default=False)
    crisis_plan = models.TextField(_("crisis plan"), blank=True)
    fallback = models.TextField(_("fallback routine"), blank=True)
    safeguards = models.TextField(_("physical protection and spare equipment"), blank=True)
    other_names = models.CharField(_("other names and hosts"), max_length=500, blank=True)
    note = models.TextField(_("note"), blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta:
        ordering = ["sort_key", "pk"]
        verbose_name = _("asset")
        indexes = [
            models.Index(fields=["sort_key", "id"], name="asset_by_name"),
            models.Index(fields=["unit", "sort_key", "id"], name="asset_by_unit"),
        ]
        constraints = [
            models.CheckConstraint(
                name="an_asset_is_classed_0_to_4",
                condition=Q(confidentiality__lte=4) & Q(integrity__lte=4) & Q(availability__lte=4),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Dependant(models.Model):
    """A unit, or somebody outside, who depends on an asset and must hear when it is hit.

    Added and ended, never deleted: an old case shows whom it should have reached.
    """

    asset = models.ForeignKey(Asset, models.PROTECT, related_name="dependants")
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit")
    )
    name = models.CharField(_("name"), max_length=200, blank=True)
    contact = models.CharField(_("contact"), max_length=200, blank=True)
    added_at = models.DateTimeField(_("added at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        ordering = ["asset", "pk"]
        verbose_name = _("dependant")
        constraints = [
            models.CheckConstraint(
                name="a_dependant_is_a_unit_or_has_a_name", condition=~Q(unit=None) | ~Q(name="")
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Responsible(models.Model):
    """Who answers for an asset in some way: a code of policy `responsibilities`, held `on` assets.

    The owner stands on the asset itself, since there is one.
    """

    asset = models.ForeignKey(Asset, models.PROTECT, related_name="responsible")
    code = models.CharField(_("responsibility"), max_length=40)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("person"))
    since = models.DateTimeField(_("from"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        ordering = ["asset", "code", "pk"]
        verbose_name = _("responsibility")
        constraints = [
            models.UniqueConstraint(
                fields=["asset", "code", "person"], condition=Q(ended_at=None),
                name="responsible_once_for_an_asset",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.asset_id} {self.code}"
