"""Some acts ask once more who is there: whoever logged in or confirmed it five minutes ago."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

type View = Callable[..., HttpResponse]


def step_up(view: View) -> View:
    """Before the form is shown as well as when it is sent, so that little is written in vain."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if did_recently_reauthenticate(request):
            return view(request, *args, **kwargs)
        return ask_again(request)

    return guarded


def ask_again(request: HttpRequest) -> HttpResponse:
    """To the page that asks for the password or a second factor, and then back here."""
    methods = get_adapter().get_reauthentication_methods(request.user)
    if request.method not in ("GET", "HEAD"):
        messages.warning(request, _("Nothing was done yet. Confirm that it is you, then send it."))
    return redirect_to_login(request.get_full_path(), methods[0]["url"] if methods else None)
