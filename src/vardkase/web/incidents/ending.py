"""Step 4: conclusions with their improvement actions, the end of the case, and its reopening."""

from datetime import datetime
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from vardkase.access.rules import allowed
from vardkase.conclusions.rules import missing
from vardkase.conclusions.sheet import sheet
from vardkase.events.models import Event
from vardkase.organisation.queries import documents
from vardkase.policy.parameter import parameter
from vardkase.web.actor import actor
from vardkase.web.door import needs
from vardkase.web.words import local
from vardkase.workflow.conclude import Review, Unfinished, close, conclude, reopen

from .acting import attempt, case_for, near, page
from .forms import IMPROVEMENTS, ClosingForm, ConclusionForm, ImprovementForm, ReasonForm


@needs("edit")
def conclusion(request: HttpRequest, number: str) -> HttpResponse:
    """Write cause, course, harm and lessons, and assign what follows from them."""
    by, at = actor(request), timezone.now()
    case = case_for(request, number, "edit")
    now = sheet(case).conclusion
    first = {name: getattr(now, name) for name in Review.__slots__} if now else {}
    form = ConclusionForm(request.POST or None, initial=first | {"expected": now.pk if now else 0})
    rows = improvement_rows(request) if allowed(by, "assign", case.scope()) else []
    draw = partial(
        page, request, case, form, heading=_("Conclusions"), button=_("Save the conclusions"),
        template="incidents/conclusion_form.html",
        rows=rows, near=near(case), documents=documents("conclude"),
    )  # fmt: skip
    if request.method != "POST":
        return draw()
    if not all([form.is_valid(), *(row.is_valid() for row in rows)]):
        return draw(status=422)
    tasks = [task for row in rows if (task := row.task())]
    said = form.cleaned_data
    verb = partial(
        conclude, case, form.review(), tasks, by=by, at=at, expected=said["expected"],
        once=said["once"],
    )  # fmt: skip
    return attempt(case, form, verb, draw, to="#conclusion")


def improvement_rows(request: HttpRequest) -> list[ImprovementForm]:
    data = request.POST if request.method == "POST" else None
    return [ImprovementForm(data, prefix=f"a{n}") for n in range(IMPROVEMENTS)]


@needs("close")
def end(request: HttpRequest, number: str) -> HttpResponse:
    """Close the case; each thing that is missing asks for its reason."""
    by, at = actor(request), timezone.now()
    case = case_for(request, number, "close")
    absent = worded(case, at)
    form = ClosingForm(request.POST or None, missing=absent)
    draw = partial(
        page, request, case, form, heading=_("Close the case"), button=_("Close the case"),
        missing=absent, documents=documents("conclude"),
    )  # fmt: skip
    if request.method != "POST" or not form.is_valid():
        return draw()
    verb = partial(finish, case, form, by=by, at=at)
    try:
        return attempt(case, form, verb, draw)
    except Unfinished as told:
        form.demand(told.unexplained)
        return draw(status=422)


def finish(case: Event, form: ClosingForm, **who: object) -> object:
    return close(case, form.reasons(), text=form.cleaned_data["text"], **who)  # type: ignore[arg-type]


def worded(case: Event, at: datetime) -> list[tuple[str, str]]:
    """What is missing before the case can be closed, each with what to do."""
    words = parameter("incidents.conditions").at(at).value
    return [(code, local(words[code], "todo")) for code in missing(sheet(case).facts(case))]


@needs("close")
def again(request: HttpRequest, number: str) -> HttpResponse:
    """Open a closed case again."""
    by, at = actor(request), timezone.now()
    case = case_for(request, number, "close")
    form = ReasonForm(request.POST or None)
    draw = partial(
        page, request, case, form, heading=_("Open the case again"), button=_("Open the case again")
    )
    if request.method != "POST" or not form.is_valid():
        return draw()
    verb = partial(reopen, case, form.cleaned_data["text"], by=by, at=at)
    return attempt(case, form, verb, draw)
