"""The forms of step 1. Their questions are policy: the organisation may ask others."""

import errno
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _

from vardkase.events.models import Event
from vardkase.events.rules import Answers, Report
from vardkase.lib.files import Received
from vardkase.web.uploads import NOT_STORED, Upload
from vardkase.web.words import local

from . import fields
from .shown import ADDITION, UNSURE, questions

FIRST = ("what", "discovered", "discovered_time")  # above the send button
ASIDE = {"what", "files", "contact", "reporter_kind"}  # stored in the event's own columns
ONCE = 20  # characters that a mark of sending has at least; ours have 43
SOURCES = {"staff": "staff", "supplier": "external"}


class Asked:
    """A bound field with when it is asked: `after` the question, `among` its answers, in `told`
    words for those whose browser does not hide it meanwhile."""

    def __init__(self, field: BoundField, question: dict[str, Any], told: str = "") -> None:
        self.field, self.told = field, told
        when = question.get("after", {})
        self.after: str = when.get("question", "")
        self.among: list[str] = when.get("in", [])

    def follows(self, known: Answers) -> bool:
        """Whether it follows from an answer in `known`, and has none there itself."""
        given = known.get(self.after, [])
        return self.field.name not in known and any(code in given for code in self.among)


class Questions(forms.Form):
    """The questions of the policy in force at `at`, and what the answers amount to."""

    unmarked = True  # the heading above them says that they are optional

    def __init__(self, *args: Any, at: datetime, **more: Any) -> None:
        super().__init__(*args, **more)
        self.at = at
        self.questions = {q["id"]: q for q in questions(at).values() if self.asks(q)}
        for name, question in self.questions.items():
            self.fields[name] = fields.field_of(question)
            if question.get("unsure"):
                self.fields[name + UNSURE] = forms.BooleanField(
                    label=_("I am unsure of this"), required=False
                )
        tickets = self.data.getlist("held") if hasattr(self.data, "getlist") else []
        self.held, self.lost = fields.held(tickets)

    def asks(self, question: dict[str, Any]) -> bool:
        return not question.get("recorder")

    def told(self, question: dict[str, Any]) -> str:
        """After which answer a question counts."""
        when = question.get("after")
        before = self.questions.get(when["question"]) if when else None
        if not when or not before:
            return ""
        words = [local(a) for a in before["answers"] if a["code"] in when["in"]]
        return _("Only if you chose: %(answers)s.") % {"answers": ", ".join(words)}

    def asked(self, *, skip: tuple[str, ...] = ()) -> Iterator[Asked]:
        for name, question in self.questions.items():
            if name not in skip:
                yield Asked(self[name], question, self.told(question))
            if question.get("unsure"):
                yield Asked(self[name + UNSURE], question)

    @property
    def says_more(self) -> bool:
        """Whether anything was filled in, or is wrong, of what one need not answer."""
        asked = {one.field.name for one in self.asked(skip=FIRST)} | {"discovered_time"}
        if not self.is_bound:
            return False
        filled = {name for name in self.changed_data if self[name].value()}
        return bool(self.held) or not asked.isdisjoint(filled | set(self.errors))

    def answers(self) -> Answers:
        """What was answered, by question; nothing for what was left empty."""
        given = {name: self.cleaned_data.get(name) for name in self.questions if name not in ASIDE}
        for name in self.questions:
            if given.get(name) and self.cleaned_data.get(name + UNSURE):
                given[name + UNSURE] = "yes"
        rows = {name: [a] if isinstance(a, str) else list(a or []) for name, a in given.items()}
        kept = {name: [a for a in row if a.strip()] for name, row in rows.items()}
        return {name: row for name, row in kept.items() if row}

    def clean_files(self) -> list[Received]:
        if self.lost:
            raise forms.ValidationError(self.lost)
        return [*(file for _, file in self.held), *self.cleaned_data["files"]]

    def new_bytes(self) -> int:
        """The size of the files that came with this sending."""
        return sum(one.received.size for one in self.uploads() if one.received)

    def uploads(self) -> list[Upload]:
        found = self.files.getlist("files") if self.files else []
        return [one for one in found if isinstance(one, Upload)]

    def refuse_unstored(self) -> None:
        """Raises `OSError` if the disk could not take a file."""
        if any(one.fault == NOT_STORED for one in self.uploads()):
            raise OSError(errno.ENOSPC, "a file could not be stored")

    def hold_files(self) -> None:
        """Keep the files that came in whole until the form is sent again."""
        for one in self.uploads():
            if received := one.received:
                self.held.append((one.hold(received), received))


class ReportForm(Questions):
    """The report: one text is required, everything else may come later or never."""

    def __init__(self, *args: Any, staff: bool = False, records: bool = False, **more: Any) -> None:
        self.staff, self.records = staff, records
        super().__init__(*args, **more)
        self.fields["what"].error_messages["required"] = _("Write what has happened.")
        self.fields["discovered_time"] = fields.Moment(
            label=_("When was it?"), required=False, help_text=_("If you know.")
        )
        if staff:
            self.fields["nameless"] = forms.BooleanField(
                label=_("Send without my name"), required=False
            )
        if records:
            self.fields["on_behalf_of"] = fields.line(
                label=_("Whom do you report for?"), required=False,
                help_text=_("If the report came by telephone, by e-mail or on paper."),
            )  # fmt: skip
            self.fields["reported_at"] = fields.Moment(
                label=_("When did the report come in?"), required=False
            )

    def asks(self, question: dict[str, Any]) -> bool:
        return self.records or super().asks(question)

    @property
    def first(self) -> list[BoundField]:
        return [self[name] for name in FIRST if name in self.fields]

    def rest(self) -> Iterator[Asked]:
        return self.asked(skip=(*FIRST, *self.of_recorder))

    @property
    def of_recorder(self) -> list[str]:
        """Questions to whoever records for others: about an external source."""
        return [name for name, row in self.questions.items() if row.get("recorder")]

    def recorded(self) -> Iterator[Asked]:
        return (one for one in self.asked() if one.field.name in self.of_recorder)

    @property
    def is_recorded(self) -> bool:
        """Whether something was filled in of what only a recorder is asked."""
        names = (*self.of_recorder, "on_behalf_of", "reported_at")
        return any(self[name].value() or self[name].errors for name in names)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("reported_at") and not data.get("on_behalf_of"):
            self.add_error("on_behalf_of", _("Write whom the report came from."))
        came, seen = data.get("reported_at"), data.get("discovered_time")
        if came and seen and seen > came:
            self.add_error(
                "discovered_time", _("It cannot have been discovered after it was reported.")
            )
        return data

    def clean_what(self) -> str:
        what: str = self.cleaned_data["what"]
        if not what.strip():
            raise forms.ValidationError(self.fields["what"].error_messages["required"])
        return what

    def once(self) -> str:
        """The mark of this sending; a form whose mark was taken away is stored each time."""
        sent = self.data.get("once", "")
        return f"form:{sent[:100]}" if len(sent) >= ONCE else ""

    def report(self, *, unit: int | None) -> Report:
        data, answers = self.cleaned_data, self.answers()
        kind = data.get("reporter_kind") or self.reporter_kind()
        alarm, external = data.get("how") == "alarm", data.get("external_source")
        source = "external" if external else "monitoring" if alarm else SOURCES.get(kind, "user")
        return Report(
            what=data["what"],
            kind=data.get("event_kind") or Event.Kind.INCIDENT,
            source=source,
            answers=answers,
            system=data.get("system", ""),
            discovered_at=self.discovered_at(),
            reported_at=data.get("reported_at"),
            reporter_kind=kind,
            contact=data.get("contact", ""),
            on_behalf_of=data.get("on_behalf_of", ""),
            reference=data.get("supplier_reference", "")[:100],
            unit=unit,
            once=self.once(),
        )

    def reporter_kind(self) -> str:
        """Who it was, if nobody said."""
        if self.cleaned_data.get("external_source"):
            return "other"
        if self.staff and not self.cleaned_data.get("nameless"):
            return "staff"
        named = self.cleaned_data.get("contact") or self.cleaned_data.get("on_behalf_of")
        return "other" if named else "anonymous"

    def discovered_at(self) -> datetime | None:
        """The moment, where the answer tells one: "earlier today" does not."""
        data = self.cleaned_data
        if data.get("discovered_time"):
            moment: datetime = data["discovered_time"]
            return moment
        if data.get("discovered") == "just_now":
            return data.get("reported_at") or self.at
        return None


class MoreForm(Questions):
    """What a reporter adds later: free text, changed answers, files."""

    def __init__(self, *args: Any, known: Answers | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        self.known = known or {}
        several = {name for name, row in self.questions.items() if row["kind"] == "many"}
        self.initial = {q: a if q in several else a[0] for q, a in self.known.items() if a}
        self.fields[ADDITION] = fields.text(
            label=_("What do you want to add?"), required=False, rows=4
        )
        self.order_fields([ADDITION])

    def asks(self, question: dict[str, Any]) -> bool:
        known = question["id"] in {"what", "discovered", "reporter_kind"}
        return not known and super().asks(question)

    def follow_ups(self) -> list[Asked]:
        """Questions that follow from the answers known."""
        return [one for one in self.asked() if one.follows(self.known)]

    def rest(self) -> list[Asked]:
        return [one for one in self.asked() if not one.follows(self.known)]

    def answers(self) -> Answers:
        added = self.cleaned_data.get(ADDITION, "")
        return super().answers() | ({ADDITION: [added]} if added.strip() else {})
