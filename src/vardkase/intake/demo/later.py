"""The fictitious region's year, laid by the worker while the new administrator goes on."""

from django.tasks import task
from django.utils import timezone

from vardkase.workflow.sample.world import lay_world
from vardkase.workflow.sample.year import live

from .lay import lay_alarms


@task
def lay_sample() -> int:
    """Lay world, year and alarms beside what is there; how many events people reported."""
    now = timezone.now()
    world = lay_world(now)
    reported = sum(1 for _ in live(world, now))
    lay_alarms(world, now)
    return reported
