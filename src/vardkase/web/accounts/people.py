"""Looking after accounts: invite, reset, disable; a link is shown once and mailed to nobody."""

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from vardkase.lib.changes import Refused
from vardkase.lib.paging import BadCursor, Page
from vardkase.lib.sessions import sessions_of
from vardkase.organisation import account_queries as queries
from vardkase.organisation import accounts
from vardkase.organisation.models import Grant, Person
from vardkase.organisation.queries import in_force
from vardkase.web.actor import actor
from vardkase.web.door import needs
from vardkase.web.requests.told import asked, link_once
from vardkase.workflow.four_eyes import do

from .admin_forms import InviteForm, ReasonForm, ResetForm
from .step_up import step_up
from .words import told, told_grants

AT_ONCE = 50
SECTION = "accounts"


@needs("admin_users")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    text, after = request.GET.get("q", "")[:100], request.GET.get("after")
    rows = queries.accounts(actor(request), text=text)
    try:
        page = Page.of(rows, queries.ORDER, after=after, limit=AT_ONCE)
    except BadCursor:
        page = Page.of(rows, queries.ORDER, after=None, limit=AT_ONCE)
    shown = {"page": page, "q": text, "section": SECTION}
    return render(request, "accounts/people.html", shown)


@needs("admin_users")
@step_up
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            found, secret = accounts.invite(form.cleaned_data, by=actor(request), at=timezone.now())
            return link_once(request, found, secret)
        except Refused as why:
            form.refused(why)
    status = 422 if form.errors else 200
    return render(
        request, "accounts/invite.html", {"form": form, "section": SECTION}, status=status
    )


@needs("admin_users")
@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    return draw(request, managed(request, pk))


def draw(request: HttpRequest, found: Person, **forms: object) -> HttpResponse:
    """The page of an account, with the form that came back in place of an empty one."""
    at = timezone.now()
    held = Grant.objects.filter(in_force(at), person=found).select_related("unit")
    kinds = Authenticator.objects.filter(user=found).values_list("type", flat=True)
    shown = {
        "person": found,
        "grants": told_grants(held),
        "factors": sorted(set(kinds)),
        "sessions": sessions_of(found.pk, at),
        "happenings": told(queries.happenings(found)),
        "reset_form": ResetForm(),
        "reason_form": ReasonForm(),
        "own": found.pk == actor(request).person,
        "section": SECTION,
    }
    status = 422 if forms else 200
    return render(request, "accounts/person.html", shown | forms, status=status)


@needs("admin_users")
@step_up
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """A new link for somebody who has not logged in yet."""
    found = managed(request, pk)
    if request.method != "POST":
        return to(found)
    made = do("person.invited", {"person": found.pk}, by=actor(request), at=timezone.now())
    return asked(request, made) or link_once(request, found, made)


@needs("admin_users")
@step_up
@require_http_methods(["GET", "HEAD", "POST"])
def reset(request: HttpRequest, pk: int) -> HttpResponse:
    found, form = managed(request, pk), ResetForm(request.POST)
    if request.method != "POST" or not form.is_valid():
        return to(found)
    terms = {"person": found.pk, "second_factors": form.cleaned_data["second_factors"]}
    made = do("person.reset", terms, by=actor(request), at=timezone.now())
    return asked(request, made) or link_once(request, found, made)


@needs("admin_users")
@step_up
@require_http_methods(["GET", "HEAD", "POST"])
def disable(request: HttpRequest, pk: int) -> HttpResponse:
    found, form = managed(request, pk), ReasonForm(request.POST)
    if request.method != "POST":
        return to(found)
    if not form.is_valid():
        return draw(request, found, reason_form=form)
    try:
        accounts.disable(
            found, reason=form.cleaned_data["reason"], by=actor(request), at=timezone.now()
        )
    except accounts.LastAdministrator:
        form.add_error(None, _("This is the last administrator. Appoint another first."))
        return draw(request, found, reason_form=form)
    messages.success(request, _("The account is closed, and every login ended."))
    return to(found)


@needs("admin_users")
@step_up
@require_http_methods(["GET", "HEAD", "POST"])
def enable(request: HttpRequest, pk: int) -> HttpResponse:
    found, form = managed(request, pk), ReasonForm(request.POST)
    if request.method != "POST":
        return to(found)
    if not form.is_valid():
        return draw(request, found, reason_form=form)
    accounts.enable(found, reason=form.cleaned_data["reason"], by=actor(request), at=timezone.now())
    messages.success(request, _("The account is open again."))
    return to(found)


@needs("read_log")
@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """What administrators do, for those who watch over them."""
    rows = queries.account_log(actor(request))
    try:
        page = Page.of(rows, queries.LOG_ORDER, after=request.GET.get("after"), limit=AT_ONCE)
    except BadCursor:
        page = Page.of(rows, queries.LOG_ORDER, after=None, limit=AT_ONCE)
    happenings = told([queries.told(entry) for entry in page.items])
    shown = {"happenings": happenings, "next": page.next, "section": SECTION}
    return render(request, "accounts/log.html", shown)


def managed(request: HttpRequest, pk: int) -> Person:
    """The account, if the reader looks after it; else it does not exist."""
    return queries.accounts(actor(request)).get(pk=pk)


def to(found: Person) -> HttpResponse:
    return redirect("account", pk=found.pk)
