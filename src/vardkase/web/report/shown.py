"""What was said about a case, put into words for a page: questions, answers, versions, marks.

`{% include "events/_statements.html" with topics=topics %}` draws what `topics` gives.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from vardkase.events.models import Event, Mark
from vardkase.events.told import Marked, Told, statements
from vardkase.organisation.queries import names
from vardkase.policy.parameter import parameter
from vardkase.web.words import local

UNSURE = "_unsure"  # after a question's id: the reporter was not sure of the answer
ADDITION = "addition"  # free text that came later; each stands for itself, none replaces another


@dataclass(frozen=True, slots=True)
class Marking:
    status: str
    label: str
    note: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Said:
    """One answer in words, with who marked it what; `mark` is the last, None if nobody has."""

    pk: int
    text: str
    mark: Marking | None

    @property
    def status(self) -> str:
        return self.mark.status if self.mark else Mark.Status.UNVERIFIED

    @property
    def label(self) -> str:
        return str(Mark.Status(self.status).label)

    @property
    def choices(self) -> list[tuple[str, str]]:
        """What it can be marked instead."""
        return [(code, str(label)) for code, label in Mark.Status.choices if code != self.status]


@dataclass(slots=True)
class Telling:
    """What somebody answered to a question at one moment."""

    at: datetime
    by: str
    said: list[Said] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(one.text for one in self.said)


@dataclass(slots=True)
class Topic:
    """A question with its newest answer first and what was said before it after."""

    question: str
    label: str
    tellings: list[Telling] = field(default_factory=list)

    @property
    def current(self) -> Telling:
        return self.tellings[0]

    @property
    def changes(self) -> list[tuple[Telling, Telling]]:
        """Each version with the one before it, newest first."""
        return list(zip(self.tellings, self.tellings[1:], strict=False))


def questions(at: datetime) -> dict[str, dict[str, Any]]:
    """The questions of the report form in force at `at`, in order."""
    return {row["id"]: row for row in parameter("report.questions").at(at).value}


def who(key: str, known: dict[str, str]) -> str:
    """What to call an actor of the log on a page."""
    fixed = {"reporter": _("the reporter"), "system": "Vårdkase"}
    return fixed.get(key) or known.get(key, key)


def topics(case: Event) -> list[Topic]:
    """All that was said of `case`, by question, in the order in which it was first said."""
    rows = statements(case)
    return told(case, rows, names(speakers(rows)))


def speakers(rows: Iterable[Told]) -> list[str]:
    """Who said and marked `rows`, as the log calls them."""
    return [key for row in rows for key in (row.by, row.mark.by if row.mark else "") if key]


def told(case: Event, rows: Iterable[Told], known: dict[str, str]) -> list[Topic]:
    """`rows` of `statements` as topics; `known` names their speakers."""
    asked, found = questions(case.received_at), dict[str, Topic]()
    for row in rows:
        place = f"{ADDITION}{row.pk}" if row.question == ADDITION else row.question
        topic = found.setdefault(place, Topic(row.question, label_of(row.question, asked)))
        add(topic, row, asked, known)
    return list(found.values())


def add(topic: Topic, row: Told, asked: dict[str, Any], known: dict[str, str]) -> None:
    if not topic.tellings or topic.current.at != row.at:
        topic.tellings.insert(0, Telling(row.at, who(row.by, known)))
    text = answer_of(row.question, row.answer, asked)
    mark = marking(row.mark, known) if row.mark else None
    topic.current.said.append(Said(row.pk, text, mark))


def marking(mark: Marked, known: dict[str, str]) -> Marking:
    label = str(Mark.Status(mark.status).label)
    return Marking(mark.status, label, mark.note, mark.at, who(mark.by, known))


def label_of(question: str, asked: dict[str, Any]) -> str:
    if question == ADDITION:
        return _("Added")
    plain = question.removesuffix(UNSURE)
    return local(asked[plain]) if plain in asked else question


def answer_of(question: str, answer: str, asked: dict[str, Any]) -> str:
    """The words of an answer's code, or the free text itself."""
    if question.endswith(UNSURE) and answer == "yes":
        return _("The reporter is unsure of this")
    answers = asked.get(question, {}).get("answers", [])
    return next((local(row) for row in answers if row["code"] == answer), answer)


def origin(topics: Iterable[Topic]) -> str:
    """Which external source, and how far it is believed: "cert.se, A2"; empty without one."""
    said = {topic.question: topic.current.text for topic in topics}
    letters = [said.get(name, "")[:1] for name in ("source_reliability", "information_credibility")]
    return ", ".join(filter(None, [said.get("external_source", ""), "".join(letters)]))
