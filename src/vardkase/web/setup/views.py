"""Founding the organisation: through the link of the first start, and never again."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from vardkase.intake.demo.later import lay_sample
from vardkase.organisation import links, setup
from vardkase.organisation.models import Invitation
from vardkase.organisation.queries import organisation
from vardkase.web.accounts.entrance import LINK
from vardkase.web.door import public

from .forms import FoundingForm

FOUNDING = "_founding"  # where the session keeps the number of the link that was followed


@public
@require_safe
def follow(request: HttpRequest, secret: str) -> HttpResponse:
    """The secret is in this one address; from here on the session knows which link it was."""
    try:
        found = links.find(secret, timezone.now(), founding=True)
    except links.DeadLink as dead:
        raise Http404 from dead
    gone_once_founded()
    request.session.cycle_key()
    request.session[FOUNDING] = found.pk
    return redirect("setup")


@public
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    gone_once_founded()
    link = request.session.get(FOUNDING, 0)
    form = FoundingForm(request.POST or None)
    try:
        links.of_number(link, timezone.now(), founding=True)
        if request.method == "POST" and form.is_valid():
            return founded(request, form, link)
    except links.DeadLink as dead:
        raise Http404 from dead
    return render(request, "setup/start.html", {"form": form}, status=422 if form.errors else 200)


def founded(request: HttpRequest, form: FoundingForm, link: int) -> HttpResponse:
    """On to the first administrator's password; his link is never shown."""
    at = timezone.now()
    person = setup.found(form.answers(), link=link, at=at)
    if form.cleaned_data["sample"]:
        lay_sample.enqueue()
        messages.info(request, _("The sample data comes within a minute or two."))
    del request.session[FOUNDING]
    request.session[LINK] = Invitation.objects.get(person=person).pk
    return redirect("welcome")


def gone_once_founded() -> None:
    if organisation() is not None:
        raise Http404
