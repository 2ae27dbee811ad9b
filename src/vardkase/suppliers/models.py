"""Who delivers to us, and whom to call there."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Supplier(models.Model):
    """A company that runs or handles something of ours, with its single point of contact."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    contact = models.CharField(_("single point of contact"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    around_the_clock = models.BooleanField(_("reached around the clock"), default=False)
    routine = models.TextField(_("how we communicate"), blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("supplier")

    def __str__(self) -> str:
        return self.name
