"""PH09, a name is never a path: Znuny CVE-2024-32491, IRIS CVE-2024-34060, GLPI CVE-2023-42802,
MISP CVE-2022-27243, FIR ec2d791, CISO Assistant 76d29c99e."""

from pathlib import Path

import pytest
from django.conf import settings as django
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from vardkase.events.models import Attachment, Event
from vardkase.lib.files import place, safe_name
from vardkase.organisation.models import Unit
from vardkase.web.uploads import SALT

NAMES = [
    "../../etc/cron.d/x", "..\\..\\windows\\x", "/etc/passwd", "C:\\autoexec.bat", "....//x",
    "%2e%2e%2fx", "a\x00.php", "CON", "aux.txt", ".htaccess", "x" * 3000, "\u202egpj.exe", "..",
    "~root", "a\r\nSet-Cookie: x=1", "\uff0e\uff0e\uff0fx", "file://x", "$(id)", "`id`", " ",
]  # fmt: skip


def below(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_a_file_lies_under_its_hash_whatever_it_is_called(
    region: Unit, client: Client, name: str
) -> None:
    file = SimpleUploadedFile("x", b"innehall")
    file._name = name  # past what the test client itself would clean
    answer = client.post("/rapportera", {"what": "x", "files": [file]})
    assert answer.status_code in {200, 400, 422}  # 400: a name longer than any browser sends
    rows = {place(django.FILES, row.sha256) for row in Attachment.objects.all()}
    assert below(django.FILES.parent) == rows
    for row in Attachment.objects.all():
        assert not {"/", "\\", "\r", "\n", "\x00"} & set(safe_name(row.name))


@given(st.text())
def test_a_name_that_leaves_us_is_one_plain_name(name: str) -> None:
    found = safe_name(name)
    assert found.strip(" .")
    assert len(found) <= 150
    assert not {"/", "\\", "\r", "\n", "\x00", "\u202e"} & set(found)


@pytest.mark.parametrize("name", ["../../../etc/passwd", "/etc/passwd", "..", ""])
def test_a_ticket_for_a_held_file_is_ours_or_none(region: Unit, client: Client, name: str) -> None:
    """A ticket under another key, or another salt, opens nothing."""
    for key, salt in ((django.SECRET_KEY, "other"), ("another key", SALT)):
        ticket = signing.dumps([name, "x", 1, "0" * 64], key=key, salt=salt, compress=True)
        answer = client.post("/rapportera", {"what": "x", "held": ticket})
        assert answer.status_code == 422
    assert not Event.objects.exists()


@pytest.mark.parametrize("sha256", ["..", "../../x", "A" * 64, "0" * 63, "", "0" * 64 + "\n"])
def test_only_a_hash_has_a_place(sha256: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        place(tmp_path, sha256)
