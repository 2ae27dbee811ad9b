"""Whether the parts that work by themselves are alive: each says so after every round."""

from datetime import datetime, timedelta

from .models import Beat

LATE = timedelta(minutes=2)  # a round takes seconds


def beat(part: str, at: datetime) -> None:
    """Say that `part` has finished a round."""
    Beat.objects.update_or_create(part=part, defaults={"at": at})


def still(slowest: datetime | None, at: datetime) -> bool:
    """Whether the part that was heard of least recently stands still; None: none ever ran.

    One that was heard of in the future was so before the clock was turned back.
    """
    return slowest is not None and abs(at - slowest) > LATE
