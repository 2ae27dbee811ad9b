"""Actions: assigned in a case, carried on there, followed up across cases."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from vardkase.access.rules import allowed
from vardkase.assets.models import Asset
from vardkase.conclusions.sheet import sheet
from vardkase.incidents.models import Action
from vardkase.incidents.queries import BY_DUE, COUNTED, actions, counted
from vardkase.lib.paging import Page
from vardkase.organisation.queries import names
from vardkase.policy.parameter import parameter
from vardkase.web.actor import actor
from vardkase.web.door import needs
from vardkase.web.report.shown import who
from vardkase.web.words import local
from vardkase.workflow import handle

from .acting import attempt, case_for, near, page
from .filters import ActionFilter
from .forms import ActionForm, HandOverForm, ProgressForm, WatchForm

ROWS = 50
NAMES = 200  # names of assets offered
STEPS = 100  # steps of one action shown


@needs("read")
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Actions of every case that the reader may read: mine first, the most overdue first."""
    reader, at = actor(request), timezone.now()
    form = ActionFilter(request.GET, reader=reader)
    rows = form.narrowed(actions(reader))
    page_of = Page.of(rows, BY_DUE, after=request.GET.get("efter"), limit=ROWS)
    shown = {
        "form": form,
        "page": page_of,
        "count": counted(rows),
        "most": COUNTED,
        "chips": form.chips(),
        "next": form.address(efter=page_of.next) if page_of.next else "",
        "at": at,
        "section": "actions",
    }
    return render(request, "incidents/actions.html", shown)


@needs("assign")
def create(request: HttpRequest, number: str) -> HttpResponse:
    """Give somebody something to do."""
    by, at = actor(request), timezone.now()
    case = case_for(request, number, "assign")
    first = {"kind": request.GET.get("slag", Action.Kind.IMMEDIATE)}
    form = ActionForm(request.POST or None, initial=first)
    catalogue = [(local(row)) for row in parameter("incidents.actions").at(at).value]
    draw = partial(
        page, request, case, form, heading=_("New action"), button=_("Assign"), catalogue=catalogue
    )
    if request.method != "POST" or not form.is_valid():
        return draw()
    once = form.cleaned_data["once"]
    verb = partial(handle.assign_action, case, form.task(), by=by, at=at, once=once)
    return attempt(case, form, verb, draw, to="#actions")


@needs("assign")
def watch(request: HttpRequest, number: str) -> HttpResponse:
    """Let somebody keep a closer eye on what was hit, until a time (S2-112)."""
    by, at = actor(request), timezone.now()
    case = case_for(request, number, "assign")
    hit = [(one.pk, one.name) for one in sheet(case).assets]
    form = WatchForm(request.POST or None, hit=hit)
    names = Asset.objects.filter(closed_at=None).order_by("sort_key").values_list("name", flat=True)
    draw = partial(
        page, request, case, form, heading=_("Heightened monitoring"), button=_("Begin"),
        hint=_("New alarms about the assets are joined to this case, muted or not."),
        catalogue=names[:NAMES],
    )  # fmt: skip
    if request.method != "POST" or not form.is_valid():
        return draw()
    once = form.cleaned_data["once"]
    verb = partial(handle.assign_action, case, form.task(), by=by, at=at, once=once)
    return attempt(case, form, verb, draw, to="#watches")


def found(request: HttpRequest, number: str, pk: int, action: str) -> Action:
    """An action of the case, for what the reader wants to do with it."""
    case = case_for(request, number, action)
    row = Action.objects.select_related("owner", "incident").get(pk=pk, incident__event=case)
    row.incident.event = case
    return row


@needs("read")
@require_safe
def detail(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """One action with its steps, and the forms that carry it on."""
    action = found(request, number, pk, "read")
    first = {"state": action.state}
    return drawn(request, action, ProgressForm(initial=first), handing(action))


def handing(action: Action) -> HandOverForm:
    return HandOverForm(initial={"owner": action.owner, "due_at": action.due_at})


def drawn(
    request: HttpRequest,
    action: Action,
    progress: ProgressForm,
    hand_over: HandOverForm,
    status: int = 200,
) -> HttpResponse:
    reader, case = actor(request), action.incident.event
    steps = list(action.progress.order_by("-pk")[:STEPS])
    known = names([action.by, *(step.by for step in steps)])
    shown: dict[str, Any] = {
        "case": case,
        "action": action,
        "by": who(action.by, known),
        "steps": [(step, who(step.by, known)) for step in steps],
        "progress": progress,
        "hand_over": hand_over,
        "can": {a: allowed(reader, a, case.scope()) for a in ("comment", "assign")},
        "near": near(case),
        "section": "actions",
    }
    return render(request, "incidents/action.html", shown, status=status)


@needs("comment")
@require_POST
def progress(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Tell how it goes, or that it is done."""
    action, form = found(request, number, pk, "comment"), ProgressForm(request.POST)

    def draw(status: int = 422, **_more: object) -> HttpResponse:
        return drawn(request, action, form, handing(action), status)

    if not form.is_valid():
        return draw()
    said = form.cleaned_data
    verb = partial(
        handle.progress_action, action, said["state"], said["note"], by=actor(request),
        at=timezone.now(), once=said["once"],
    )  # fmt: skip
    return attempt(action.incident.event, form, verb, draw, to="#actions")


@needs("assign")
@require_POST
def hand_over(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Another owner or another time."""
    action, form = found(request, number, pk, "assign"), HandOverForm(request.POST)

    def draw(status: int = 422, **_more: object) -> HttpResponse:
        first = ProgressForm(initial={"state": action.state})
        return drawn(request, action, first, form, status)

    if not form.is_valid():
        return draw()
    said, by, at = form.cleaned_data, actor(request), timezone.now()
    verb = partial(handle.hand_over_action, action, said["owner"], said["due_at"], by=by, at=at)
    answer = attempt(action.incident.event, form, verb, draw)
    return redirect("action", number, pk) if answer.status_code == 302 else answer
