"""Actions over HTTP: assigned in a case, carried on, followed up across cases."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import AfterValidator, AwareDatetime, Field

from vardkase.assets.models import Asset
from vardkase.events.queries import event
from vardkase.incidents import queries
from vardkase.incidents.models import Action, Progress
from vardkase.lib.paging import Page
from vardkase.organisation.models import Person
from vardkase.workflow import handle

from .door import actor, needs, once
from .fields import Cursor, Id, Key, Limit, Line, Long, Number, refuse_blank
from .problems import FAULTS

router = Router(tags=["step 3: actions"])
STEPS = 100  # steps of one action shown

type Kind = Literal["immediate", "recovery", "corrective", "preventive"]
type State = Literal["open", "done", "dropped"]
type Title = Annotated[Line, Field(min_length=1), AfterValidator(refuse_blank)]


class ActionIn(Schema):
    title: Title
    kind: Kind
    owner: Id = Field(description="Id of the person who does it, and may see the case from now on.")
    due_at: AwareDatetime | None = None
    watched: list[Id] = Field(
        default_factory=list, max_length=100,
        description="Ids of assets under heightened monitoring until `due_at`: their new alarms "
        "are joined to the case.",
    )  # fmt: skip

    def task(self) -> handle.Task:
        """Raises `Person.DoesNotExist` and `Asset.DoesNotExist`."""
        watched = tuple(Asset.objects.filter(pk__in=self.watched, closed_at=None).order_by("name"))
        if len(watched) != len(set(self.watched)):
            raise Asset.DoesNotExist
        return handle.Task(self.title, self.kind, responsible(self.owner), self.due_at, watched)


class HandOverIn(Schema):
    owner: Id
    due_at: AwareDatetime | None = None


class ProgressIn(Schema):
    state: State
    note: Long = ""


class ActionOut(Schema):
    id: int = Field(validation_alias="pk")
    title: str
    kind: Kind
    state: State
    owner: int
    owner_name: str
    due_at: datetime | None
    at: datetime
    by: str

    @staticmethod
    def resolve_owner(row: Any) -> int:
        found: int = row.owner_id if isinstance(row, Action) else row.owner
        return found

    @staticmethod
    def resolve_owner_name(row: Any) -> str:
        return str(row.owner.name if isinstance(row, Action) else row.owner_name)


class ProgressOut(Schema):
    state: State
    note: str
    at: datetime
    by: str


class ActionDetail(ActionOut):
    steps: list[ProgressOut] = Field(description="The last hundred, newest first.")

    @staticmethod
    def resolve_steps(row: Action) -> list[Progress]:
        return list(row.progress.order_by("-pk")[:STEPS])


class ActionRow(ActionOut):
    number: str = Field(description="Number of the case.")

    @staticmethod
    def resolve_number(row: Action) -> str:
        return row.incident.event.number


class ActionPage(Schema):
    items: list[ActionRow]
    next: str | None


def responsible(pk: int) -> Person:
    return Person.objects.get(pk=pk, is_active=True)


@router.get("/actions", response={200: ActionPage, **FAULTS})
@needs("read")
def index(
    request: HttpRequest, state: State | Literal["all"] = "open", kind: Kind | None = None,
    after: Cursor = "", limit: Limit = 50,
) -> Page[Action]:  # fmt: skip
    """Actions of every case that the token may read, the most overdue first."""
    rows = queries.actions(actor(request))
    rows = rows if state == "all" else rows.filter(state=state)
    rows = rows.filter(kind=kind) if kind else rows
    return Page.of(rows, queries.BY_DUE, after=after or None, limit=limit)


@router.post("/events/{number}/actions", response={201: ActionOut, **FAULTS})
@needs("assign")
def assign(request: HttpRequest, number: str, body: ActionIn, key: Key = None) -> Status[Action]:
    """Give one person something to do."""
    by, at = actor(request), timezone.now()
    case, mark = event(by, number, "assign"), once(by, key)
    return Status(201, handle.assign_action(case, body.task(), by=by, at=at, once=mark))


def found(request: HttpRequest, number: str, pk: int, action: str) -> Action:
    """An action of the case, for what the token wants to do with it."""
    case = event(actor(request), number, action)
    row = Action.objects.select_related("owner", "incident").get(pk=pk, incident__event=case)
    row.incident.event = case
    return row


@router.get("/events/{number}/actions/{pk}", response={200: ActionDetail, **FAULTS})
@needs("read")
def detail(request: HttpRequest, number: str, pk: Number) -> Action:
    """One action with its steps."""
    return found(request, number, pk, "read")


@router.post("/events/{number}/actions/{pk}/progress", response={201: ProgressOut, **FAULTS})
@needs("comment")
def progress(
    request: HttpRequest, number: str, pk: Number, body: ProgressIn, key: Key = None
) -> Status[Progress]:
    """Tell how it goes, or that it is done or dropped; also after the case is closed."""
    by, at = actor(request), timezone.now()
    action = found(request, number, pk, "comment")
    made = handle.progress_action(
        action, body.state, body.note, by=by, at=at, once=once(by, key)
    )  # fmt: skip
    return Status(201, made)


@router.post("/events/{number}/actions/{pk}/hand-over", response={200: ActionOut, **FAULTS})
@needs("assign")
def hand_over(request: HttpRequest, number: str, pk: Number, body: HandOverIn) -> Action:
    """Another owner or another time."""
    by, at = actor(request), timezone.now()
    action = found(request, number, pk, "assign")
    handle.hand_over_action(action, responsible(body.owner), body.due_at, by=by, at=at)
    return found(request, number, pk, "assign")
