"""Looking after API tokens: made, shown once, listed, revoked."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from vardkase.lib.paging import BadCursor, Page
from vardkase.organisation import account_queries as queries
from vardkase.organisation import tokens
from vardkase.organisation.queries import root
from vardkase.policy.parameter import parameter
from vardkase.web.actor import actor
from vardkase.web.door import needs

from .admin_forms import TokenForm
from .step_up import step_up
from .words import role_names

AT_ONCE = 50
SECTION = "tokens"


@needs("tokens")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    rows, order = queries.tokens(actor(request)), queries.TOKEN_ORDER
    try:
        page = Page.of(rows, order, after=request.GET.get("after"), limit=AT_ONCE)
    except BadCursor:
        page = Page.of(rows, order, after=None, limit=AT_ONCE)
    at, roles = timezone.now(), role_names()
    shown = {
        "tokens": [
            (token, roles.get(token.role, token.role), tokens.is_open(token, at))
            for token in page.items
        ],
        "next": page.next,
        "section": SECTION,
    }
    return render(request, "accounts/tokens.html", shown)


@needs("tokens")
@step_up
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    at, by = timezone.now(), actor(request)
    policy = parameter("access.tokens").at(at).value
    form = TokenForm(
        request.POST or None,
        roles=tokens.given_by(by, root(), at),
        most=policy["most"],
        initial={"days": policy["days"]},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        wanted = tokens.Wanted(given["name"], given["role"], given["unit"], days=given["days"])
        token, secret = tokens.create(wanted, by=by, at=at)
        shown = {"token": token, "secret": secret, "section": SECTION}
        return render(request, "accounts/token_made.html", shown)
    shown = {"form": form, "section": SECTION}
    return render(request, "accounts/token_new.html", shown, status=422 if form.errors else 200)


@needs("tokens")
@step_up
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    token = queries.tokens(actor(request)).get(pk=pk)
    if request.method == "POST":
        tokens.revoke(token, by=actor(request), at=timezone.now())
        messages.success(request, _("The token is revoked. It opens nothing more."))
    return redirect("tokens")
