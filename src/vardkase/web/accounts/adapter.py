"""What the login library is told: nobody signs himself up, nothing is mailed, all tell alike."""

import logging
import unicodedata
from base64 import urlsafe_b64encode
from ipaddress import IPv6Address, ip_address
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from vardkase.lib.ids import keyed
from vardkase.lib.sessions import ADDRESS, AGENT, BEGUN
from vardkase.organisation import accounts
from vardkase.organisation.account_queries import done_by_others
from vardkase.organisation.models import Person
from vardkase.organisation.queries import organisation

log = logging.getLogger("vardkase.accounts")


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("Login name or password is wrong. Check both."),
        "too_many_login_attempts": _("Too many tries. Wait five minutes, or use a passkey."),
        "incorrect_password": _("The password is wrong. Try again."),
        "enter_current_password": _("The password is wrong. Try again."),
        "incorrect_code": _("The code is wrong or used already. Wait for the next and try again."),
        "rate_limited": _("Too many tries. Wait five minutes and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_ajax(self, request: HttpRequest) -> bool:
        """One way in for all: only the passkey's challenge is asked for by a script."""
        return request.method == "GET" and request.path == reverse("mfa_login_webauthn")

    def is_safe_url(self, url: str | None) -> bool:
        """Only a page of ours, named by its path."""
        return bool(
            url and url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)
        )

    def get_client_ip(self, request: HttpRequest) -> str:
        """An IPv4 address dressed as IPv6 is counted as itself, not with all others."""
        found = ip_address(super().get_client_ip(request))
        bare = found.ipv4_mapped if isinstance(found, IPv6Address) else None
        return str(bare or found)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Tries are counted by name alone: neither case, width nor the Host header gives more."""
        return unicodedata.normalize("NFKC", credentials.get("username", "")).strip().casefold()

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        log.warning("login refused from %s", self.get_client_ip(request))

    def login(self, request: HttpRequest, user: Person) -> None:
        """A new session key, and a session that knows since when and where."""
        super().login(request, user)
        record_authentication(request, user, "login", reauthenticated=True)
        request.session[BEGUN] = timezone.now().isoformat()
        request.session[ADDRESS] = self.get_client_ip(request)
        request.session[AGENT] = self.get_http_user_agent(request)[:200]
        log.info("%s logged in from %s", user.key, request.session[ADDRESS])

    def post_login(self, request: HttpRequest, user: Person, **more: Any) -> HttpResponse:
        """Whoever had something done to his login is told so before anything else."""
        response: HttpResponse = super().post_login(request, user, **more)
        if done_by_others(user, timezone.now()):
            return redirect("account_home")
        return response

    def set_password(self, user: Person, password: str) -> None:
        accounts.change_password(user, password, timezone.now())

    def send_mail(self, *args: Any, **kwargs: Any) -> None:
        raise NotImplementedError("nothing is mailed")

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """The decision log tells, and the person's own page."""


class MfaAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
        "cannot_generate_recovery_codes": _("Add an authenticator app or a passkey first."),
    }

    def encrypt(self, text: str) -> str:
        """Seeds lie in the database, the key to them does not."""
        return vault().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return vault().decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        found = organisation()
        return found.name if found else "Vårdkase"

    def _get_site_name(self) -> str:
        return self.get_totp_issuer()

    def _get_user_identifier(self, user: Person) -> str:
        return user.username

    def generate_authenticator_name(self, user: Person, type: str) -> str:
        return str(_("Passkey of %s")) % timezone.localdate().isoformat()


def vault() -> Fernet:
    return Fernet(urlsafe_b64encode(keyed(settings.SECRET_KEY, "second factors")))
