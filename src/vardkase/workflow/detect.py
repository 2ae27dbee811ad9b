"""From alarms to events: by the rules, or by hand; joined, and back when it gets worse."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from vardkase.access.actor import Actor
from vardkase.assets.models import Asset
from vardkase.decisionlog.services import decision
from vardkase.detections.models import Detection, Hourly
from vardkase.detections.raising import Look, fitting, worse
from vardkase.events.models import AssetLink, Event, Raised
from vardkase.events.rules import Report
from vardkase.events.standing import under_lock
from vardkase.incidents.queries import OPEN
from vardkase.lib.each import each
from vardkase.organisation.models import Unit
from vardkase.organisation.queries import root
from vardkase.policy.parameter import NotInForce, UnknownParameter, Version, parameter

from .acting import NotNow
from .report import report
from .watching import watched

HOURS = 24 * 7  # of counts that the normal is taken from
BY_HAND = "by_hand"
WATCHED = "watched"  # as the rule of an alarm that heightened monitoring joined


def look(at: datetime, *, most: int = 100) -> int:
    """Let the rules look at the groups that have changed, those that have waited longest first;
    how many led to something.

    Any number of workers may look: each takes groups that nobody else holds.
    """
    rows = Detection.objects.exclude(pending_since=None).order_by("pending_since", "pk")
    waiting = list(rows.values_list("pk", flat=True)[:most])
    known = called() if waiting else {}
    return each(waiting, lambda pk: look_at(pk, at, known))


def look_at(pk: int, at: datetime, known: dict[str, int]) -> bool:
    with transaction.atomic():
        rows = Detection.objects.select_for_update(skip_locked=True, of=("self",))
        group = rows.filter(pk=pk).exclude(pending_since=None).first()
        if group is None:
            return False
        known_before = group.looked_at is not None
        group.asset = group.asset or asset_of(group, known)
        group.pending_since, group.looked_at = None, at
        group.save(update_fields=["asset", "pending_since", "looked_at"])
        if (tied := held(group)) and not is_over(tied):
            return came_back(tied, group, at)
        if watching(group, at):
            return True
        if group.muted_until and group.muted_until > at:
            return False
        return lead_on(group, at, known_before=known_before)


def held(group: Detection) -> Raised | None:
    """What ties the alarm to a case, open or closed."""
    rows = Raised.objects.filter(detection=group, undone_at=None, ended_at=None)
    return rows.select_related("event__unit").first()


def is_over(tied: Raised) -> bool:
    """Whether its case was closed: an alarm that comes after that is about something new."""
    return case_of(tied.event).state == Event.State.CLOSED


def case_of(event: Event) -> Event:
    """The event, or that which it was merged into: one that is open before one that is closed."""
    if event.state != Event.State.MERGED:
        return event
    merges = event.merges.filter(undone_at=None).select_related("into__unit").order_by("pk")
    found = [case_of(merge.into) for merge in merges]
    still = (case for case in found if case.state != Event.State.CLOSED)
    return next(still, found[0] if found else event)


def called() -> dict[str, int]:
    """Assets by what they are called, in lower case: by their names before their other names."""
    found, named = {}, {}
    rows = Asset.objects.filter(closed_at=None).order_by("-pk")
    for pk, name, others in rows.values_list("pk", "name", "other_names"):
        found.update(dict.fromkeys(others.lower().replace(",", " ").split(), pk))
        named[name.lower()] = pk
    return found | named


def asset_of(group: Detection, known: dict[str, int]) -> Asset | None:
    """The asset of that host, what it is aimed at before where it comes from."""
    hosts = [h.lower() for h in (group.target_host, group.source_host) if h]
    short = [host.partition(".")[0] for host in hosts if not host[:1].isdigit()]
    found = next((known[host] for host in (*hosts, *short) if host in known), None)
    return Asset.objects.filter(pk=found).first() if found else None


def watching(group: Detection, at: datetime) -> bool:
    """Join the alarm to the case that keeps a closer eye on its asset, muted or not (S2-112)."""
    version = parameter("detections.raising").at(at)
    if group.asset is None or group.severity < version.value["watch_severity"]:
        return False
    found = watched(group.asset, at)
    if found:
        event = found.action.incident.event
        join(event, group, WATCHED, by=Actor.system(at), at=at, version=version)
    return found is not None


def lead_on(group: Detection, at: datetime, *, known_before: bool) -> bool:
    """Join an open event of the same asset, or make one if a rule says so."""
    version = parameter("detections.raising").at(at)
    rule = fitting(version.value["rules"], seen(group, at, known_before=known_before))
    if rule is None:
        return False
    system = Actor.system(at)
    near = open_event(group, at, hours=version.value["join_hours"])
    if near is not None:
        join(near, group, rule["code"], by=system, at=at, version=version)
    else:
        raise_event(group, rule=rule, by=system, at=at, version=version)
    return True


def seen(group: Detection, at: datetime, *, known_before: bool) -> Look:
    """The group as the rules see it."""
    now = int(at.timestamp()) // 3600
    rows = Hourly.objects.filter(fingerprint=group.fingerprint, hour__gt=now - HOURS)
    counts = dict(rows.values_list("hour", "count"))
    first = max(now - HOURS + 1, int(group.first_at.timestamp()) // 3600, min(counts, default=now))
    hours = tuple(counts.get(hour, 0) for hour in range(now, first - 1, -1))
    essential = bool(group.asset and group.asset.essential)
    return Look(group.severity, group.count, hours, essential, known_before)


def open_event(group: Detection, at: datetime, *, hours: int) -> Event | None:
    """The newest open event of machines about the same asset."""
    if group.asset is None:
        return None
    rows = Event.objects.filter(
        state__in=OPEN, reported_at__gte=at - timedelta(hours=hours),
        alarms__detection__asset=group.asset, alarms__undone_at=None,
    )  # fmt: skip
    return rows.select_related("unit").order_by("-reported_at", "-pk").first()


def raise_event(
    group: Detection, *, rule: Mapping[str, Any] | None = None, by: Actor, at: datetime,
    version: Version | None = None,
) -> Event:  # fmt: skip
    """An event of an alarm, in the queue with people's reports. Raises `NotNow`."""
    place = open_unit(group.asset.unit) if group.asset else root()
    kind = Event.Kind.VULNERABILITY if group.kind == "vulnerability" else Event.Kind.INCIDENT
    words = [group.title, " → ".join(h for h in (group.source_host, group.target_host) if h)]
    sent = Report(
        what="\n".join(filter(None, words)),
        kind=kind,
        source=source_kind(group.source, at),
        system=group.asset.name if group.asset else group.target_host or group.source_host,
        discovered_at=group.first_at if group.first_at <= at else at,
        reporter_kind=Event.ReporterKind.MACHINE,
        reference=group.ref[:100],
        unit=place.pk,
    )
    with transaction.atomic():
        Detection.objects.select_for_update().get(pk=group.pk)
        if (tied := held(group)) and not is_over(tied):
            raise NotNow("raised_before")
        event = report(sent, by=by, at=at).event
        if group.asset:
            AssetLink.objects.create(event=event, asset=group.asset, at=at, by=by.key)
        tie(event, group, rule["code"] if rule else BY_HAND, "alarm.raised", by, at, version)
    return event


def open_unit(unit: Unit) -> Unit:
    """The unit, or the nearest above it that is not closed: what belonged to it stays its own."""
    while unit.closed_at and unit.parent:
        unit = unit.parent
    return unit


def source_kind(source: str, at: datetime) -> str:
    """Which of the instruction's seven kinds of source an alarm counts as: its own policy says."""
    _, is_json, name = source.partition("json:")
    try:
        policy = f"mappings.{name}" if is_json else f"intake.{source.replace('-', '_')}"
        told = parameter(policy).at(at).value
    except (UnknownParameter, NotInForce):  # a mapping may be taken away; its alarms stay
        return Event.Source.MONITORING
    return str(told.get("source_kind", Event.Source.MONITORING))


def join(
    event: Event, group: Detection, rule: str, *, by: Actor, at: datetime,
    version: Version | None = None,
) -> None:  # fmt: skip
    with transaction.atomic():
        tie(event, group, rule, "alarm.joined", by, at, version)


def tie(
    event: Event, group: Detection, rule: str, kind: str, by: Actor, at: datetime,
    version: Version | None,
) -> None:  # fmt: skip
    """The alarm is of this event from now on; the one before, if any, is over."""
    with decision(kind, scope=event.scope(), by=by, at=at) as log:
        under_lock(event, kind, by=by)
        Raised.objects.filter(detection=group, undone_at=None, ended_at=None).update(ended_at=at)
        Raised.objects.create(
            event=event, detection=group, rule=rule, severity=group.severity, count=group.count,
            at=at, by=by.key,
        )  # fmt: skip
        if version:
            log.cite(version)
        log.note(alarm=group.pk, rule=rule, source=group.source, count=group.count)


def part(tied: Raised, *, reason: str, by: Actor, at: datetime) -> None:
    """The alarm has nothing to do with this event."""
    event = tied.event
    with decision("alarm.parted", scope=event.scope(), by=by, at=at) as log:
        under_lock(event, "alarm.parted", by=by)
        Raised.objects.filter(pk=tied.pk, undone_at=None).update(undone_at=at)
        log.note(alarm=tied.detection_id, reason=reason)


def came_back(tied: Raised, group: Detection, at: datetime) -> bool:
    """What was judged no incident is assessed again when it has become worse."""
    event = case_of(tied.event)
    factor = parameter("detections.raising").at(at).value["worse_factor"]
    was, now = (tied.severity, tied.count), (group.severity, group.count)
    if event.state != Event.State.NOT_INCIDENT or not worse(was, now, factor):
        return False
    system = Actor.system(at)
    with decision("alarm.returned", scope=event.scope(), by=system, at=at) as log:
        case = under_lock(event, "alarm.returned", by=system)
        case.state = Event.State.UNASSESSED
        case.save(update_fields=["state"])
        Raised.objects.filter(pk=tied.pk).update(severity=group.severity, count=group.count)
        log.note(alarm=group.pk, severity=group.severity, count=group.count)
    return True
