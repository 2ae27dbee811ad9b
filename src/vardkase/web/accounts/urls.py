"""Addresses of logging in and of looking after accounts.

Of the login library only these pages are open: what it has besides (signing up, mailed codes and
links, e-mail addresses) is not here at all.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkeys
from django.urls import URLPattern, path

from vardkase.web.door import public, signed_in

from . import entrance, own, people, tokens
from .second_factors import reauthenticate_passkey, watched

entrances = [
    path("konto/logga-in/", public(account.login), name="account_login"),
    path("konto/logga-ut/", public(account.logout), name="account_logout"),
    path("konto/stangt/", public(account.account_inactive), name="account_inactive"),
    path("konto/glomt/", own.forgotten, name="forgotten"),
    path("konto/kod/", public(mfa.authenticate), name="mfa_authenticate"),
    path("konto/passkey/", public(passkeys.login_webauthn), name="mfa_login_webauthn"),
    path("valkommen/", entrance.welcome, name="welcome"),
    path("valkommen/<str:secret>", entrance.follow, name="welcome-link"),
]
mine = [
    path("konto/", own.home, name="account_home"),
    path("konto/sprak/", own.language, name="own-language"),
    path("konto/losenord/", own.change_password, name="account_change_password"),
    path("konto/inloggningar/", own.sessions, name="account_sessions"),
    path("konto/bekrafta/", signed_in(account.reauthenticate), name="account_reauthenticate"),
    path("konto/bekrafta/kod/", signed_in(mfa.reauthenticate), name="mfa_reauthenticate"),
    path(
        "konto/bekrafta/passkey/",
        signed_in(reauthenticate_passkey),
        name="mfa_reauthenticate_webauthn",
    ),
    path("konto/skydd/", signed_in(mfa.index), name="mfa_index"),
    path("konto/skydd/app/", watched(app.activate_totp), name="mfa_activate_totp"),
    path("konto/skydd/app/bort/", watched(app.deactivate_totp), name="mfa_deactivate_totp"),
    path(
        "konto/skydd/reservkoder/",
        signed_in(codes.view_recovery_codes),
        name="mfa_view_recovery_codes",
    ),
    path(
        "konto/skydd/reservkoder/nya/",
        watched(codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path("konto/skydd/passkeys/", signed_in(passkeys.list_webauthn), name="mfa_list_webauthn"),
    path("konto/skydd/passkeys/ny/", watched(passkeys.add_webauthn), name="mfa_add_webauthn"),
    path(
        "konto/skydd/passkeys/<int:pk>/",
        signed_in(passkeys.edit_webauthn),
        name="mfa_edit_webauthn",
    ),
    path(
        "konto/skydd/passkeys/<int:pk>/bort/",
        watched(passkeys.remove_webauthn),
        name="mfa_remove_webauthn",
    ),
]
administration = [
    path("administration/konton", people.listing, name="accounts"),
    path("administration/konton/ny", people.invite, name="account-invite"),
    path("administration/konton/logg", people.log, name="account-log"),
    path("administration/konton/<int:pk>", people.one, name="account"),
    path("administration/konton/<int:pk>/lank", people.link, name="account-link"),
    path("administration/konton/<int:pk>/nollstall", people.reset, name="account-reset"),
    path("administration/konton/<int:pk>/stang", people.disable, name="account-disable"),
    path("administration/konton/<int:pk>/oppna", people.enable, name="account-enable"),
    path("administration/nycklar", tokens.listing, name="tokens"),
    path("administration/nycklar/ny", tokens.create, name="token-create"),
    path("administration/nycklar/<int:pk>/aterkalla", tokens.revoke, name="token-revoke"),
]
urlpatterns: list[URLPattern] = [*entrances, *mine, *administration]
