"""Logging in and looking after accounts, in a real browser: pages looked at, passkeys used."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.conftest import Look, Open
from tests.conftest import Hire
from vardkase.organisation import accounts
from vardkase.organisation.models import Person, Unit
from vardkase.organisation.queries import actor_of
from vardkase.organisation.setup import new_setup_token

SECRET = "en lång mening om ingenting"


@pytest.fixture
def admin(hire: Hire, region: Unit) -> Person:
    return with_password(hire("sysadmin"))


def with_password(person: Person) -> Person:
    person.set_password(SECRET)
    person.save()
    return person


def confirm(page: Page) -> None:
    if not page.locator("[name=password]").count():
        return  # just logged in
    page.fill("[name=password]", SECRET)
    page.click("main button.primary")
    page.wait_for_load_state()


def test_the_doors_look_as_they_should(region: Unit, look: Look) -> None:
    look("/konto/logga-in/", "login")
    look("/konto/glomt/", "forgotten")


def test_a_refused_login_says_what_to_do(region: Unit, look: Look) -> None:
    def try_in_vain(page: Page) -> None:
        page.fill("[name=login]", "anna")
        page.fill("[name=password]", "fel")
        page.click("main form button.primary")
        expect(page.get_by_role("alert")).to_be_focused()

    look("/konto/logga-in/", "login-refused", act=try_in_vain)


def test_the_first_page_of_all(db: None, look: Look) -> None:
    look(f"/start/{new_setup_token(timezone.now())}", "setup")


def test_a_welcome(admin: Person, hire: Hire, look: Look) -> None:
    at = timezone.now()
    by = actor_of(admin, at)
    secret = accounts.reset(with_password(hire("reporter")), second_factors=False, by=by, at=at)
    look(f"/valkommen/{secret}", "welcome")


def test_ones_own_account(admin: Person, look: Look) -> None:
    look("/konto/", "account-home", person=admin)
    look("/konto/skydd/", "account-protect", person=admin)
    look("/konto/skydd/app/", "account-app", person=admin, act=confirm)
    look("/konto/inloggningar/", "account-sessions", person=admin)


def test_looking_after_accounts(admin: Person, hire: Hire, look: Look) -> None:
    anna = with_password(hire("assessor"))
    look("/administration/konton", "accounts", person=admin)
    look(f"/administration/konton/{anna.pk}", "accounts-one", person=admin, act=open_all)
    look("/administration/konton/ny", "accounts-invite", person=admin, act=confirm)
    look("/administration/nycklar", "tokens", person=admin)
    look("/administration/nycklar/ny", "tokens-new", person=admin, act=confirm)


def open_all(page: Page) -> None:
    for details in page.locator("main details summary").all():
        details.click()


def with_authenticator(page: Page) -> Page:
    """A device that makes passkeys and always finds the right finger on it."""
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return page


@pytest.fixture
def here(live: str) -> str:
    """Browsers make passkeys for names only, never for addresses."""
    return live.replace("127.0.0.1", "localhost")


def test_a_passkey_is_made_and_logs_in_alone(admin: Person, open_page: Open, here: str) -> None:
    page, said = with_authenticator(open_page(new=True)), list[str]()
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{here}/konto/logga-in/?next=/konto/skydd/passkeys/ny/")
    page.fill("[name=login]", admin.username)
    confirm(page)
    page.fill("[name=name]", "Min dator")
    page.click("[data-passkey-go]")
    page.wait_for_url("**/reservkoder/")
    assert page.locator(".code").count() == 10
    page.goto(f"{here}/konto/skydd/passkeys/")
    expect(page.get_by_role("rowheader", name="Min dator")).to_be_visible()
    page.goto(f"{here}/konto/logga-ut/")
    page.click("main button")
    page.goto(f"{here}/konto/logga-in/?next=/konto/inloggningar/")
    page.click("[data-passkey-go]")
    page.wait_for_url("**/konto/inloggningar/")
    assert [text for text in said if "Content Security Policy" in text] == []


def test_after_the_password_a_passkey_is_asked_for(
    admin: Person, open_page: Open, here: str
) -> None:
    page = with_authenticator(open_page(new=True))
    page.goto(f"{here}/konto/logga-in/?next=/konto/skydd/passkeys/ny/")
    page.fill("[name=login]", admin.username)
    confirm(page)
    page.click("[data-passkey-go]")
    page.wait_for_url("**/reservkoder/")
    page.context.clear_cookies()
    page.goto(f"{here}/konto/logga-in/?next=/konto/")
    page.fill("[name=login]", admin.username)
    confirm(page)
    page.wait_for_url("**/konto/kod/")
    page.goto(f"{here}/konto/")
    expect(page).not_to_have_title("Mitt konto – Region Exempel")
    page.goto(f"{here}/konto/kod/")
    page.click("[data-passkey-go]")
    page.wait_for_url("**/konto/")


def test_without_javascript_one_logs_in_by_password(admin: Person, open_page: Open) -> None:
    page = open_page("/konto/logga-in/", javascript=False)
    assert page.locator("[data-passkey-go]").is_hidden()
    page.fill("[name=login]", admin.username)
    confirm(page)
    page.goto("/konto/")
    expect(page.get_by_role("heading", name="Mitt konto")).to_be_visible()
