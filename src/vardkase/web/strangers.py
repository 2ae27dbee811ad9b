"""Forms for those who are nobody to us: no cookie is set, and none is needed."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from . import uploads

type Form = Callable[..., HttpResponse]


def without_cookies(view: Form) -> Form:
    """Ask for proof that the form is ours only where a session could be misused.

    Files of the form are taken by `uploads`. Stands above every other decorator.
    """
    guarded = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        uploads.expect(request)
        known = request.user.is_authenticated
        return (guarded if known else view)(request, *args, **kwargs)

    return answer
