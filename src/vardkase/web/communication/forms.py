"""A text for an audience, the word on it, how it left, and why none was needed."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vardkase.policy.parameter import parameter
from vardkase.web.forms import MomentField
from vardkase.web.incidents.forms import ActForm, line, text
from vardkase.web.words import local
from vardkase.workflow.inform import Left, Written


def audiences(at: datetime) -> list[tuple[str, str]]:
    rows = parameter("communication.audiences").at(at).value
    return [(code, local(row)) for code, row in rows.items()]


def milestones(at: datetime) -> list[tuple[str, str]]:
    rows = parameter("communication.milestones").at(at).value
    return [(row["code"], local(row)) for row in rows]


class TextForm(ActForm):
    """The text itself, changed."""

    heading = line(_("Heading"))
    text = text(
        _("Text"), rows=10,
        help_text=_("Say what is known, what is done and when the next word comes. No names of"
                    " patients or staff, nothing of weaknesses that are still open."),
    )  # fmt: skip


class WriteForm(TextForm):
    audience = forms.ChoiceField(label=_("To whom"))
    milestone = forms.ChoiceField(
        label=_("When"), required=False,
        help_text=_("The point that it answers; none if somebody saw the need by himself."),
    )  # fmt: skip
    field_order = ("audience", "milestone", "heading", "text")

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["audience"].choices = audiences(at)  # type: ignore[attr-defined]
        self.fields["milestone"].choices = [("", "–"), *milestones(at)]  # type: ignore[attr-defined]

    def written(self) -> Written:
        return Written(**self.said("audience", "heading", "text", "milestone"))


class VerdictForm(ActForm):
    """The media contact's word."""

    word = forms.ChoiceField(
        label=_("May it leave?"), widget=forms.RadioSelect,
        choices=[("approve", _("Yes, approve it")), ("return", _("No, send it back"))],
    )  # fmt: skip
    reason = line(_("What is to be changed"), longest=1000, required=False)

    def __init__(self, *args: Any, own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if own:
            self.fields["reason"].label = _("Why you approve your own text")


class SentForm(ActForm):
    """How the text left."""

    sent_at = MomentField(label=_("Sent at"))
    channel = line(_("By which way"))
    recipients = line(_("To whom, more precisely"), longest=300, required=False)
    number = forms.IntegerField(
        label=_("How many"), required=False, min_value=0, max_value=100_000_000
    )
    unapproved_because = line(
        _("Why it left without approval"), longest=500,
        help_text=_("The media contact has not approved the text. What you write stands in the"
                    " log."),
    )  # fmt: skip

    def __init__(self, *args: Any, approved: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if approved:
            del self.fields["unapproved_because"]

    def left(self) -> Left:
        names = [name for name in Left.__slots__ if name in self.fields]
        return Left(**self.said(*names))


class CompleteForm(ActForm):
    """Nobody is left, or why the rest cannot be told."""

    reason = line(_("Why the rest cannot be told"), longest=1000)

    def __init__(self, *args: Any, left: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not left:
            self.fields["reason"].required = False
            self.fields["reason"].label = _("Note")


class WaiveForm(ActForm):
    reason = line(_("Why they need not be informed"), longest=1000)
