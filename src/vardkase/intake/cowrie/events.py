"""Cowrie, a honeypot: whoever logs in there has no business there."""

from typing import Any

from vardkase.detections.alert import Alert

from ..apart import Alerts
from ..inside import within
from ..policy import Policy
from ..source import NotUnderstood
from ..values import chosen, line, moment, one, table, text, words

# passwords are left out: people type their real ones
FIELDS = (
    "session", "sensor", "protocol", "src_port", "dst_ip", "dst_port", "input", "url", "outfile",
    "shasum", "filename", "destfile", "size", "version", "hassh", "fingerprint", "keyalg", "arch",
    "duration", "uuid", "is_new", "positives", "total",
)  # fmt: skip
SECRETS = ("passwd", "chpasswd")  # commands whose input is a password
UNKNOWN = "This is no event of Cowrie's: its eventid does not begin with cowrie."


def understand(document: Any, policy: Policy) -> Alerts:
    return within(document, lambda each: _one(table(each), policy))


def _one(event: dict[str, Any], policy: Policy) -> Alerts:
    kind = text(event.get("eventid")).lower()
    if not kind.startswith("cowrie."):
        raise NotUnderstood(UNKNOWN)
    if kind not in policy.severity or policy.skips(lambda name: _told(event, name)):
        return ()
    if text(event.get("realm")).lower() in SECRETS:
        event = {name: value for name, value in event.items() if name not in ("input", "message")}
    return (_alert(event, kind, policy),)


def _told(event: dict[str, Any], name: str) -> str | None:
    return None if event.get(name) is None else text(event[name])


def _alert(event: dict[str, Any], kind: str, policy: Policy) -> Alert:
    return Alert(
        title=_title(event, kind),
        severity=policy.serious(kind),
        occurred=moment(event.get("timestamp") or event.get("time"), policy.zone),
        rule=kind,
        source_host=words(event, "src_ip", "src_host"),
        target_host=words(event, "sensor", "dst_ip"),
        user=words(event, "username"),
        ref=words(event, "session"),
        fields=chosen(event, *FIELDS),
    )


def _title(event: dict[str, Any], kind: str) -> str:
    """What it says, but with no password in it: `login attempt [root/123456] failed`."""
    if kind.startswith("cowrie.login."):
        return line(f"Honeypot: {kind.removeprefix('cowrie.')} as {words(event, 'username')}")
    about = f"Honeypot: {kind.removeprefix('cowrie.')} {words(event, 'input', 'url', 'realm')}"
    return line(one(event.get("message"))) or line(about)
