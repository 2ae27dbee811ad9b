"""What the product does by itself, over and over: each kind of round in a thread of its own.

A round that fails is tried again; a thread that is stuck shows, since it no longer says that it
lives. Any number of workers may run beside each other: rows are taken with `SKIP LOCKED`.
"""

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from django.db import close_old_connections
from django.utils import timezone

from vardkase.delivery import outbox
from vardkase.lib.beats import beat
from vardkase.workflow import (
    alarm,
    checking,
    detect,
    muting,
    new_rules,
    planning,
    reminding,
    watching,
)

type Round = Callable[[datetime], object]

log = logging.getLogger(__name__)
EVERY = 2.0  # seconds


def tick(at: datetime) -> None:
    """What time alone brings about: only the database is asked, so that a round is short."""
    alarm.pass_on(at)  # the most urgent first
    detect.look(at)
    muting.expire(at)
    watching.look_after(at)
    checking.remind(at)
    planning.plan_changed(at)
    new_rules.plan_by_new_rules(at)
    reminding.remind(at)


def send(at: datetime) -> None:
    """What leaves the house: a round may take as long as the slowest receiver."""
    outbox.run()


ROUNDS: dict[str, Round] = {"ticker": tick, "outbox": send}


def start(stopping: threading.Event) -> list[threading.Thread]:
    """A thread for each kind of round, until `stopping` is set."""
    threads = [
        threading.Thread(target=over_and_over, args=(name, one, stopping), name=name, daemon=True)
        for name, one in ROUNDS.items()
    ]
    for thread in threads:
        thread.start()
    return threads


def over_and_over(name: str, one: Round, stopping: threading.Event) -> None:
    while not stopping.wait(EVERY):
        try:
            one(timezone.now())
            beat(name, timezone.now())
        except Exception:  # whatever it is: a thread that dies would alarm nobody any more
            log.exception("the %s could not do its round, and tries again", name)
            close_old_connections()
