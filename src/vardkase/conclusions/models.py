"""Step 4: what we learnt. The last conclusion counts; the ones before stay."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vardkase.incidents.models import Incident


class Conclusion(models.Model):
    """The review of one incident: why, how, what harm, and what we do differently."""

    class Cause(models.TextChoices):
        NEGLIGENCE = "negligence", _("Negligence")
        CRIME = "crime", _("Crime")
        FAULT = "fault", _("Technical fault")
        WAY_OF_WORKING = "way_of_working", _("Way of working")
        OUTSIDE = "outside", _("Outside our control")
        UNKNOWN = "unknown", _("Not known")

    class Answer(models.TextChoices):
        """Whether data reached the unauthorised, or was altered (s. 12); empty is unanswered."""

        YES = "yes", _("Yes")
        NO = "no", _("No")
        UNKNOWN = "unknown", _("It cannot be found out")

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="conclusions")
    cause_kind = models.CharField(_("kind of cause"), max_length=20, choices=Cause)
    cause = models.TextField(_("cause"))
    course = models.TextField(_("course of events"))
    direct_harm = models.TextField(_("direct harm"), blank=True)
    indirect_harm = models.TextField(_("indirect harm"), blank=True)
    disclosed = models.CharField(
        _("data reached the unauthorised"), max_length=10, choices=Answer, blank=True
    )
    altered = models.CharField(_("data was altered"), max_length=10, choices=Answer, blank=True)
    checked_how = models.TextField(_("how that was found out"), blank=True)
    lessons = models.TextField(_("lessons"))
    at = models.DateTimeField(_("at"))
    by = models.CharField(_("by"), max_length=40)

    class Meta:
        ordering = ["incident", "pk"]
        verbose_name = _("conclusion")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="an_answer_tells_how_it_was_found",
                condition=Q(disclosed="", altered="") | ~Q(checked_how=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.at}"
