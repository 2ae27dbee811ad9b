"""The rules of alarms in the reader's words: their names, and what each one asks for."""

from datetime import datetime

from django.utils.translation import gettext as _

from vardkase.policy.parameter import parameter
from vardkase.web.words import local


def name(code: str, at: datetime) -> str:
    """What let an alarm into a case: a rule of policy as it stood then, or a person."""
    if code == "by_hand":
        return _("by hand")
    rules = parameter("detections.raising").at(at).value["rules"]
    return next((local(row) for row in rules if row["code"] == code), code)
