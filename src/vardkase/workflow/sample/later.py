"""The fictitious region's year, laid by the worker while the new administrator goes on."""

from django.tasks import task
from django.utils import timezone

from .world import lay_world
from .year import live


@task
def lay_sample() -> int:
    """Lay world and year beside what is there; how many events."""
    now = timezone.now()
    return sum(1 for _ in live(lay_world(now), now))
