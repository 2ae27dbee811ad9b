"""What a refusal in step 2 says to people: which sentence belongs to which code."""

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from .rules import Fault

FAULTS = {
    "give_reason": _("Give a reason for the decision."),
    "give_override_reason": _("Say why you set the priority by hand."),
    "choose_cell": _("Choose a cell in the matrix: impact and urgency, 4 (highest) to 1."),
    "choose_priority": _("Choose a priority from 1 to 5."),
    "choose_outcome": _("Choose confirmed incident, possible incident or not an incident."),
    "choose_category": _("Choose one of the categories, and an example that belongs to it."),
    "choose_effect": _("Choose none, suspected or confirmed for each aspect."),
    "choose_criterion": _("Choose criteria that stand in the scales."),
    "below_criterion": _(
        "You ticked “%(criterion)s”. Raise the level, take the tick away, or set the priority by"
        " hand and say why."
    ),
}
REFUSALS = {
    "merged": _("The event is merged with another. Undo the merge first."),
    "closed": _("The case is closed. Open it again first."),
    "itself": _("An event cannot be merged with itself. Choose another case."),
    "into_merged": _("That case is itself merged with another. Choose the one it belongs to."),
    "sealed_apart": _("One of the cases is sealed and the other is not. They cannot be merged."),
    "merged_before": _("The event is already merged with that case."),
    "unmerged_before": _("Somebody has already undone that merge."),
    "due_passed": _("The time has passed. Choose a later one."),
    "due_too_far": _("Choose a time within a year."),
    "nobody_can_answer": _(
        "Nobody there can read the case and answer. Choose somebody with a role in case work and"
        " clearance for its labels."
    ),
    "answered_before": _("The question has already been answered."),
}


def fault(found: Fault) -> str:
    """The sentence of a fault, in the reader's language."""
    sentence = str(FAULTS[found.code])
    if found.criterion is None:
        return sentence
    words = found.criterion.en if get_language() == "en" else found.criterion.sv
    return sentence % {"criterion": words.rstrip(".")}


def refusal(code: str) -> str:
    return str(REFUSALS[code])
