"""What a refusal in steps 3 and 4 says to people: which sentence belongs to which code."""

from django.utils.translation import gettext_lazy as _

REFUSALS = {
    "no_incident": _("The event is not judged an incident. Assess it first."),
    "closed": _("The case is closed. Open it again first."),
    "open": _("The case is open."),
    "merged": _("The event is merged with another. Go on in that case."),
    "future": _("The time has not come yet. Choose one that has passed."),
    "far_off": _("Choose a time within ten years."),
    "asset_closed": _("The asset is no longer in use. Choose another."),
    "cannot_work_there": _(
        "That person may not take part in the case. Choose somebody with a role in case work and"
        " clearance for its labels."
    ),
    "holds_part": _("That person has that part already."),
    "left_part": _("That person has already left the part."),
    "reached_before": _("That is decided already."),
    "not_reached": _("That is not decided, so it cannot be taken back."),
    "no_mandate": _("You may not decide in that role."),
    "unknown_part": _("Choose one of the parts in the list."),
    "unknown_criterion": _("Choose criteria that stand in the list."),
    "alone": _("Say who prepared the report, or why one person did both."),
    "no_such_entity": _("The case does not strike that entity, or it is no longer used."),
    "no_such_field": _("The report has no such field."),
    "nobody": _("There is nobody of that name or key. Say who prepared the report."),
    "late_reason": _("The deadline had passed. Say why it was late."),
    "raised_before": _("The alarm belongs to an event already. Take it out of that one first."),
    "no_such_report": _("No law wants that report of this case. See the list of duties."),
    "no_such_regime": _("There is no such regime. Choose one in the list."),
    "own_text": _("You wrote the text yourself. Say why you approve it, or let somebody else."),
    "what_to_change": _("Say what is to be changed."),
    "not_approved": _("The text is not approved. Have it approved, or say why it left without."),
    "not_sent": _("The text has not left yet. Write down that it is sent first."),
    "some_left": _("Somebody has not been told yet. Say why they cannot be, or tell them first."),
    "no_clock_waits": _("No law's clock waits for this text now. See the list of duties."),
    "unknown_audience": _("Choose one of the audiences in the list."),
    "unknown_milestone": _("Choose one of the points in time in the list."),
    "endless_watch": _("Heightened monitoring needs an end that lies ahead. Choose a time."),
    "leads_already": _("They lead the case already."),
    "nobody_in_line": _("Nobody on the roster may take the case. Name somebody, and call him."),
    "nothing_to_take": _("Nothing waits to be taken: somebody else has taken the lead."),
    "no_officer": _(
        "Nobody with the role of data protection officer may read the case. Give somebody the role."
    ),
    "nothing_to_receive": _("Nothing has been handed to you that you have not received."),
    "level_reason": _(
        "The services hit speak for a level, and a person decides it: say why, where the level is"
        " decided."
    ),
    "unsigned": _(
        "The report is approved by one of those who sign for the entity. Say who, or why nobody"
        " could."
    ),
    "goes_past": _(
        "A notification to IMY goes through the data protection officer. Let him send it, or say"
        " why it went without."
    ),
    "nobody_listed": _("Nobody is on the list for this."),
    "erased": _("The list is erased: only the numbers are left."),
    "protected_way": _(
        "A protected identity is reached by the safe way alone, and that must be written down."
        " Choose another way for the others."
    ),
    "nothing_new": _("Nothing has changed."),
    "reworded": _("The case's words have changed since it was asked for. Decline, and ask again."),
}


def refusal(code: str) -> str:
    return str(REFUSALS[code])
