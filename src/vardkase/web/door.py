"""What every page says of itself: who may knock. A test fails on one that says nothing."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from vardkase.access.rules import may
from vardkase.lib.paging import BadCursor

from .actor import actor
from .errors import signed_out

type View = Callable[..., HttpResponse]

PUBLIC = "public"
ANYONE_SIGNED_IN = "signed in"


def public(view: View) -> View:
    """Open to the world; what it shows or takes is nobody's secret."""
    return marked(view, PUBLIC)


def signed_in(view: View) -> View:
    """Open to every person with an account, for what concerns himself."""
    return needs(ANYONE_SIGNED_IN)(view)


def needs(action: str) -> Callable[[View], View]:
    """Open to persons with a grant that reaches `action` somewhere.

    Whether it reaches this very case is asked by the room's query and by `decision`; what the
    reader may not see is the same 404 as what never was.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                if request.method == "POST":
                    return signed_out(request)
                return redirect_to_login(request.get_full_path())
            if action != ANYONE_SIGNED_IN and not may(actor(request), action):
                raise PermissionDenied(action)
            try:
                return view(request, *args, **kwargs)
            except (ObjectDoesNotExist, BadCursor) as error:
                raise Http404 from error

        return marked(guarded, action)

    return wrap


def marked(view: View, access: str) -> View:
    view.access = access  # type: ignore[attr-defined]
    return view
