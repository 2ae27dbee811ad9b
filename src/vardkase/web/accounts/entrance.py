"""Where a one-time link leads: choose a password, and you are in."""

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from vardkase.organisation import accounts, links
from vardkase.organisation.account_queries import done_by_others
from vardkase.organisation.models import Person
from vardkase.web.door import public

from .forms import NewPasswordForm
from .words import told_to_me

LINK = "_link"  # where the session keeps the number of the link that was followed


@public
@require_safe
def follow(request: HttpRequest, secret: str) -> HttpResponse:
    """The secret is in this one address; from here on the session knows which link it was."""
    try:
        found = links.find(secret, timezone.now())
    except links.DeadLink as dead:
        raise Http404 from dead
    request.session.cycle_key()
    request.session[LINK] = found.pk
    return redirect("welcome")


@public
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest) -> HttpResponse:
    person = invited(request)
    form = NewPasswordForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        try:
            number = request.session.pop(LINK)
            opened = accounts.open_account(number, form.cleaned_data["password1"], timezone.now())
        except links.DeadLink as dead:
            raise Http404 from dead
        return perform_login(request, Login(user=opened))  # type: ignore[no-any-return]
    shown = {
        "form": form,
        "person": person,
        "news": told_to_me(done_by_others(person, timezone.now())),
    }
    return render(request, "account/welcome.html", shown, status=422 if form.errors else 200)


def invited(request: HttpRequest) -> Person:
    """Whose link this session followed; a dead one is the same 404 as none."""
    try:
        found = links.of_number(request.session.get(LINK, 0), timezone.now()).person
    except links.DeadLink as dead:
        raise Http404 from dead
    if found is None:
        raise Http404
    return found
