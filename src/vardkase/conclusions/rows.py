"""What a case sheet is made of: one class for each sort of row, as the pages show it."""

from dataclasses import dataclass
from datetime import datetime

from vardkase.detections.models import Detection
from vardkase.incidents.models import Action, Milestone

from .models import Conclusion


@dataclass(frozen=True, slots=True)
class Wrote:
    """What we know now, as somebody wrote it."""

    pk: int
    text: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Drew:
    """The relation map as somebody drew it."""

    pk: int
    threat: str
    unwanted_event: str
    vulnerability: str
    consequence: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Concluded:
    pk: int
    cause_kind: str
    cause: str
    course: str
    direct_harm: str
    indirect_harm: str
    disclosed: str
    altered: str
    checked_how: str
    lessons: str
    at: datetime
    by: str

    @property
    def cause_words(self) -> str:
        return str(Conclusion.Cause(self.cause_kind).label)

    @property
    def disclosed_words(self) -> str:
        return str(Conclusion.Answer(self.disclosed).label)

    @property
    def altered_words(self) -> str:
        return str(Conclusion.Answer(self.altered).label)


@dataclass(frozen=True, slots=True)
class Reached:
    """A milestone that was reached, or taken back."""

    kind: str
    reached: bool
    reached_at: datetime
    criteria: list[str]
    reason: str
    left_open: dict[str, str]
    at: datetime
    by: str

    @property
    def words(self) -> str:
        return str(Milestone.Kind(self.kind).label)


@dataclass(frozen=True, slots=True)
class ToDo:
    """An action as it stands."""

    pk: int
    title: str
    kind: str
    state: str
    due_at: datetime | None
    owner: int
    owner_name: str
    at: datetime
    by: str

    @property
    def kind_words(self) -> str:
        return str(Action.Kind(self.kind).label)

    @property
    def state_words(self) -> str:
        return str(Action.State(self.state).label)

    @property
    def is_open(self) -> bool:
        return self.state == Action.State.OPEN


@dataclass(frozen=True, slots=True)
class Taking:
    """Who has which part in the case."""

    pk: int
    part: str
    person: int
    name: str
    title: str
    phone: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Hit:
    """An affected asset, with what to do without it."""

    pk: int
    name: str
    kind: str
    essential: bool
    confidentiality: int | None
    integrity: int | None
    availability: int | None
    fallback: str
    crisis_plan: str
    safeguards: str
    supplier: str | None
    supplier_phone: str | None


@dataclass(frozen=True, slots=True)
class Alarmed:
    """A group of machines' alarms that belongs to the case."""

    pk: int
    detection: int
    title: str
    source: str
    severity: int
    count: int
    rule: str
    at: datetime

    @property
    def mark(self) -> str:
        """The colour of its severity: that of a priority, 5 being the mildest."""
        return f"p{6 - self.severity}"

    @property
    def severity_words(self) -> str:
        return str(Detection.Severity(self.severity).label)


@dataclass(frozen=True, slots=True)
class Watched:
    """An asset under heightened monitoring, or that was."""

    action: int
    asset: int
    name: str
    state: str
    until_at: datetime

    @property
    def goes_on(self) -> bool:
        return self.state == Action.State.OPEN


@dataclass(frozen=True, slots=True)
class Handed:
    """A service desk's ticket that was handed over as the case."""

    desk: str
    number: str


@dataclass(frozen=True, slots=True)
class File:
    pk: int
    name: str
    size: int
    sha256: str
    at: datetime
    by: str
