"""What `vardkase check` finds, and that each finding says how to mend it."""

import json
from pathlib import Path
from typing import Any

from .instances import vardkase


def found(data: Path, **more: str) -> dict[str, dict[str, Any]]:
    answer = vardkase(data, "check", "--json", **more)
    assert answer.returncode == 3, answer.stderr
    said = json.loads(answer.stdout)
    assert said["ok"] is False
    assert all(each["sentence"].endswith(".") and each["fix"] for each in said["findings"])
    return {each["code"]: each for each in said["findings"]}


def test_a_fresh_instance_is_told_what_remains(made: Path) -> None:
    (made / "policy" / "priority.toml").write_text("id = [\n")
    (made / "keys" / "secret_key").chmod(0o644)
    try:
        codes = found(made)
    finally:
        (made / "policy" / "priority.toml").unlink()
        (made / "keys" / "secret_key").chmod(0o600)
    assert {"not-founded", "no-https", "no-host-name", "built-in-database", "no-mail"} < set(codes)
    assert "priority.toml:" in codes["policy"]["sentence"]
    assert codes["readable-by-others"]["fix"] == f"chmod go-rwx {made}/keys/secret_key"
    assert not {"owns-tables", "fsync-off", "other-version", "known-secret"} & set(codes)


def test_what_is_mended_is_not_told(made: Path, tmp_path: Path) -> None:
    assert vardkase(made, "backup", str(tmp_path / "b")).returncode == 0
    settings = {"VARDKASE_HTTPS": "1", "VARDKASE_HOSTS": "vardkase.example.se"}
    codes = found(made, VARDKASE_MAIL_HOST="mail.example.se", **settings)
    assert not {"no-https", "no-host-name", "no-backup", "no-mail", "policy"} & set(codes)


def test_it_speaks_the_language_of_whoever_asks(made: Path) -> None:
    assert "Sidorna skickas utan kryptering" in vardkase(made, "check", LANG="sv_SE.UTF-8").stdout
