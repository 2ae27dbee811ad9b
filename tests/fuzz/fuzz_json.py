"""Fuzz target of the sources: whatever is sent, each message has one outcome.

    python -m tests.fuzz.fuzz_json suricata              # until stopped, or:
    python -m tests.fuzz.fuzz_json suricata -max_total_time=600 /tmp/corpus
    python -m tests.fuzz.fuzz_json all -max_total_time=600

With `all`, the first byte of an input says which source reads the rest.
"""

import logging
import sys
import tempfile
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["vardkase.intake", "vardkase.detections"]):
    from vardkase.detections.alert import Alert, fingerprint
    from vardkase.intake.registry import modules, source
    from vardkase.policy.parameter import INTAKE

    modules()  # the sources themselves, instrumented too

from vardkase.lib.text import UNSTORABLE

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LONGEST = 20_000  # bytes of one input
NAMES = ["suricata", "wazuh", "alertmanager", "cowrie", "ecs", "defender", "sentinel", "asff",
         "nmap", "openvas", "trivy", "zap", "json:example",
         "snort-fast", "zeek", "cef", "leef", "syslog", "keyvalue", "arf", "xarf"]  # fmt: skip


def check(name: str, body: bytes) -> None:
    """Raises `AssertionError` where a reader breaks what storage relies on."""
    kind = source(name)
    for number, message in enumerate(kind.read(body, NOW), 1):
        assert message.line == number
        assert bool(message.alerts) + bool(message.aside) + bool(message.refused) <= 1
        assert "our reader failed" not in message.aside, message.aside
        for alert in message.alerts:
            check_alert(alert)
            fingerprint(name, alert, kind.fingerprint)


def check_alert(alert: Alert) -> None:
    """Bounded, and what a database can keep."""
    assert 1 <= len(alert.title) <= 300
    assert 1 <= alert.severity <= 5
    assert alert.occurred is None or alert.occurred.tzinfo is not None
    named = (alert.rule, alert.source_host, alert.target_host, alert.user, alert.ref)
    assert all(len(text) <= 300 for text in named)
    for text in (alert.title, *named, *alert.fields, *alert.fields.values()):
        assert len(text) <= 4_000
        assert not UNSTORABLE.search(text)


def seeds(name: str, folder: Path, first: bytes) -> None:
    """Our samples, the whole and each line, each behind `first`."""
    for sample in sorted(
        (INTAKE / name.replace(":example", "_").replace("-", "_") / "samples").iterdir()
    ):
        body = sample.read_bytes()
        for number, part in enumerate([body, *body.splitlines()]):
            (folder / f"{name}.{sample.name}.{number}").write_bytes((first + part)[:LONGEST])


def check_one_of_all(body: bytes) -> None:
    if body:
        check(NAMES[body[0] % len(NAMES)], body[1:])


def main(name: str, words: list[str]) -> None:
    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as folder:
        for number, one in enumerate(NAMES if name == "all" else [name]):
            seeds(one, Path(folder), bytes([number]) if name == "all" else b"")
        settings = [sys.argv[0], f"-max_len={LONGEST}", "-timeout=10", *words, folder]
        atheris.Setup(settings, check_one_of_all if name == "all" else partial(check, name))
        atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
