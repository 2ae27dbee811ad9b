"""The log of a case put into words: what was decided, by whom, when, and what it says."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vardkase.assessment.models import Assessment
from vardkase.communication.models import Affected
from vardkase.conclusions.models import Conclusion
from vardkase.decisionlog.faults import Row
from vardkase.decisionlog.queries import PERSONS, said_in
from vardkase.detections.models import Detection
from vardkase.events.models import Event, Mark
from vardkase.incidents.models import Action
from vardkase.obligations.models import Ruling
from vardkase.policy.parameter import parameter
from vardkase.web.detections import ruled
from vardkase.web.report.shown import questions, who
from vardkase.web.words import local

from . import dutywords

DECIDING = frozenset({"assess", "decide", "close", "seal", "disclose", "report_authority"})
ALARMING = frozenset({"event.reported", "event.recorded_for_another", "incident.control_revoked"})
TEXTS = ("text", "what", "reason", "note", "lessons", "answer")  # the first of these is the body
TEXT_OF = {"event.referred": "question", "question.asked": "question"}
PLAIN = frozenset({"case.noted", "case.decided"})
BRIEF = 160  # characters of details that are shown without a click
LONG = 1500  # characters of a text of which more lies behind a link
LATE = timedelta(minutes=5)  # a longer time between moment and writing is told
MOMENTS = frozenset({"offered_at", "due_at", "reached_at", "sent_at"})
SILENT = frozenset(
    {
        "action",
        "statement",
        "referral",
        "rules",
        "override_reason",
        "once",
        "notice",
        "first",
        "information",
        "handover",
        "entries",
        "package",
        "packages",
        "lifted",
    }
)
NAMES = {
    "text": gettext_lazy("text"),
    "what": gettext_lazy("what happened"),
    "reason": gettext_lazy("reason"),
    "note": gettext_lazy("note"),
    "answers": gettext_lazy("answers"),
    "answer": gettext_lazy("answer"),
    "question": gettext_lazy("question"),
    "reporter_kind": gettext_lazy("reporter"),
    "suggested_priority": gettext_lazy("suggested priority"),
    "status": gettext_lazy("status"),
    "outcome": gettext_lazy("outcome"),
    "impact": gettext_lazy("impact"),
    "urgency": gettext_lazy("urgency"),
    "care_harm": gettext_lazy("risk of care harm"),
    "category": gettext_lazy("category"),
    "example": gettext_lazy("example of the category"),
    "effects": gettext_lazy("effects"),
    "criteria": gettext_lazy("criteria"),
    "priority": gettext_lazy("priority"),
    "override": gettext_lazy("priority set by hand"),
    "into": gettext_lazy("into"),
    "out_of": gettext_lazy("out of"),
    "report": gettext_lazy("report"),
    "state": gettext_lazy("state"),
    "to": gettext_lazy("to"),
    "due_at": gettext_lazy("due at"),
    "members": gettext_lazy("may see the case from now on"),
    "labels": gettext_lazy("labels"),
    "before": gettext_lazy("before"),
    "person": gettext_lazy("person"),
    "sealed": gettext_lazy("sealed"),
    "role": gettext_lazy("mandate as"),
    "appointment": gettext_lazy("special mandate"),
    "threat": gettext_lazy("threat"),
    "unwanted_event": gettext_lazy("unwanted event"),
    "vulnerability": gettext_lazy("vulnerability"),
    "consequence": gettext_lazy("consequence"),
    "asset": gettext_lazy("asset"),
    "title": gettext_lazy("what to do"),
    "kind": gettext_lazy("kind"),
    "owner": gettext_lazy("responsible"),
    "part": gettext_lazy("part in the case"),
    "reached_at": gettext_lazy("true since"),
    "cause_kind": gettext_lazy("kind of cause"),
    "cause": gettext_lazy("cause"),
    "course": gettext_lazy("course of events"),
    "direct_harm": gettext_lazy("direct harm"),
    "indirect_harm": gettext_lazy("indirect harm"),
    "disclosed": gettext_lazy("data reached the unauthorised"),
    "altered": gettext_lazy("data was altered"),
    "checked_how": gettext_lazy("how that was found out"),
    "lessons": gettext_lazy("lessons"),
    "left_open": gettext_lazy("left open"),
    "name": gettext_lazy("name"),
    "size": gettext_lazy("bytes"),
    "reference": gettext_lazy("reference"),
    "from_reporter": gettext_lazy("from the reporter"),
    "alarm": gettext_lazy("alarm"),
    "rule": gettext_lazy("rule"),
    "desk": gettext_lazy("service desk"),
    "ticket": gettext_lazy("ticket"),
    "watched": gettext_lazy("monitored more closely"),
    "source": gettext_lazy("source"),
    "severity": gettext_lazy("severity"),
    "count": gettext_lazy("count"),
    "told": gettext_lazy("told of it"),
    "unseen_by": gettext_lazy("had not seen it"),
    "entity": gettext_lazy("legal entity"),
    "regime": gettext_lazy("regime"),
    "step": gettext_lazy("step"),
    "verdict": gettext_lazy("verdict"),
    "version": gettext_lazy("version"),
    "of_authority": gettext_lazy("the authority's own view"),
    "recipient": gettext_lazy("recipient"),
    "sent_at": gettext_lazy("sent at"),
    "late": gettext_lazy("why it was late"),
    "prepared_by": gettext_lazy("prepared by"),
    "alone": gettext_lazy("why one person did both"),
    "digest": gettext_lazy("checksum of the content"),
    "clocks": gettext_lazy("clocks"),
    "audience": gettext_lazy("to whom"),
    "milestone": gettext_lazy("point in time"),
    "heading": gettext_lazy("heading"),
    "channel": gettext_lazy("way"),
    "recipients": gettext_lazy("recipients"),
    "number": gettext_lazy("how many"),
    "to_crisis": gettext_lazy("to the crisis organisation"),
    "offered_at": gettext_lazy("offered at"),
    "past": gettext_lazy("why not through the data protection officer"),
    "protected": gettext_lazy("protected identities"),
    "untold": gettext_lazy("not told"),
    "stops": gettext_lazy("clocks that stop"),
    "by_way": gettext_lazy("by which way"),
    "went": gettext_lazy("how it went"),
    "unapproved": gettext_lazy("why without approval"),
    "level": gettext_lazy("ENISA level"),
    "proposed": gettext_lazy("proposed"),
    "signer": gettext_lazy("signer"),
    "unsigned": gettext_lazy("why nobody signed"),
    "field": gettext_lazy("field"),
    "later": gettext_lazy("follows later"),
    "secrecy": gettext_lazy("secrecy"),
    "our_number": gettext_lazy("number of the decision"),
}
PLACES = {name: place for place, name in enumerate(NAMES)}


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as a page tells it; `written_at` only if it was written later than it speaks of."""

    place: int
    at: datetime
    written_at: datetime | None
    by: str
    kind: str
    words: str
    style: str  # decision, alert or nothing
    text: str
    details: list[tuple[str, str]]
    brief: str  # the details on one line, if they fit there
    grounds: list[str]
    digest: str

    @property
    def headed(self) -> bool:
        """Whether the kind is said: a note or a decision is what its text says."""
        return self.kind not in PLAIN

    @property
    def moment(self) -> str:
        """When it was, for machines."""
        return self.at.isoformat(timespec="seconds")

    @property
    def long(self) -> bool:
        return len(self.text) > LONG


def moment(microseconds: int) -> datetime:
    return datetime.fromtimestamp(0, UTC) + timedelta(microseconds=microseconds)


def lines(rows: Iterable[Row], known: dict[str, str], case: Event, at: datetime) -> list[Line]:
    """`rows` in words; `known` names their speakers."""
    kinds = parameter("decisions").at(at).value
    say = Sayer(known, case, at)
    return [line(row, kinds.get(row.kind, {}), say) for row in rows]


def line(row: Row, kind: dict[str, Any], say: "Sayer") -> Line:
    said, when, written = said_in(row), moment(row.at), moment(row.written_at)
    facts = said.get("facts", {})
    main = TEXT_OF.get(row.kind) or next((name for name in TEXTS if facts.get(name)), "")
    rest = {k: v for k, v in facts.items() if k != main and k not in SILENT and not empty(v)}
    if "step" in rest and "regime" in rest:
        rest["step"] = dutywords.step_name(rest["step"], rest["regime"], say.case.received_at)
    details = [(say.name(name), say.value(name, rest[name])) for name in sorted(rest, key=order)]
    style = "alert" if row.kind in ALARMING else ""
    return Line(
        place=row.place,
        at=when,
        written_at=written if written - when > LATE else None,
        by=who(row.by, say.known),
        kind=row.kind,
        words=local(kind) if kind else row.kind,
        style="decision" if kind.get("action") in DECIDING else style,
        text=str(facts.get(main, "")),
        details=details,
        brief=brief(details),
        grounds=[dutywords.ground(one) for one in said.get("grounds", [])],
        digest=row.digest,
    )


def brief(details: list[tuple[str, str]]) -> str:
    told = " · ".join(f"{name}: {text}" for name, text in details)
    return told if len(told) <= BRIEF and "\n" not in told else ""


def order(name: str) -> tuple[int, str]:
    """What belongs together stands together, in the order of `NAMES`."""
    return PLACES.get(name, len(PLACES)), name


def empty(value: object) -> bool:
    return value is None or value == "" or value == [] or value == {} or value is False


class Sayer:
    """Puts the facts of entries into words."""

    def __init__(self, known: dict[str, str], case: Event, at: datetime) -> None:
        self.known, self.case, self.at = known, case, at
        self.words: dict[str, Callable[[Any], str]] = {
            "outcome": lambda v: label(Assessment.Outcome, v, label(Ruling.Outcome, v)),
            "status": lambda v: label(Mark.Status, v),
            "state": lambda v: label(Event.State, v, label(Action.State, v)),
            "kind": lambda v: label(Action.Kind, v, label(Event.Kind, v)),
            "reporter_kind": lambda v: label(Event.ReporterKind, v),
            "cause_kind": lambda v: label(Conclusion.Cause, v),
            "disclosed": lambda v: label(Conclusion.Answer, v),
            "altered": lambda v: label(Conclusion.Answer, v),
            "category": lambda v: self.coded("categories", v),
            "impact": lambda v: self.level("impact", v),
            "urgency": lambda v: self.level("urgency", v),
            "part": lambda v: self.coded("incidents.parts", v),
            "role": lambda v: self.keyed("roles", v),
            "labels": lambda v: ", ".join(self.keyed("access.labels", one) for one in v),
            "criteria": self.criteria,
            "effects": self.effects,
            "left_open": self.left_open,
            "answers": self.answers,
            "question": self.question,
            "priority": lambda v: f"P{v}",
            "suggested_priority": lambda v: f"P{v}",
            "regime": lambda v: dutywords.regime_name(v, self.case.received_at),
            "rule": lambda v: ruled.name(v, self.at),
            "severity": lambda v: label(Detection.Severity, v),
            "verdict": dutywords.verdict,
            "clocks": lambda v: "\n".join(dutywords.clock(c, self.case.received_at) for c in v),
            "stops": lambda v: ", ".join(dutywords.step(one, self.case.received_at) for one in v),
            "audience": lambda v: self.keyed("communication.audiences", v),
            "milestone": lambda v: self.coded("communication.milestones", v),
            "by_way": dutywords.way,
            "went": lambda v: label(Affected.Outcome, v),
            "prepared_by": lambda v: who(v, self.known),
        }

    def name(self, name: str) -> str:
        return capfirst(str(NAMES.get(name, name)))

    def value(self, name: str, value: Any) -> str:
        if name in PERSONS:
            return ", ".join(who(one, self.known) for one in listed(value))
        if name in MOMENTS:
            return local_time(value)
        if name in self.words:
            return self.words[name](value)
        if value is True:
            return _("Yes")
        if isinstance(value, list):
            return ", ".join(map(str, value))
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

    def row(self, id: str, code: str) -> dict[str, Any] | None:
        rows = parameter(id).at(self.at).value
        return next((row for row in rows if row["code"] == code), None)

    def coded(self, id: str, code: str) -> str:
        row = self.row(id, code)
        return local(row) if row else str(code)

    def level(self, axis: str, ordinal: object) -> str:
        rows = parameter(f"scales.{axis}").at(self.at).value
        return next((local(row) for row in rows if row["ordinal"] == ordinal), str(ordinal))

    def keyed(self, id: str, code: str) -> str:
        row = parameter(id).at(self.at).value.get(code)
        return local(row) if row else str(code)

    def criteria(self, codes: list[str]) -> str:
        asked = parameter("incidents.criteria").at(self.at).value
        words = {row["code"]: local(row) for rows in asked.values() for row in rows}
        for axis in ("impact", "urgency"):
            for level in parameter(f"scales.{axis}").at(self.at).value:
                words |= {row["code"]: local(row) for row in level["criteria"]}
        return " ".join(words.get(code, code) for code in codes)

    def effects(self, effects: Mapping[str, str]) -> str:
        classes = parameter("klassa").at(self.at).value
        return ", ".join(
            f"{local(classes[aspect]) if aspect in classes else aspect}:"
            f" {label(Assessment.Effect, effect).lower()}"
            for aspect, effect in effects.items()
        )

    def left_open(self, reasons: Mapping[str, str]) -> str:
        words = parameter("incidents.conditions").at(self.at).value
        return " ".join(
            f"{local(words[code], 'todo') if code in words else code} {why}"
            for code, why in reasons.items()
        )

    def answers(self, answers: Mapping[str, Any]) -> str:
        asked = questions(self.case.received_at)
        found = []
        for question, given in answers.items():
            row = asked.get(question, {})
            words = {one["code"]: local(one) for one in row.get("answers", [])}
            if isinstance(given, str):  # a fact that laws ask about
                found.append(dutywords.fact_answer(question, given))
                continue
            said = ", ".join(words.get(one, one) for one in given)
            found.append(f"{local(row) or question} {said}")
        return " · ".join(found)

    def question(self, question: str) -> str:
        row = questions(self.case.received_at).get(question)
        return local(row) if row else question


def listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [str(value)]


def label(choices: Any, value: object, otherwise: str = "") -> str:
    try:
        return str(choices(value).label)
    except ValueError:
        return otherwise or str(value)


def local_time(text: str) -> str:
    """A time of the log as the reader's language writes it, in Swedish time."""
    try:
        return date_format(timezone.localtime(datetime.fromisoformat(text)), "DATETIME_FORMAT")
    except ValueError:
        return text
