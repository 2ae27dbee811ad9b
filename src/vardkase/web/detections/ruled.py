"""The rules of alarms in the reader's words: their names, and what each one asks for."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vardkase.detections.models import Detection
from vardkase.policy.parameter import parameter
from vardkase.web.words import local
from vardkase.workflow.detect import BY_HAND, WATCHED


def name(code: str, at: datetime) -> str:
    """What let an alarm into a case: a rule of policy as it stood then, or a person."""
    if code == BY_HAND:
        return _("by hand")
    if code == WATCHED:
        return _("heightened monitoring")
    rules = parameter("detections.raising").at(at).value["rules"]
    return next((local(row) for row in rules if row["code"] == code), code)


def conditions(rule: Mapping[str, Any]) -> list[str]:
    """What must hold, all of it, for the rule to fit."""
    found = [_("severity at least %s") % Detection.Severity(rule["severity"]).label]
    if rule.get("essential"):
        found.append(_("it is about something essential to society"))
    if rule.get("first"):
        found.append(_("it was never seen before"))
    if rule.get("count"):
        hours = rule.get("hours", 1)
        many = ngettext(
            "at least %(n)d alarms within %(hours)d hour",
            "at least %(n)d alarms within %(hours)d hours",
            hours,
        )
        found.append(many % {"n": rule["count"], "hours": hours})
    if rule.get("above_normal"):
        found.append(_("at least %d times as many as in a usual hour") % rule["above_normal"])
    return found
