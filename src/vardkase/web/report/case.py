"""One's own report as its reporter sees it: where it stands, what was said, and what he adds."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vardkase.access.actor import Actor
from vardkase.events import queries
from vardkase.events.models import Event
from vardkase.events.rules import Answers
from vardkase.lib.files import Received
from vardkase.policy.parameter import parameter
from vardkase.web.caller import caller
from vardkase.web.words import local
from vardkase.workflow.rates import count_upload
from vardkase.workflow.report import NothingNew, attach, send_message, supplement

from .fields import text
from .forms import MoreForm
from .shown import ADDITION, topics


class MessageForm(forms.Form):
    unmarked = True
    text = text(label=gettext_lazy("Your message"), required=False)

    def clean_text(self) -> str:
        written: str = self.cleaned_data["text"]
        if self.data.get("do") == "message" and not written.strip():
            raise forms.ValidationError(_("Write your message."))
        return written


@dataclass(slots=True)
class Done:
    """What came of the form on the page of a case: a word of thanks, or its parts with faults."""

    thanks: str = ""
    message: MessageForm | None = None
    more: MoreForm | None = None

    @property
    def status(self) -> int:
        return 200 if self.thanks or not (self.message or self.more) else 422


def act(request: HttpRequest, event: Event, by: Actor, at: datetime) -> Done:
    """What the pressed button asks for; raises `TooOften` and `OSError`."""
    match request.POST.get("do", ""):
        case "message" | "more":
            return add(request, event, by, at)
        case "erase":
            asked = _("The reporter asks that personal data in the text is removed.")
            say(event, asked, by=by, at=at)
            return Done(_("We have got your request and will look at it."))
    return Done()


def written(request: HttpRequest, event: Event, at: datetime) -> tuple[MessageForm, MoreForm]:
    """The two parts of the page's one form, as they were sent."""
    more = MoreForm(request.POST, request.FILES, at=at, known=known_of(event))
    return MessageForm(request.POST), more


def add(request: HttpRequest, event: Event, by: Actor, at: datetime) -> Done:
    """Both parts, whichever button was pressed: nothing written is left behind."""
    message, form = written(request, event, at)
    count_upload(caller(request), form.new_bytes())
    if not all([message.is_valid(), form.is_valid()]):
        form.hold_files()
        return Done(message=message, more=form)
    form.refuse_unstored()
    contact, files = form.cleaned_data.get("contact", ""), form.cleaned_data.get("files", [])
    new = store(event, form.answers(), contact, files, by=by, at=at)
    if (words := message.cleaned_data["text"]).strip():
        say(event, words, by=by, at=at)
        return Done(_("Your message has been sent."))
    if new:
        return Done(_("Thank you. What you added is saved."))
    return Done(_("There was nothing new in what you sent. What you told before is saved."))


def say(event: Event, words: str, *, by: Actor, at: datetime) -> None:
    with suppress(NothingNew):
        send_message(event, words, by=by, at=at)


def store(
    event: Event, answers: Answers, contact: str, files: Sequence[Received], *, by: Actor,
    at: datetime,
) -> bool:  # fmt: skip
    """Add answers and files; whether any of it was new."""
    new = False
    with suppress(NothingNew):
        supplement(event, answers, contact=contact, by=by, at=at)
        new = True
    with suppress(NothingNew):
        attach(event, files, by=by, at=at)
        new = True
    return new


def page(event: Event, done: Done, at: datetime) -> dict[str, Any]:
    """What the page of the reporter's own case shows."""
    letters = list(queries.messages(event))
    status = parameter("status_words").at(at).value[event.state]
    return {
        "event": event,
        "status": local(status),
        "description": local(status, "description"),
        "topics": topics(event),
        "letters": letters,
        "asked": bool(letters) and not letters[-1].from_reporter,
        "attachments": queries.attachments(event),
        "done": done,
        "message_form": done.message or MessageForm(),
        "more_form": done.more or MoreForm(at=at, known=known_of(event)),
    }


def known_of(event: Event) -> Answers:
    """What was answered, and who answered: some questions follow from that too."""
    said = queries.answers(event)
    said.pop(ADDITION, None)
    return said | {"reporter_kind": [event.reporter_kind]}
