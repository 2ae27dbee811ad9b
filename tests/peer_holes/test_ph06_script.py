"""PH06: script stored in every free text of a case comes back as text, on every page.

IRIS, 41 holes of MISP, RT CVE-2025-30087, GLPI CVE-2026-25932, Zammad's ticket title. The browser
tests run the same canary; here every page is read as the parser of a browser reads it.
"""

import logging
from html.parser import HTMLParser

import pytest
from django.http import HttpResponse

from tests.architecture.sweep.world import World, build
from tests.conftest import NOW
from tests.peer_holes.pages import readable, text
from vardkase.events.models import Event, Message, Statement
from vardkase.organisation.models import Organisation, Person, Unit

CANARIES = (  # the first 40 characters bite already: some fields hold no more
    "<canary-element>\"><canary-element>'></title></textarea></script></style><canary-element>"
    "<img src=x onerror=canary()><canary-element x='{{7*7}}{% canary %}${7*7}",
    "javascript:canary()\" onmouseover=\"canary()\" x=\"' onfocus='canary()' autofocus='",
)


class Finder(HTMLParser):
    """What a browser would make of the page that only the canary can have brought."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "canary-element" or any("canary" in name for name, _ in attrs):
            self.found.append(tag)
        for name, value in attrs:
            script = (value or "").strip().lower().startswith("javascript:")
            if name.startswith("on") or (name in {"href", "src", "action"} and script):
                self.found.append(f"{tag} {name}={value}")
        if tag == "img" and ("src", "x") in attrs:
            self.found.append("img")


@pytest.fixture
def world(db: None, caplog: pytest.LogCaptureFixture) -> World:
    caplog.set_level(logging.CRITICAL, logger="django.request")
    return build()


def poison(world: World, canary: str) -> None:
    """The canary in what anybody may write."""
    case = world.plain
    Event.objects.filter(pk=case.pk).update(
        title=canary[:200], what=canary, system=canary, contact=canary, on_behalf_of=canary,
        reference=canary[:100], labels=[],
    )  # fmt: skip
    Statement.objects.create(event=case, question="what", answer=canary, at=NOW, by="reporter")
    Message.objects.create(event=case, text=canary, from_reporter=True, at=NOW, by="reporter")
    Organisation.objects.update(name=canary, duty_phone=canary[:40])
    Unit.objects.filter(pk=case.unit_id).update(name=canary, form_note=canary, routine=canary)
    Person.objects.filter(pk=world.colleague.pk).update(
        name=canary, title=canary, phone=canary[:40]
    )


@pytest.mark.parametrize("canary", CANARIES)
def test_what_anybody_writes_comes_back_as_text(world: World, canary: str) -> None:
    """And no page lets a browser run what slipped through."""
    poison(world, canary)
    world.employ("security_chief", ("patient",))
    for url, answer in readable(world, world.plain):
        if "html" in answer.headers.get("Content-Type", ""):
            finder = Finder()
            finder.feed(text(answer))
            assert not finder.found, url
        forbids_script_that_is_not_ours(url, answer)


def forbids_script_that_is_not_ours(url: str, answer: HttpResponse) -> None:
    policy = answer.headers.get("Content-Security-Policy", "")
    assert "default-src 'none'" in policy, url
    assert "unsafe" not in policy, url
    assert answer.headers["X-Content-Type-Options"] == "nosniff", url
