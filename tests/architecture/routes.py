"""Every address of the product and who may knock there, as the doors themselves say it."""

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from ninja.operation import PathView

# Addresses that libraries bring. Who may knock there is the library's own setting, tested in
# tests/accounts; a library that brings a new one is asked about it here.
LIBRARIES = {
    "openapi-json": "public",
    "api-root": "public",
    "account_login": "public",
    "account_logout": "public",
    "account_inactive": "public",
    "account_signup": "public",  # answers that it is closed
    "account_reauthenticate": "signed in",
    "account_email": "signed in",
    "account_email_verification_sent": "public",
    "account_confirm_email": "public",
    "account_change_password": "signed in",
    "account_set_password": "signed in",
    "account_reset_password": "public",
    "account_reset_password_done": "public",
    "account_reset_password_from_key": "public",
    "account_reset_password_from_key_done": "public",
    "account_confirm_login_code": "public",
    "mfa_index": "signed in",
    "mfa_authenticate": "public",  # the second step of logging in
    "mfa_reauthenticate": "signed in",
    "mfa_activate_totp": "signed in",
    "mfa_deactivate_totp": "signed in",
    "mfa_view_recovery_codes": "signed in",
    "mfa_generate_recovery_codes": "signed in",
    "mfa_download_recovery_codes": "signed in",
    "mfa_list_webauthn": "signed in",
    "mfa_add_webauthn": "signed in",
    "mfa_reauthenticate_webauthn": "signed in",
    "mfa_remove_webauthn": "signed in",
    "mfa_edit_webauthn": "signed in",
    "mfa_login_webauthn": "public",
}
OF_LIBRARIES = ("allauth.", "functools", "ninja.")


@dataclass(frozen=True, slots=True)
class Route:
    """One method of one address; `access` is None where the door says nothing."""

    pattern: str  # "cases/<str:number>/assess"
    name: str
    method: str  # GET for a page, which may take POST as well; the method for an operation
    access: str | None
    of_library: bool = False

    @property
    def is_api(self) -> bool:
        return self.pattern.startswith("api/")

    @property
    def label(self) -> str:
        return f"{self.method} /{self.pattern} ({self.name})"


def routes() -> list[Route]:
    return [found for prefix, item in patterns(get_resolver()) for found in of(prefix, item)]


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for item in resolver.url_patterns:
        path = prefix + str(item.pattern)
        if isinstance(item, URLPattern):
            yield path, item
        else:
            yield from patterns(item, path)


def of(path: str, item: URLPattern) -> Iterator[Route]:
    name, module = item.name or "", item.callback.__module__
    if module == "ninja.operation":
        yield from operations(path, item.callback)
    elif hasattr(item.callback, "access"):
        yield Route(path, name, "GET", item.callback.access)
    elif module.startswith(OF_LIBRARIES):
        yield Route(path, name, "GET", LIBRARIES.get(name), of_library=True)
    else:
        yield Route(path, name, "GET", None)


def operations(path: str, callback: Any) -> Iterator[Route]:
    view = inspect.getclosurevars(callback).nonlocals["self"]
    assert isinstance(view, PathView), path
    for operation in view.operations:
        access = getattr(operation.view_func, "access", None)
        for method in operation.methods:
            yield Route(path, operation.view_func.__name__, method, access)
