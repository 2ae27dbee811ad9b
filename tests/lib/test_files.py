"""A file lies under the hash of its bytes, whole, or it does not lie there at all."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vardkase.lib.files import Altered, Missing, Received, checked, keep, new_path, place, safe_name


def received(store: Path, content: bytes, name: str = "a.txt") -> Received:
    path = new_path(store)
    path.write_bytes(content)
    return Received(path, name, len(content), hashlib.sha256(content).hexdigest())


def test_a_file_is_found_again_by_its_hash(tmp_path: Path) -> None:
    file = received(tmp_path, b"evidence")
    keep(file, tmp_path)
    assert checked(tmp_path, file.sha256).read_bytes() == b"evidence"
    assert not file.path.exists()


def test_the_same_bytes_are_kept_once(tmp_path: Path) -> None:
    for name in ("a", "b"):
        keep(received(tmp_path, b"same", name), tmp_path)
    assert [p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()] == [b"same"]


def test_half_a_file_of_an_old_crash_is_replaced(tmp_path: Path) -> None:
    file = received(tmp_path, b"evidence")
    target = place(tmp_path, file.sha256)
    target.parent.mkdir(parents=True)
    target.write_bytes(b"evid")
    keep(file, tmp_path)
    assert checked(tmp_path, file.sha256).read_bytes() == b"evidence"


def test_bytes_that_changed_or_went_are_not_handed_out(tmp_path: Path) -> None:
    file = received(tmp_path, b"evidence")
    with pytest.raises(Missing):
        checked(tmp_path, file.sha256)
    keep(file, tmp_path)
    path = place(tmp_path, file.sha256)
    path.chmod(0o600)
    path.write_bytes(b"Evidence")
    with pytest.raises(Altered):
        checked(tmp_path, file.sha256)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, "a" * 63 + "/", "\x00"])
def test_only_a_hash_is_a_place(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        place(tmp_path, name)


@given(st.text())
def test_a_name_for_a_download_hides_nothing_and_is_no_path(name: str) -> None:
    shown = safe_name(name)
    assert shown
    assert shown not in {".", ".."}
    assert not set(shown) & set("/\\\r\n\x00\u202e\u2066\u200b")
    shown.encode()


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\rapport.pdf", "rapport.pdf"),
        ("fil\u202egpj.exe", "filgpj.exe"),
        ('a"\r\nSet-Cookie: x', 'a"Set-Cookie: x'),
        ("åäö.txt", "åäö.txt"),
        ("...", "file"),
        ("x" * 400, "x" * 150),
    ],
)
def test_names_that_attackers_like(given_name: str, shown: str) -> None:
    assert safe_name(given_name) == shown
