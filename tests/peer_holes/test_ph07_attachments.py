"""PH07, what strangers send is never shown as a page: TheHive CVE-2024-22876, SB-2023-003, RT
CVE-2022-25802, OTRS CVE-2023-38060, MISP CVE-2015-5719, -2022-27246, -2022-47928, CVE-2024-25674,
-29858, -29859."""

import logging
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.architecture.sweep.world import World, build
from tests.conftest import Hire
from tests.peer_holes.pages import readable
from vardkase.decisionlog.models import Entry
from vardkase.events.models import Attachment
from vardkase.organisation.models import Person, Unit

SCRIPT = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
SENT = [
    ("logo.svg", "image/svg+xml"),
    ("sida.html", "text/html"),
    ("sida.xhtml", "application/xhtml+xml"),
    ("bild.png", "text/html; charset=utf-7"),
    ("bild.jpg", "image/jpeg\r\nX-Evil: 1"),
    ("blad.pdf", "application/pdf"),
    ("skal.php", "application/x-php"),
    ("nyhet.xml", "text/xml"),
]
FILES = {"application/pdf", "text/csv", "text/plain"}  # ours, to be taken away
OURS = {"text/html", "application/json", "application/problem+json"} | FILES
SHOWN = {"text/html", "application/json", "application/problem+json"}  # as pages and answers


@pytest.mark.parametrize(("name", "kind"), SENT)
def test_whatever_a_file_says_it_is_it_comes_back_as_bytes(
    region: Unit, client: Client, hire: Hire, signed_in: Callable[[Person], Client],
    name: str, kind: str,
) -> None:  # fmt: skip
    file = SimpleUploadedFile(name, SCRIPT, content_type=kind)
    assert client.post("/rapportera", {"what": "x", "files": [file]}).status_code == 200
    row = Attachment.objects.get()
    address = f"/arenden/{row.event.number}/filer/{row.pk}"
    answer = signed_in(hire("incident_manager")).get(address, headers={"accept": kind.split()[0]})
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert "X-Evil" not in answer.headers
    assert Entry.objects.filter(kind="evidence.read").count() == 1


@pytest.fixture
def world(db: None, caplog: pytest.LogCaptureFixture) -> World:
    caplog.set_level(logging.CRITICAL, logger="django.request")
    return build()


def test_nothing_but_our_own_pages_is_shown_in_a_browser(world: World) -> None:
    """Every address that gives anything else gives it as a file, and says so to sniffers."""
    world.employ("security_chief", ("patient",))
    for url, answer in readable(world, world.plain):
        kind = answer.headers.get("Content-Type", "text/html").split(";")[0]
        assert kind in OURS | {"application/octet-stream"}, url
        assert answer.headers["X-Content-Type-Options"] == "nosniff", url
        if answer.status_code == 200 and kind not in SHOWN:
            assert answer.headers["Content-Disposition"].startswith("attachment"), url


def test_no_folder_of_files_is_served(db: None, client: Client) -> None:
    for path in ("/files/", "/media/x.svg", "/static/../files/", "/data/files/ab/abc", "/uploads/"):
        assert client.get(path).status_code == 404
