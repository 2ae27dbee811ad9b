"""A report filled from the case: what is missing first, what nobody has verified marked.

A field's words are facts of the case; to change a field is to answer its fact, so that every
other report that quotes it changes with it.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from vardkase.assets.models import Asset
from vardkase.decisionlog.models import Chain
from vardkase.events.models import Event, Mark
from vardkase.obligations.models import Submission, Wording
from vardkase.policy.facts import Fact, fact
from vardkase.policy.parameter import parameter
from vardkase.policy.regime import Field
from vardkase.policy.regime_files import catalogue

from . import known, police
from .acting import NotNow
from .caution import Caution, cautions
from .duties import Standing, standings
from .quoting import local, quoted

SAID = {  # facts that are drawn from what somebody reported: no surer than the report
    "incident.description": "what",
    "incident.ongoing": "ongoing",
    "incident.suspected_malicious": "intent",
    "incident.suspected_crime": "intent",
    "t.personal_data": "personal_data",
    "incident.detected_how": "how",
}
QUOTED = {"regime.eu-gdpr.kinds": "t.data_kinds"}
YES_NO = {"sv": ("Nej", "Ja"), "en": ("No", "Yes")}


@dataclass(frozen=True, slots=True)
class Line:
    """One field of a report."""

    field: Field
    text: str
    missing: tuple[str, ...]  # the facts that have no answer
    unverified: bool
    later: bool  # may follow later
    secrecy: str
    drawn: str = ""  # what the case gives
    wording: Wording | None = None  # what somebody made of it
    before: str | None = None  # as it was last sent

    @property
    def wanted(self) -> bool:
        """Missing, and not such as may follow later."""
        return not self.text and not self.later

    @property
    def changed(self) -> bool:
        """Since it was last sent."""
        return self.before is not None and self.before != self.text

    @property
    def reworded(self) -> bool:
        return self.wording is not None and self.wording.own_words

    @property
    def lifted(self) -> str:
        """The law's secrecy that two persons have taken away."""
        return "" if self.secrecy else self.field.secrecy

    @property
    def moved(self) -> bool:
        """Whether the case has changed since somebody worded the field."""
        return self.wording is not None and self.reworded and self.wording.drawn != self.drawn


@dataclass(frozen=True, slots=True)
class Report:
    """What a step's report says at a moment; `head` is the hash of the case's last log entry."""

    case: str
    standing: Standing
    step: str
    title: str
    recipient: str
    language: str
    lines: tuple[Line, ...]
    head: str
    at: datetime
    cautions: tuple[Caution, ...] = ()  # of what becomes public

    @property
    def unverified(self) -> list[str]:
        """The rows of law that it stands on and nobody has compared with their source."""
        said = self.standing.judgement
        clocks = [clock for clock in said.clocks if clock.step.id == self.step]
        grounds = [*said.sources, *(ground for clock in clocks for ground in clock.grounds)]
        return sorted({ground.ref for ground in grounds if ground.status != "verified"})

    @property
    def open(self) -> bool:
        """Whether what is sent becomes public at once."""
        edition = self.standing.judgement.edition
        return edition is not None and edition.content == "open"

    @property
    def going(self) -> tuple[Line, ...]:
        """The lines that leave the house: where all becomes public, none under secrecy."""
        return tuple(line for line in self.lines if not (self.open and line.secrecy))

    @property
    def wanted(self) -> list[Line]:
        return [line for line in self.lines if line.wanted]

    def label(self, line: Line) -> str:
        return line.field.sv if self.language == "sv" else line.field.en

    def content(self) -> dict[str, Any]:
        """As it is kept, and given to programs (docs/handbook: the schema of reports)."""
        said = self.standing.judgement
        return {
            "schema": "vardkase/report/1",
            "case": self.case,
            "entity": self.standing.entity.name,
            "regime": said.regime,
            "version": said.version,
            "step": self.step,
            "title": self.title,
            "recipient": self.recipient,
            "verdict": said.verdict,
            "made_at": self.at.isoformat(),
            "log_head": self.head,
            "fields": [
                {
                    "id": line.field.id,
                    "number": line.field.number,
                    "label": self.label(line),
                    "text": line.text,
                    "missing": list(line.missing),
                    "unverified": line.unverified,
                    "own_words": line.reworded,
                    "may_follow_later": line.later,
                    "secrecy": line.secrecy,
                }
                for line in self.going
            ],
            "unverified": self.unverified,
            "left_out": [line.field.id for line in self.lines if line not in self.going],
            "cautions": [caution._asdict() for caution in self.cautions],
        }

    def plain(self) -> str:
        """For pasting into an e-service: a heading and its text, in the form's order."""
        head = [self.title, f"{self.recipient} · {self.standing.entity.name}", ""]
        body = [
            f"{f'{line.field.number}. ' if line.field.number else ''}{self.label(line)}\n"
            f"{line.text or '–'}\n"
            for line in self.going
        ]
        return "\n".join([*head, *body])


def report(
    case: Event,
    step: str,
    *,
    at: datetime,
    language: str,
    regime: str = "",
    entity: int | None = 0,
) -> Report:
    """The report of `step`; of several regimes that have such a step, the one whose clock is the
    worst. `entity` is a row's number, 0 for any, None for us before we have a row. Raises
    `NotNow` when no law wants that report of this case."""
    for one in standings(case, at):
        matches = regime in ("", one.judgement.regime) and entity in (0, one.entity.pk)
        if matches and one.judgement.edition and not one.judgement.stops_recording:
            for wanted in one.judgement.edition.steps:
                if wanted.id == step and wanted.form:
                    return filled(case, one, step, at=at, language=language)
    raise NotNow("no_such_report")


def filled(case: Event, one: Standing, step: str, *, at: datetime, language: str) -> Report:
    edition = one.judgement.edition
    assert edition is not None  # noqa: S101  asked for by `report`
    found = next(each for each in edition.steps if each.id == step)
    assets = police.hit(case) if edition.content == "open" else []
    facts = facts_for(case, one, assets, at=at, language=language)
    before, sure = last_sent(one.submissions, step), verified(case)
    clock = next((c for c in one.judgement.clocks if c.step.id == step), None)
    head = Chain.objects.filter(key=case.number).values_list("head", flat=True).first() or ""
    words = wordings(case, one, step)
    lines = tuple(
        line(field, facts, sure, before.get(field.id), words.get(field.id), language)
        for field in edition.forms.get(found.form or "", ())
    )
    return Report(
        case=case.number,
        standing=one,
        step=step,
        title=found.sv if language == "sv" else found.en,
        recipient=(clock.recipient if clock else "") or "",
        language=language,
        lines=lines,
        head=head,
        at=at,
        cautions=seen(lines, assets, at) if edition.content == "open" else (),
    )


def registered(facts: Mapping[str, Any], one: Standing) -> dict[str, str]:
    """Whom the authority calls by this law, unless the case itself names somebody else."""
    name, entity = "roles.authority_contact", one.entity
    if entity.pk is None or facts.get(name, "") != entity.contact:
        return {}
    rows = entity.registrations.filter(regime=one.judgement.regime, ended_at=None)
    found = rows.exclude(contact="").last()
    return {name: found.contact} if found else {}


def together(facts: Mapping[str, Any], log: Mapping[str, str]) -> dict[str, Any]:
    """What the log says, after what a person answered about the same."""
    said = {name: "\n".join(filter(None, (facts.get(name), text))) for name, text in log.items()}
    return {**facts, **said}


def facts_for(
    case: Event, one: Standing, assets: list[Asset], *, at: datetime, language: str
) -> dict[str, Any]:
    """What fills the fields: the case's own facts, what other reports say, and what we propose."""
    facts = known.facts(case, one.entity) | category(case, at, language)
    facts = together(facts, quoted(case, one, at, language)) | registered(facts, one)
    if one.judgement.edition and one.judgement.edition.content == "open":
        drawn = police.proposed(case, assets, one.submissions, facts, at=at, language=language)
        return drawn | facts
    return facts


def seen(lines: tuple[Line, ...], assets: list[Asset], at: datetime) -> tuple[Caution, ...]:
    """What the lines that leave the house seem to hold and must not."""
    texts = [(line.field.id, line.text) for line in lines if not line.secrecy]
    return cautions(texts, assets, at)


def wordings(case: Event, one: Standing, step: str) -> dict[str, Wording]:
    """How somebody last wanted each field of the step."""
    if one.entity.pk is None:
        return {}
    law = one.judgement.regime
    rows = Wording.objects.filter(event=case, entity=one.entity, regime=law, step=step)
    return {row.field: row for row in rows.order_by("pk")}


def line(
    field: Field, facts: Mapping[str, Any], sure: frozenset[str], before: str | None,
    wording: Wording | None, language: str,
) -> Line:  # fmt: skip
    names = [QUOTED.get(name, name) for name in field.sources]
    texts = [worded(name, facts[name], language) for name in names if facts.get(name) is not None]
    missing = tuple(name for name in names if facts.get(name) in (None, ""))
    drawn = "\n".join(filter(None, texts))
    unsure = any(SAID.get(name) and SAID[name] not in sure and facts.get(name) for name in names)
    own = wording is not None and wording.own_words
    return Line(
        field,
        wording.text if wording and own else drawn,
        missing,
        unsure and not own,
        later=wording.later if wording else field.may_follow_later,
        secrecy=secrecy(field, wording, drawn),
        drawn=drawn,
        wording=wording,
        before=before,
    )


def secrecy(field: Field, wording: Wording | None, drawn: str) -> str:
    """What somebody set; lifted is that of the words that were read when it was lifted."""
    if wording is None or not (wording.secrecy or wording.own_words or wording.drawn == drawn):
        return field.secrecy
    return wording.secrecy


def worded(name: str, value: Any, language: str) -> str:
    """An answer in words: a moment in Swedish time, a code by its name."""
    if isinstance(value, datetime):
        return local(value)
    if isinstance(value, bool):
        return YES_NO[language][value]
    known_fact = fact(name, catalogue())
    if isinstance(value, list):
        return ", ".join(code_words(known_fact, each, language) for each in value)
    return code_words(known_fact, value, language)


def code_words(one: Fact | None, value: Any, language: str) -> str:
    words = (one.values or {}).get(str(value)) if one else None
    return str(getattr(words, language)) if words else str(value)


def verified(case: Event) -> frozenset[str]:
    """The questions whose statements somebody has verified: the last mark of each counts."""
    rows = Mark.objects.filter(statement__event=case).order_by("statement_id", "-pk")
    last = rows.distinct("statement_id").values_list("statement__question", "status")
    return frozenset(question for question, status in last if status == "verified")


def category(case: Event, at: datetime, language: str) -> dict[str, str]:
    """The category by its name, as the authority knows it; a code says nothing to a reader."""
    names = {row["code"]: row[language] for row in parameter("categories").at(at).value}
    found = names.get(case.category)
    return {"incident.category": found} if found else {}


def last_sent(rows: tuple[Submission, ...], step: str) -> dict[str, str]:
    """The fields as they were last sent in this step."""
    sent = [row.content for row in rows if row.step == step]
    return dict(fields_of(sent[-1])) if sent else {}


def fields_of(content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for row in content.get("fields", []):
        yield row["id"], row["text"]


def digest(content: Mapping[str, Any]) -> str:
    """What a receipt is compared with: SHA-256 of the canonical JSON."""
    return sha256(canonical(content).encode()).hexdigest()


def canonical(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True)
