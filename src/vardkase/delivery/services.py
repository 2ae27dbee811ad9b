"""What changes: a person's and a team's channels, and what is put into the outbox.

The outbox is bookkeeping: what is told follows from a decision that its own log entry tells of.
"""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vardkase.access.actor import Actor
from vardkase.decisionlog.services import Draft, decision
from vardkase.lib.changes import Refused
from vardkase.lib.ids import fingerprint, keyed, new_secret
from vardkase.lib.rate import Limit, exceeded
from vardkase.organisation.accounts import own
from vardkase.organisation.models import Person, Team
from vardkase.organisation.services import room

from . import rules
from .models import Channel, Feed, Notice, Sending
from .push import is_subscription
from .sealing import sealed

MOST = 10  # channels of a person or a team
TESTS = 5  # that a person may send in ten minutes: each may cost a text message
OWN = (Channel.Kind.EMAIL, Channel.Kind.SMS, Channel.Kind.PUSH)
READ_BY_OTHERS = frozenset(Channel.Kind) - set(OWN)


@dataclass(frozen=True, slots=True)
class Occasion:
    """Something to be told of a case. `once` names it: nobody is told twice of the same."""

    once: str
    kind: str
    path: str
    case: str = ""
    priority: int | None = None
    deadline: datetime | None = None
    loud: bool = False
    discreet: bool = False
    answer_within: timedelta | None = None


def add_channel(
    owner: Person | Team, kind: str, address: str, *, quiet: tuple[time, time] | None = None,
    by: Actor, at: datetime,
) -> Channel:  # fmt: skip
    """A new last way to reach `owner`; raises `Refused` if the address is not of that kind.

    A person gives himself mail, telephone and browsers only: a service's address makes our server
    call another, which is for those who look after the organisation to allow. A browser is
    somebody's, never a team's.
    """
    own_hand = isinstance(owner, Person) and by.person == owner.pk
    fits = is_subscription(address) if kind == Channel.Kind.PUSH else rules.fits(kind, address)
    allowed = kind in OWN if own_hand else kind != Channel.Kind.PUSH
    if not (fits and allowed):
        raise Refused({"address": _("That is no address of this kind. See the example.")})
    begin, end = quiet or (None, None)
    with changing(owner, by=by, at=at) as log:
        held = Channel.objects.filter(**owned(owner), ended_at=None)
        if held.count() >= MOST:
            raise Refused({"address": _("Ten ways are the most. Remove one first.")})
        made = Channel.objects.create(
            **owned(owner), kind=kind, address=sealed(address), place=held.count() + 1,
            quiet_from=begin, quiet_until=end, since=at,
        )  # fmt: skip
        log.note(added=made.pk, of=str(getattr(owner, "key", owner)), kind=kind)
    return made


def end_channel(channel: Channel, *, by: Actor, at: datetime) -> None:
    """Use the channel no more; what waits to leave by it does not leave."""
    owner = channel.person or channel.team
    assert owner is not None  # noqa: S101  the table's own constraint
    with changing(owner, by=by, at=at) as log:
        Channel.objects.filter(pk=channel.pk, ended_at=None).update(ended_at=at)
        Sending.objects.filter(channel=channel, sent_at=None).update(ended_at=at)
        log.note(ended=channel.pk)


def changing(owner: Person | Team, *, by: Actor, at: datetime) -> AbstractContextManager[Draft]:
    """Everybody looks after his own channels; those of others are the organisation's."""
    if isinstance(owner, Person) and by.person == owner.pk:
        return own("own_channel.changed", owner, at)
    return decision("channel.changed", scope=room(owner.unit), by=by, at=at)


def owned(owner: Person | Team) -> dict[str, Person | Team]:
    return {"person" if isinstance(owner, Person) else "team": owner}


def tell(occasion: Occasion, to: Iterable[Person | Team], *, at: datetime) -> list[Notice]:
    """Put a notice for each of `to` in the outbox; those that were told before are left out."""
    made = []
    with transaction.atomic():
        for owner in to:
            notice = write(occasion, owner, at)
            if notice is not None:
                queue(notice, channels(owner, notice), at=at)
                made.append(notice)
    return made


def write(occasion: Occasion, owner: Person | Team, at: datetime) -> Notice | None:
    who = f"p{owner.pk}" if isinstance(owner, Person) else f"g{owner.pk}"
    once = f"{occasion.once}:{who}"
    within = occasion.answer_within
    notice, new = Notice.objects.get_or_create(
        once=once,
        defaults={
            **owned(owner),
            "kind": occasion.kind,
            "case": occasion.case,
            "priority": occasion.priority,
            "deadline": occasion.deadline,
            "path": occasion.path,
            "loud": occasion.loud,
            "discreet": occasion.discreet,
            "digest": fingerprint(secret(once)),
            "at": at,
            "answer_by": at + within if within else None,
        },
    )
    return notice if new else None


def secret(once: str) -> str:
    """What the notice's link carries: whoever has it may say that he has seen the notice."""
    return keyed(settings.SECRET_KEY, "notice", once).hex()


def channels(owner: Person | Team, notice: Notice) -> list[Channel]:
    """The owner's channels in order, as far as the notice may go by them."""
    found = list(Channel.objects.filter(**owned(owner), ended_at=None).order_by("place", "pk"))
    return [c for c in found if not (notice.discreet and c.kind in READ_BY_OTHERS)]


def queue(notice: Notice, ways: list[Channel], *, at: datetime) -> None:
    """A loud notice leaves by every channel at once, another by the first; without any, by mail
    to the person's own address."""
    chosen = ways if notice.loud else ways[:1]
    for channel in chosen:
        due = rules.may_leave(at, channel.quiet_from, channel.quiet_until, loud=notice.loud)
        Sending.objects.get_or_create(notice=notice, channel=channel, defaults={"due_at": due})
    if not ways and notice.person and notice.person.email:
        Sending.objects.get_or_create(notice=notice, channel=None, defaults={"due_at": at})


def next_channel(sending: Sending, *, at: datetime) -> None:
    """A way that fails again and again: try the owner's next one as well."""
    notice = sending.notice
    owner = notice.person or notice.team
    if owner is None:
        return
    used = set(notice.sendings.values_list("channel", flat=True))
    left = [channel for channel in channels(owner, notice) if channel.pk not in used]
    if left:
        queue(notice, left, at=at)
    elif notice.person and notice.person.email and None not in used:
        Sending.objects.get_or_create(notice=notice, channel=None, defaults={"due_at": at})


def seen(notice: Notice, *, by: str, at: datetime) -> bool:
    """Somebody has seen it: what has not left yet does not leave. Whether it was the first time.

    A message that a worker is sending just now is left to it: who says "seen" does not wait for a
    mail server.
    """
    with transaction.atomic():
        first = Notice.objects.filter(pk=notice.pk, seen_at=None).update(seen_at=at, seen_by=by)
        rows = Sending.objects.filter(notice=notice, sent_at=None, ended_at=None)
        free = list(rows.select_for_update(skip_locked=True).values_list("pk", flat=True))
        Sending.objects.filter(pk__in=free).update(ended_at=at)
    return bool(first)


def test(channel: Channel, *, by: Actor, at: datetime) -> None:
    """Send a word by this channel alone, so that its owner knows that it works.

    Raises `Refused` for whoever sends too many.
    """
    if exceeded(Limit(f"channel test {by.key}", TESTS, 600), at=at):
        raise Refused(_("Wait ten minutes before the next test."))
    owner = channel.person or channel.team
    occasion = Occasion(
        once=f"test:{channel.pk}:{int(at.timestamp())}", kind="test", path="/", loud=True
    )
    notice = write(occasion, owner, at) if owner else None
    if notice:
        queue(notice, [channel], at=at)


def open_feed(person: Person, *, at: datetime) -> str:
    """A new calendar address for `person`; the one before is dead. Gives its secret, once."""
    value = new_secret()
    with own("own_channel.changed", person, at) as log:
        Feed.objects.filter(person=person, ended_at=None).update(ended_at=at)
        made = Feed.objects.create(person=person, digest=fingerprint(value), at=at)
        log.note(calendar=made.pk)
    return value


def close_feed(person: Person, *, at: datetime) -> None:
    with own("own_channel.changed", person, at) as log:
        ended = Feed.objects.filter(person=person, ended_at=None).update(ended_at=at)
        log.note(calendars_ended=ended)
