"""Any JSON, read by a mapping that is data: see `policy/data/mappings/example.toml`."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, Literal
from zoneinfo import ZoneInfo

from vardkase.detections.alert import Alert, Severity

from ..apart import Alerts
from ..source import NotUnderstood
from ..values import fields, line, moment, text
from .paths import values

type Kind = Literal["alert", "vulnerability"]


@dataclass(frozen=True, slots=True)
class Mapping:
    """One version of a mapping, as its file says it."""

    alerts: str  # path of the list of alerts in a message; "" where the message is the alert
    needs: tuple[str, ...]
    paths: dict[str, tuple[str, ...]]  # field of Alert -> where it lies, the best first
    formats: tuple[str, ...]
    zone: tzinfo
    severities: dict[str, Severity]  # by the sender's word, in lower case
    otherwise: Severity
    kind: Kind
    fields: tuple[str, ...]
    skip: dict[str, frozenset[str]]


PLACES = ("title", "rule", "source_host", "target_host", "user", "ref", "occurred", "severity")


def made(value: dict[str, Any]) -> Mapping:
    """The mapping of a file that `vardkase policy check` finds no fault in."""
    return Mapping(
        alerts=value.get("list", ""),
        needs=tuple(value.get("needs", ())),
        paths={place: _paths(value.get(place)) for place in PLACES},
        formats=tuple(value.get("time_formats", ())),
        zone=ZoneInfo(value["zone"]),
        severities={
            word.lower(): Severity[told.upper()]
            for word, told in value.get("severities", {}).items()
        },
        otherwise=Severity[value["otherwise"].upper()],
        kind=value.get("kind", "alert"),
        fields=tuple(value.get("fields", ())),
        skip={
            path: frozenset(word.lower() for word in told)
            for path, told in value.get("skip", {}).items()
        },
    )


def _paths(told: Any) -> tuple[str, ...]:
    return () if told is None else (told,) if isinstance(told, str) else tuple(told)


def understand(document: Any, mapping: Mapping) -> Alerts:
    """The alerts of one message, in the order they stand."""
    if not isinstance(document, dict):
        raise NotUnderstood("The message is no JSON object.")
    found = [document]
    if mapping.alerts:
        lists = [*values(document, mapping.alerts.removesuffix("[]").removesuffix("[*]"))]
        if not any(isinstance(each, list) for each in lists):
            raise NotUnderstood(f"There is no list at {mapping.alerts}.")
        found = [each for each in values(document, mapping.alerts) if isinstance(each, dict)]
    alerts = [_alert(each, mapping) for each in found]
    if found and not any(alerts):
        raise NotUnderstood(_lacking(found[0], mapping))
    return tuple(
        alert
        for each, alert in zip(found, alerts, strict=True)
        if alert and not _skipped(each, mapping)
    )


def _lacking(document: dict[str, Any], mapping: Mapping) -> str:
    lacks = [path for path in mapping.needs if not values(document, path)]
    told = lacks or list(mapping.paths["title"])
    return f"The message lacks {', '.join(told)}, which the mapping needs."[:300]


def _skipped(document: dict[str, Any], mapping: Mapping) -> bool:
    return any(
        "*" in skipped or text(value).lower() in skipped
        for path, skipped in mapping.skip.items()
        for value in values(document, path)
    )


def _first(document: dict[str, Any], paths: tuple[str, ...]) -> Any:
    """The first thing told under the first path that tells one."""
    told = (value for path in paths for value in values(document, path))
    return next((value for value in told if value is not None and value != ""), None)


def _alert(document: dict[str, Any], mapping: Mapping) -> Alert | None:
    paths = mapping.paths
    title = line(_first(document, paths["title"]))
    if not title or any(not values(document, path) for path in mapping.needs):
        return None
    word = text(_first(document, paths["severity"])).lower()
    return Alert(
        title=title,
        severity=mapping.severities.get(word, mapping.otherwise),
        occurred=_time(_first(document, paths["occurred"]), mapping),
        rule=text(_first(document, paths["rule"])),
        source_host=text(_first(document, paths["source_host"])),
        target_host=text(_first(document, paths["target_host"])),
        user=text(_first(document, paths["user"])),
        ref=text(_first(document, paths["ref"])),
        kind=mapping.kind,
        fields=fields((path, _shown(values(document, path))) for path in mapping.fields),
    )


def _shown(found: list[Any]) -> Any:
    return found[0] if len(found) == 1 else found


def _time(told: Any, mapping: Mapping) -> datetime | None:
    if isinstance(told, str):
        for form in mapping.formats:
            try:
                found = datetime.strptime(told.strip()[:100], form)  # noqa: DTZ007 - below
            except ValueError:
                continue
            aware = found if found.tzinfo else found.replace(tzinfo=mapping.zone)
            return moment(aware.isoformat(), mapping.zone)
    return moment(told, mapping.zone)
