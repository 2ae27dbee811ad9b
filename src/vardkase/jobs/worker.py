"""The worker beside the web server: runs queued tasks, ticks, sends, and tidies up hourly."""

import logging
import os
import signal
import threading
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vardkase.config.settings")
django.setup()

from django.db import Error, close_old_connections  # noqa: E402
from django.utils import timezone  # noqa: E402
from django_tasks_db.management.commands.db_worker import Worker  # noqa: E402

from vardkase.jobs.rounds import start  # noqa: E402
from vardkase.jobs.tidy import tidy  # noqa: E402
from vardkase.lib import logs  # noqa: E402

PAUSE = 1.0  # seconds between two looks at the queue
HOUR = 3600.0
log = logging.getLogger(__name__)


def main() -> None:
    """Work until SIGTERM or SIGINT; the task in hand is finished first."""
    logs.set_up()
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    start(stopping)
    tidied = time.monotonic()  # not at the start: the web server answers first
    while not stopping.wait(PAUSE):
        due = time.monotonic() - tidied > HOUR
        if round_of_work(tidy_too=due) and due:
            tidied = time.monotonic()


def round_of_work(*, tidy_too: bool) -> bool:
    """Whether the round went well; without a database it waits for the next one."""
    try:
        run_queue()
        if tidy_too:
            tidy(timezone.now())
    except (Error, OSError):
        log.exception("the worker could not do its round, and tries again")
        close_old_connections()
        return False
    return True


def run_queue() -> None:
    """Run what waits in the queue, and come back when it is empty."""
    Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=f"worker-{os.getpid()}",
        excluded_queue_names=[],
    ).run()


if __name__ == "__main__":
    main()
