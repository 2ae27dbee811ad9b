"""What every answer carries: headers against leaks, and its language."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from .twins import has_english

type Answer = Callable[[HttpRequest], HttpResponse]


LANGUAGES = frozenset(code for code, _ in settings.LANGUAGES)


def headers(get_response: Answer) -> Answer:
    """No page is kept by a browser or a proxy; static files are the only exception."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not request.path.startswith(settings.STATIC_URL):
            response.headers["Cache-Control"] = "no-store"
            response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
            response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        return response

    return answer


def language(get_response: Answer) -> Answer:
    """Swedish first: English on /en/ pages, and where the reader chose it and no address says."""

    def answer(request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        code = chosen if chosen in LANGUAGES else settings.LANGUAGE_CODE
        if request.path.startswith("/en/"):
            code = "en"
        elif code == "en" and has_english(request.path_info):
            code = "sv"  # the address decides, or its link to the other language would lead nowhere
        with translation.override(code):
            request.LANGUAGE_CODE = code
            response = get_response(request)
            response.headers.setdefault("Content-Language", code)
            return response

    return answer
