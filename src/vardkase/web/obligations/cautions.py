"""What a report that becomes public seems to hold, in words, field by field."""

from django.utils.translation import gettext_lazy as _

from vardkase.workflow.prefill import Report

HOLDS = {
    "identity_number": _("a personal identity number"),
    "password": _("a password"),
    "flaw": _("a known vulnerability"),
    "address": _("an address in a network"),
    "system": _("the name of a system that was hit"),
    "health": _("somebody's health"),
}


def told(report: Report) -> list[tuple[str, str]]:
    """Each field's label, and what it seems to hold."""
    labels = {line.field.id: report.label(line) for line in report.lines}
    return [(labels[found.field], str(HOLDS[found.holds])) for found in report.cautions]
