"""PH27, the framework's own back door: DefectDojo GHSA-w2j3."""

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.urls import get_resolver


def test_there_is_no_admin_and_nobody_is_staff() -> None:
    assert not apps.is_installed("django.contrib.admin")
    fields = {field.name for field in get_user_model()._meta.get_fields()}
    assert not fields & {"is_staff", "is_superuser", "groups", "user_permissions"}
    assert not hasattr(get_user_model()(), "is_staff")


def test_only_the_login_library_authenticates() -> None:
    assert settings.AUTHENTICATION_BACKENDS == [
        "allauth.account.auth_backends.AuthenticationBackend"
    ]


def test_no_address_of_django_or_of_the_libraries_slipped_in() -> None:
    names = set(get_resolver().reverse_dict)
    gone = {"account_signup", "account_email", "account_reset_password", "account_set_password",
            "account_confirm_email", "mfa_download_recovery_codes", "usersessions_list",
            "password_reset", "login", "logout", "password_change"}  # fmt: skip
    assert not names & gone
