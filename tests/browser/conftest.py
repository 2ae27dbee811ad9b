"""The product in a real browser, which the tests share; each finds an empty database.

Within tests/browser, `db` is not a transaction that is rolled back but a database that is emptied,
so the fixtures of tests/conftest.py (region, hire, ...) make rows the server can see.
"""

import os
import shutil
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import pytest
from django.conf import settings
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.db import connection, connections
from django.test import Client
from playwright.sync_api import Browser, CDPSession, ConsoleMessage, Page, sync_playwright
from pytest_django.plugin import DjangoDbBlocker

from tests.conftest import let_in
from tests.database import empty, run
from vardkase.organisation.models import Person
from vardkase.web.made import compress_all

AXE = Path(__file__).with_name("axe.min.js")
SHOTS = Path(__file__).parents[2] / "shots"
CHROMIUM = (  # the one without a window does the same pages with two thirds of the work
    os.environ.get("CHROMIUM") or shutil.which("chromium-headless-shell") or "/usr/bin/chromium"
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE, WIDE = 390, 1440
# With what axe asks of each: the dark theme changes colours alone.
THEMES: dict[Literal["light", "dark"], object] = {
    "light": {},
    "dark": {"runOnly": ["color-contrast", "link-in-text-block"]},
}
RUN_AXE = """async more => (await axe.run(document, {resultTypes: ["violations"], ...more}))
    .violations.flatMap(v => v.nodes.map(n => `${v.id}: ${n.target} ${n.failureSummary}`))"""


@pytest.fixture(scope="package")
def own_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A copy of the suite's empty database."""
    own = f"browser_{os.getpid()}"
    with django_db_blocker.unblock():
        run(f"CREATE DATABASE {own} TEMPLATE {connection.settings_dict['NAME']}")
        yield own
        run(f"DROP DATABASE {own} WITH (FORCE)")


@pytest.fixture
def db(
    own_database: str, django_db_blocker: DjangoDbBlocker, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """The database that the server's threads use too, empty before and after."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright runs a loop in this thread
    with django_db_blocker.unblock():
        connection.close()
        monkeypatch.setitem(connection.settings_dict, "NAME", own_database)
        monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 0)  # emptying ends them all
        yield
        empty()
        connection.close()


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """The tests say what went wrong; a line for each request would hide it."""


class Server(ThreadedWSGIServer):
    daemon_threads = True

    def process_request_thread(self, request, client_address) -> None:  # type: ignore[no-untyped-def]
        try:
            super().process_request_thread(request, client_address)
        finally:
            connections.close_all()


@pytest.fixture(scope="package")
def product() -> Iterator[str]:
    """The product at one address; each request asks the database of the test that runs."""
    compress_all()  # before the server looks which of its files are compressed
    server = Server(("127.0.0.1", 0), Quiet)
    server.set_app(get_wsgi_application())
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.fixture
def live(db: None, product: str) -> str:
    """The address of the running product, `http://127.0.0.1:PORT`."""
    return product


@pytest.fixture(scope="package")
def browser(django_db_setup: None) -> Iterator[Browser]:
    """Chromium, for these tests only: while Playwright's loop runs, Django believes itself in
    asynchronous code and keeps other connections than before, so those before are closed."""
    connections.close_all()
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


type Open = Callable[..., Page]
type Waiting = dict[tuple[int, bool], list[Page]]


@pytest.fixture(scope="package")
def waiting() -> Waiting:
    """Pages that wait to be opened again, by width and JavaScript: a new one costs half a second,
    which is four times a page of ours."""
    return defaultdict(list)


@pytest.fixture
def open_page(browser: Browser, live: str, waiting: Waiting) -> Iterator[Open]:
    """A page as somebody sees it: `open_page("/rapportera", width=390, person=anna)`.

    It is as a new browser's, but that files may lie in its cache; not so with `new=True`.
    """
    opened: list[tuple[Page, list[Page] | None]] = []

    def open_one(
        path: str = "",
        *,
        width: int = PHONE,
        theme: str = "light",
        javascript: bool = True,
        person: Person | None = None,
        new: bool = False,
    ) -> Page:
        alike = waiting[width, javascript]
        page = alike.pop() if alike and not new else make(browser, live, width, javascript)
        opened.append((page, None if new else alike))
        page.emulate_media(media="null", color_scheme="dark" if theme == "dark" else "light")
        if person:
            page.context.add_cookies([cookie(person, live)])
        if path:
            page.goto(path)
        return page

    yield open_one
    for page, alike in opened:
        if alike is None or page.is_closed():
            page.context.close()
        else:
            forget(page)
            alike.append(page)


def make(browser: Browser, live: str, width: int, javascript: bool) -> Page:
    context = browser.new_context(base_url=live, java_script_enabled=javascript, **screen(width))
    context.set_default_timeout(15_000)
    return context.new_page()


def forget(page: Page) -> None:
    """Leave nothing of whoever used the page: no cookies, no store, and nothing that still asks."""
    page.unroute_all()
    if page.url.startswith("http"):
        page.evaluate("localStorage.clear(), sessionStorage.clear()")
    page.goto("about:blank")
    page.context.clear_cookies()


def screen(width: int) -> dict[str, Any]:
    """How a context of this width is made: the narrow one is touched with fingers."""
    size = {"width": width, "height": 844 if width == PHONE else 900}
    return {"viewport": size, "has_touch": width == PHONE, "locale": "sv-SE"}


def cookie(person: Person, live: str) -> Any:
    """That of somebody who has logged in."""
    client = Client()
    let_in(client, person)
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": live}


def faults(page: Page, rules: object = None) -> list[str]:
    """What axe finds on the page, and whether it scrolls sideways; empty is good."""
    if not page.evaluate("typeof axe !== 'undefined'"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(RUN_AXE, rules)
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("the page scrolls sideways")
    return found


type Look = Callable[..., None]


@pytest.fixture(scope="package")
def looked_through(browser: Browser, product: str) -> tuple[Page, CDPSession]:
    """One page that `look` uses again and makes narrow and wide: a new one costs half a second."""
    page = browser.new_context(base_url=product, locale="sv-SE").new_page()
    return page, page.context.new_cdp_session(page)


@pytest.fixture
def look(looked_through: tuple[Page, CDPSession], live: str) -> Look:
    """Open a path on phone and wide screen, light and dark: axe finds nothing, the console is
    quiet. `act(page)` first does what the view needs, on the phone. With VARDKASE_SHOTS set, a
    picture of each lies in shots/, to be looked at."""
    page, session = looked_through

    def look_at(
        path: str,
        name: str,
        *,
        person: Person | None = None,
        act: Callable[[Page], object] | None = None,
    ) -> None:
        with fresh(page, live, person) as said:
            resize(page, session, PHONE)
            page.goto(path)
            if act:
                act(page)
            for width in (PHONE, WIDE):
                resize(page, session, width)
                for theme, rules in THEMES.items():
                    page.emulate_media(color_scheme=theme)
                    if "VARDKASE_SHOTS" in os.environ:
                        SHOTS.mkdir(exist_ok=True)
                        page.screenshot(path=SHOTS / f"{name}-{width}-{theme}.png", full_page=True)
                    assert faults(page, rules) == [], f"{path} {width} {theme}"
            assert [t for t in said if "Content Security Policy" in t] == []

    return look_at


def resize(page: Page, session: CDPSession, width: int) -> None:
    """As a context of `screen(width)`, without loading the page anew."""
    size = screen(width)
    page.set_viewport_size(size["viewport"])
    session.send("Emulation.setTouchEmulationEnabled", {"enabled": size["has_touch"]})


@contextmanager
def fresh(page: Page, live: str, person: Person | None) -> Iterator[list[str]]:
    """The page as a new browser's: no cookies but the login's, light, no dialogue answered.

    Yields what its console says.
    """
    said: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        said.append(message.text)

    page.context.clear_cookies()
    page.emulate_media(color_scheme="light")
    if person:
        page.context.add_cookies([cookie(person, live)])
    page.on("console", hear)
    try:
        yield said
    finally:
        page.remove_listener("console", hear)
        page.evaluate("localStorage.clear()")
