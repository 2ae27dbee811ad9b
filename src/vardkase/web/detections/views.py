"""The pages of alarms: what machines have said, a group a line; one of them; what nobody
understood."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from vardkase.access.actor import Actor
from vardkase.access.rules import allowed, may, visible
from vardkase.assets.models import Asset
from vardkase.detections import queries
from vardkase.detections.models import Detection, Mute
from vardkase.events.models import Event, Raised
from vardkase.lib.paging import Page
from vardkase.vulnerabilities.queries import overdue
from vardkase.web.actor import actor
from vardkase.web.door import needs
from vardkase.web.organisation.pages import ROWS, asked_page
from vardkase.workflow import detect

from .forms import AlarmFilter
from .shown import Rate, Row, Severity, Told

SECTION = {"section": "detections"}
ASIDE = 20  # messages on a page


@needs(queries.READ)
def index(request: HttpRequest) -> HttpResponse:
    """Groups, those heard of last first; within the hour those that are newest."""
    reader, form = actor(request), AlarmFilter(request.GET)
    wanted = form.wanted()
    rows, asset = queries.detections(reader, wanted), wanted.asset
    page = Page.of(rows, queries.LATEST, after=asked_page(request), limit=ROWS)
    rates, led = queries.rates(page.items, timezone.now()), led_to(reader, page.items)
    shown = {
        "page": page,
        "rows": [Row(group, Rate(rates[group.pk]), led.get(group.pk, "")) for group in page.items],
        "form": form,
        "asset": Asset.objects.filter(pk=asset).first() if asset else None,
        "narrowed": any(request.GET.get(name) for name in form.fields),
        "overdue": overdue(reader, timezone.now()),
        "sees_all": queries.sees_all(reader),
    }
    return render(request, "detections/list.html", shown | SECTION)


def led_to(reader: Actor, groups: Iterable[Detection]) -> dict[int, str]:
    """The number of the case that each belongs to, where `reader` may read it; one statement."""
    readable = Event.objects.filter(visible(reader, "read"))
    rows = Raised.objects.filter(detection__in=list(groups), undone_at=None, event__in=readable)
    return dict(rows.values_list("detection", "event__number"))


@needs(queries.READ)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One group: what was understood of it, how often it comes, and its last messages."""
    reader, at = actor(request), timezone.now()
    group = queries.detection(reader, pk)
    there = detect.held(group)
    scope = there.event.scope() if there else None
    shown = {
        "tied": there,
        "over": there is None or detect.is_over(there),
        "sees_case": scope and allowed(reader, "read", scope),
        "parts": scope and allowed(reader, "edit", scope) and allowed(reader, "read", scope),
        "raises": may(reader, "assess"),
        "mutes": may(reader, "mute_detections"),
        "muting": muting(group, at),
        "counts_as": Event.Source(detect.source_kind(group.source, at)).label,
        "group": group,
        "severity": Severity(group.severity),
        "rate": Rate(queries.rates([group], timezone.now())[group.pk]),
        "fields": sorted(group.fields.items()),
        "messages_kept": [Told(raw) for raw in queries.messages(group)],
    }
    return render(request, "detections/detection.html", shown | SECTION)


def muting(group: Detection, at: datetime) -> Mute | None:
    """The muting that holds now."""
    rows = group.mutes.filter(ended_at=None, until__gt=at).select_related("owner", "detection")
    return rows.first()


@needs(queries.READ)
def set_aside(request: HttpRequest) -> HttpResponse:
    """Messages that no reader understood, newest first: kept, for a change of the reader."""
    if not queries.sees_all(actor(request)):
        raise PermissionDenied
    rows = queries.set_aside(request.GET.get("kalla", "")[:80].replace("\0", ""))
    page = Page.of(rows, queries.ASIDE, after=asked_page(request), limit=ASIDE)
    shown = {"page": page, "rows": [Told(raw) for raw in page.items]}
    return render(request, "detections/aside.html", shown | SECTION)
