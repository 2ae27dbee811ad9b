"""What a regime is: one law's questions, clocks, recipients and forms, as they stand on a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from vardkase.policy.predicate import Predicate


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a row stands in law, and how sure we are: R read, S second hand, M from memory."""

    ref: str
    level: str
    status: str


@dataclass(frozen=True, slots=True)
class Span:
    """Days on which a row is in force, both included."""

    first: date | None
    last: date | None

    def holds(self, day: date) -> bool:
        return (self.first or date.min) <= day <= (self.last or date.max)


@dataclass(frozen=True, slots=True)
class Exclusion:
    """When it holds, the regime does not; `stop`: nor may the matter be written here."""

    if_: Predicate
    sv: str
    en: str
    ground: Ground
    stop: bool


@dataclass(frozen=True, slots=True)
class Criterion:
    """One way to be reportable. An unknown `needs` leaves it unknown."""

    id: str
    sv: str
    en: str
    ground: Ground
    needs: Predicate | None
    if_: Predicate
    span: Span


@dataclass(frozen=True, slots=True)
class NotCounted:
    """What takes the criteria it covers away again, such as planned maintenance."""

    if_: Predicate
    covers: tuple[str, ...]
    ground: Ground


@dataclass(frozen=True, slots=True)
class End:
    """A period from the earliest of its anchors, else from `fallback`."""

    anchors: tuple[str, ...]
    within: str
    fallback: str | None


@dataclass(frozen=True, slots=True)
class Branch:
    """When a step is due if its condition holds: at the earliest of its ends, or as `mode` says."""

    if_: Predicate | None
    mode: str  # "by", "asap" or "on_request"
    ends: tuple[End, ...]


@dataclass(frozen=True, slots=True)
class Step:
    id: str
    sv: str
    en: str
    ground: Ground
    kind: str  # authority, third_party, controller, internal, register or stop_screen
    to: str | None
    form: str | None
    audience: str | None  # of communication.audiences: telling them is the step itself
    if_: Predicate | None
    unless: Predicate | None
    instead: str | None  # the step that comes in its place
    due: tuple[Branch, ...]
    late_needs: str | None


@dataclass(frozen=True, slots=True)
class Recipient:
    name: str
    channel: str
    if_: Predicate | None
    span: Span
    ground: Ground


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form: where its content comes from, and how it may be handled."""

    id: str
    sv: str
    en: str
    sources: tuple[str, ...]
    number: int | None
    required: bool
    may_follow_later: bool
    secrecy: str
    legal: str


@dataclass(frozen=True, slots=True)
class Duty:
    """What must be done whether or not the incident is reportable."""

    id: str
    sv: str
    en: str
    if_: Predicate | None
    ground: Ground


@dataclass(frozen=True, slots=True)
class Secrecy:
    osl: str
    presumption: str
    years: int | None
    sv: str
    en: str


@dataclass(frozen=True, slots=True)
class Note:
    """What whoever decides must know; `if_`: only when it may hold."""

    sv: str
    en: str
    ground: Ground
    if_: Predicate | None


@dataclass(frozen=True, slots=True)
class Related:
    regime: str
    if_: Predicate | None


@dataclass(frozen=True, slots=True)
class Regime:
    """The regime as it stands on a day."""

    id: str
    version: str
    sv: str
    en: str
    status: str
    legal: tuple[Ground, ...]
    content: str  # "full"; "open": what is sent becomes public; "stub": never the matter itself
    applies_if: Predicate | None
    excluded_if: tuple[Exclusion, ...]
    criteria: tuple[Criterion, ...]
    not_counted: NotCounted | None
    steps: tuple[Step, ...]
    recipients: Mapping[str, tuple[Recipient, ...]]
    forms: Mapping[str, tuple[Field, ...]]
    always: tuple[Duty, ...]
    sign_off: Mapping[str, str]
    secrecy: tuple[Secrecy, ...]
    related: tuple[Related, ...]
    supersedes: tuple[str, ...]
    notes: tuple[Note, ...]
