"""The library's pages for authenticator app, passkeys and recovery codes, with our log behind."""

from collections import Counter
from functools import wraps
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import ReauthenticateWebAuthnView
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.http import urlencode

from vardkase.organisation.accounts import note_secured
from vardkase.organisation.models import Person
from vardkase.web.actor import person
from vardkase.web.door import View, signed_in


def watched(view: View) -> View:
    """What a page of the library added or took away stands in the log, or did not happen."""

    @wraps(view)
    def noting(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with transaction.atomic():
            me = person(request)
            before = held_by(me)
            response = view(request, *args, **kwargs)
            after = held_by(me)
            if before != after:
                note_secured(me, told(before, after), timezone.now())
        return response

    return signed_in(noting)


def held_by(somebody: Person) -> Counter[str]:
    rows = Authenticator.objects.filter(user=somebody).values_list("type", "pk")
    return Counter(f"{kind} {pk}" for kind, pk in rows)


def told(before: Counter[str], after: Counter[str]) -> str:
    """`+totp +recovery_codes` or `-webauthn`: kinds, since the log needs no more."""
    signs = [f"+{row.split()[0]}" for row in after - before]
    return " ".join(sorted(signs + [f"-{row.split()[0]}" for row in before - after]))


class ReauthenticatePasskey(ReauthenticateWebAuthnView):
    def form_invalid(self, form: Any) -> HttpResponse:
        """Back to the same question; the library would lead away from it."""
        for message in form.errors.get("credential", []):
            messages.error(self.request, message)
        after = {"next": self.get_next_url() or ""}
        return HttpResponseRedirect(f"{self.request.path}?{urlencode(after)}")


reauthenticate_passkey = ReauthenticatePasskey.as_view()
