"""Reading detections: groups that the reader may see, their messages, and how often they come."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db.models import FilteredRelation, Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from vardkase.access.actor import Actor
from vardkase.access.rules import NOTHING, is_root, reaching
from vardkase.lib.paging import Order

from .models import Detection, Hourly, Mute, Raw

READ = "read_detections"
AS_OPENED = Order(("id",))  # what was on a page stays there, whatever is counted meanwhile
LATEST = Order(("hour", "id"), falling=True)
ASIDE = Order(("received", "batch", "line"), falling=True)
HOURS = 48  # shown of a group's rate
MESSAGES = 10  # shown of a group


def seen(reader: Actor) -> Q:
    """Which detections exist for `reader`: all, or those of assets in his unit and below it.

    What has met no asset belongs to the whole, and is seen by those who see the whole.
    """
    if reader.key == "system":
        return Q()
    found = NOTHING
    for grant, letter in reaching(reader, READ):
        if letter == "A" or is_root(grant.unit):
            return Q()
        found |= Q(asset__isnull=False, asset__unit__path__startswith=grant.unit)
    return found


def sees_all(reader: Actor) -> bool:
    """Whether messages that nobody understood, which belong to no unit, are his to see."""
    return seen(reader) == Q()


class Standing(TextChoices):
    """What has been done about a group."""

    MUTED = "muted", _("Muted")
    HEARD = "heard", _("Not muted")
    IN_CASE = "in_case", _("In a case")
    WITHOUT_CASE = "without_case", _("Without a case")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of detections is narrowed to."""

    source: str = ""
    severity: int = 0  # at least
    asset: int = 0  # its number
    words: str = ""
    standing: str = ""  # a `Standing`


def detections(reader: Actor, wanted: Wanted = Wanted()) -> QuerySet[Detection]:
    rows = Detection.objects.filter(seen(reader)).select_related("asset")
    if wanted.source:
        rows = rows.filter(source=wanted.source)
    if wanted.severity:
        rows = rows.filter(severity__gte=wanted.severity)
    if wanted.asset:
        rows = rows.filter(asset=wanted.asset)
    if wanted.words:
        rows = rows.filter(words__icontains=wanted.words)
    return standing(rows, wanted.standing, reader.at) if wanted.standing else rows


def standing(rows: QuerySet[Detection], wanted: str, at: datetime) -> QuerySet[Detection]:
    if wanted in (Standing.IN_CASE, Standing.WITHOUT_CASE):
        holds = Q(raised__undone_at=None, raised__ended_at=None)
        tied = FilteredRelation("raised", condition=holds)
        return rows.alias(tied=tied).filter(tied__isnull=wanted == Standing.WITHOUT_CASE)
    if wanted == Standing.MUTED:  # few, and in an index
        muted = Mute.objects.filter(ended_at=None, until__gt=at)
        return rows.filter(pk__in=muted.values("detection"), muted_until__gt=at)
    return rows.filter(Q(muted_until=None) | Q(muted_until__lte=at))


def mutings(reader: Actor) -> QuerySet[Mute]:
    """Mutings of the groups that the reader may see, those that end first before others."""
    rows = Mute.objects.filter(detection__in=Detection.objects.filter(seen(reader)))
    return rows.select_related("detection", "owner").order_by("until", "pk")


def detection(reader: Actor, number: int) -> Detection:
    """One group; raises `Detection.DoesNotExist` where the reader may not see it."""
    return detections(reader).get(pk=number)


def messages(group: Detection) -> list[Raw]:
    """The last messages of a group that are still kept, newest first, each by itself."""
    rows = Raw.objects.filter(fingerprint=group.fingerprint)
    rows = rows.order_by("-received", "-batch", "-line", "-part")[:MESSAGES]
    found = (alone(row, body) for row in rows for body in row.messages[::-1] or [whole(row)])
    return list(islice(found, MESSAGES))


def alone(row: Raw, body: bytes) -> Raw:
    return Raw(received=row.received, source=row.source, body=body)


def whole(row: Raw) -> bytes:
    """The message that holds several alarms, of which `row` is one."""
    same = Raw.objects.filter(received=row.received, batch=row.batch, line=row.line, part=0)
    return bytes(same.values_list("body", flat=True).first() or b"")


def set_aside(source: str = "") -> QuerySet[Raw]:
    """Messages that nobody understood; only for who `sees_all`."""
    rows = Raw.objects.exclude(aside=None)
    return rows.filter(source=source) if source else rows


def sources() -> list[str]:
    """The sources that have sent anything, few: found by skipping through the index."""
    found: list[str] = []
    while True:
        rows = Detection.objects.filter(source__gt=found[-1] if found else "")
        name = rows.order_by("source").values_list("source", flat=True).first()
        if name is None:
            return found
        found.append(name)


def rates(groups: Iterable[Detection], at: datetime) -> dict[int, list[int]]:
    """Each group's count in each of the last hours, the oldest first; one statement."""
    now = int(at.timestamp()) // 3600
    start = now - HOURS + 1
    known = {bytes(group.fingerprint): [0] * HOURS for group in groups}
    rows = Hourly.objects.filter(fingerprint__in=list(known), hour__gte=start, hour__lte=now)
    for mark, hour, count in rows.values_list("fingerprint", "hour", "count"):
        known[bytes(mark)][hour - start] = count
    return {group.pk: known[bytes(group.fingerprint)] for group in groups}
