"""Everybody's own login: what it opens, how it is protected, where it is open, what happened."""

from allauth.account.views import password_change as library_password_change
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vardkase.lib.ids import fingerprint
from vardkase.lib.sessions import end_sessions, sessions_of
from vardkase.organisation.account_queries import (
    done_by_others,
    happenings,
    may_read_log,
)
from vardkase.organisation.models import Grant
from vardkase.organisation.queries import in_force
from vardkase.web.actor import actor, person
from vardkase.web.door import public, signed_in

from .words import told, told_grants, told_to_me

YEAR = 365 * 24 * 3600  # seconds that a chosen language is remembered


@signed_in
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    at, me = timezone.now(), person(request)
    held = Grant.objects.filter(in_force(at), person=me).select_related("unit")
    factors = set(Authenticator.objects.filter(user=me).values_list("type", flat=True))
    return render(
        request,
        "accounts/home.html",
        {
            "person": me,
            "grants": told_grants(held),
            "protected": factors - {Authenticator.Type.RECOVERY_CODES},
            "news": told_to_me(done_by_others(me, at)),
            "happenings": told(happenings(me)),
            "reads_log": may_read_log(actor(request)),
        },
    )


@signed_in
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Swedish or English on every page, in this browser."""
    code, known = request.POST.get("language", ""), dict(settings.LANGUAGES)
    answer = redirect("account_home")
    if code in known:
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, code, max_age=YEAR, httponly=True, samesite="Lax",
            secure=settings.HTTPS,
        )  # fmt: skip
    return answer


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def sessions(request: HttpRequest) -> HttpResponse:
    """Where I am logged in; each can be ended, or all but this one."""
    key = request.session.session_key or ""
    if request.method == "POST":
        one = request.POST.get("session", "")[:64]
        ended = end_sessions(person(request).pk, only=one or None, but=key)
        messages.success(
            request,
            ngettext("%(count)d login was ended.", "%(count)d logins were ended.", ended)
            % {"count": ended},
        )
        return redirect("account_sessions")
    rows = sessions_of(person(request).pk, timezone.now())
    shown = {"rows": rows, "here": fingerprint(key)}
    return render(request, "accounts/sessions.html", shown)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """The library's page; who logs in by passkey alone has no password to change."""
    if not person(request).has_usable_password():
        raise Http404
    return library_password_change(request)  # type: ignore[no-any-return]


@public
@require_safe
def forgotten(request: HttpRequest) -> HttpResponse:
    """Nothing is mailed: a colleague who knows you gives you a link."""
    return render(request, "account/forgotten.html")
