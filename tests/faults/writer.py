"""Writes decisions until it is killed, and says each that the database has acknowledged."""

import os
import sys

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "vardkase.config.settings"
django.setup()

from tests.conftest import NOW  # noqa: E402
from vardkase.access.actor import Actor, Scope  # noqa: E402
from vardkase.decisionlog.services import decision  # noqa: E402

number, count = sys.argv[1], 0
while True:
    with decision("event.imported", scope=Scope(number), by=Actor.system(NOW), at=NOW) as log:
        log.note(count=count, text="x" * 2000)
    count += 1
    os.write(1, b"%d\n" % count)
