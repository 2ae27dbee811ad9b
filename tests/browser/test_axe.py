"""The judge itself: axe-core (MPL-2.0, unchanged) is the file its makers published."""

import hashlib

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import AXE, Look, faults
from vardkase.organisation.models import Unit

# npm axe-core 4.14.1, axe.min.js
SHA256 = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"


def test_axe_is_unchanged_and_carries_its_licence() -> None:
    assert hashlib.sha256(AXE.read_bytes()).hexdigest() == SHA256
    assert "Mozilla Public" in AXE.read_text(encoding="utf-8")[:700]


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ("<img src=x>", "image-alt"),
        ("<p style='color:#aaa;background:#fff'>pale</p>", "color-contrast"),
        ("<p style='width:200vw'>wide</p>", "sideways"),
    ],
)
def test_axe_sees_a_fault_that_was_put_there(browser: Browser, html: str, fault: str) -> None:
    page = browser.new_page()
    page.set_content(f"<!doctype html><html lang=sv><title>t</title><main><h1>h</h1>{html}</main>")
    assert any(fault in found for found in faults(page))
    page.close()


def test_the_frame_has_no_faults(region: Unit, look: Look) -> None:
    look("/nowhere", "frame")
