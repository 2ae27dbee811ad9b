"""Who delivers to us, and whom to call there."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vardkase.lib.sorting import swedish_order
from vardkase.organisation.models import Person


class Supplier(models.Model):
    """A company that runs or handles something of ours, with its single point of contact."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    sort_key = swedish_order()
    contact = models.CharField(_("single point of contact"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    deputy = models.CharField(_("deputy"), max_length=200, blank=True)
    deputy_phone = models.CharField(_("deputy's phone"), max_length=40, blank=True)
    around_the_clock = models.BooleanField(_("reached around the clock"), default=False)
    on_call_phone = models.CharField(_("on-call number"), max_length=40, blank=True)
    routine = models.TextField(_("how we communicate"), blank=True)
    verified_on = models.DateField(_("contact last confirmed"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta:
        ordering = ["sort_key", "pk"]
        verbose_name = _("supplier")
        indexes = [models.Index(fields=["sort_key", "id"], name="supplier_by_name")]

    def __str__(self) -> str:
        return self.name


class SupplierPerson(models.Model):
    """An account that speaks for a supplier: what it reports is about that supplier's services."""

    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="people")
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="suppliers", verbose_name=_("person")
    )
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        ordering = ["supplier", "pk"]
        verbose_name = _("supplier's account")
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(ended_at=None),
                name="speaks_for_one_supplier",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.supplier_id} {self.person_id}"
