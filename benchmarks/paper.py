"""One case whose report on paper has fifty pages, made by the verbs themselves.

Run by `benchmarks.p8` in a process of its own, as the working role.
"""

from datetime import timedelta
from pathlib import Path

from django.conf import settings

from benchmarks.case import handled
from benchmarks.words import ENDS, STARTS
from benchmarks.world import NOW, READER
from vardkase.organisation.models import Person
from vardkase.organisation.queries import actor_of
from vardkase.workflow import handle

NOTES = 1_030


def main() -> None:
    by = actor_of(Person.objects.get(username=READER), NOW + timedelta(hours=1))
    case = handled("Journalsystemet är nere på alla sjukhus.", by=by, at=NOW)
    for n in range(NOTES):
        text = f"{STARTS[n % 12]} rum {n}. {ENDS[n % 12]} {ENDS[(n + 5) % 12]}"
        handle.note(case, text, by=by, at=NOW + timedelta(minutes=6, seconds=n))
    Path(settings.DATA, "bench-paper").write_text(case.number)
