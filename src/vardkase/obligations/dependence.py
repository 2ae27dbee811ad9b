"""Which services there are for whom, and what hangs on what: faults elsewhere may be ours.

A part of `models.py`, which imports it.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vardkase.assets.models import Asset


class ServiceRole(models.Model):
    """What an entity is to a service: it provides it, or relies on somebody else's (S3-27)."""

    class Role(models.TextChoices):
        PROVIDER = "provider", _("Provides it")
        RELYING = "relying", _("Relies on it")

    entity = models.ForeignKey(
        "Entity", models.PROTECT, related_name="services", verbose_name=_("legal entity")
    )
    service = models.ForeignKey(
        Asset, models.PROTECT, related_name="roles", verbose_name=_("service")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role)
    trust = models.BooleanField(_("it is a trust service"), default=True)
    main = models.BooleanField(_("it is the main service or a part of it"), default=True)
    to_end_users = models.BooleanField(
        _("the entity itself provides such a service to end users"), default=False
    )
    at = models.DateTimeField(_("at"))
    by = models.CharField(_("by"), max_length=40)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        ordering = ["service", "pk"]
        verbose_name = _("role in a service")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["entity", "service"], condition=Q(ended_at=None), name="one_role_a_service"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entity_id} {self.service_id}"

    @property
    def reports(self) -> bool:
        """Whether a disruption of it is the entity's to report: its own, or one it offers on."""
        return self.role == self.Role.PROVIDER or self.to_end_users


class Need(models.Model):
    """That a service hangs on something else: where that fails, so does the service (S3-06)."""

    service = models.ForeignKey(
        Asset, models.PROTECT, related_name="needs", verbose_name=_("service")
    )
    on = models.ForeignKey(
        Asset, models.PROTECT, related_name="needed_by", verbose_name=_("hangs on")
    )
    at = models.DateTimeField(_("at"))
    by = models.CharField(_("by"), max_length=40)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        ordering = ["service", "pk"]
        verbose_name = _("what a service hangs on")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["service", "on"], condition=Q(ended_at=None), name="one_need_a_pair"
            ),
            models.CheckConstraint(
                name="a_service_does_not_hang_on_itself", condition=~Q(service=models.F("on"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service_id} {self.on_id}"
