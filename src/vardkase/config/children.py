"""The parts of an instance as processes: started, started again when they die, asked to stop."""

import contextlib
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from vardkase.lib.console import gettext as _

from .processes import die_with_parent, wait_until

STOP_SECONDS = 15  # for requests and jobs at work; then they are killed, and nothing is lost
LONGEST_BACK_OFF = 30  # seconds
STEADY = 60  # seconds of life after which a child's earlier deaths are forgotten

type Say = Callable[[str], None]


@dataclass(slots=True)
class Child:
    """A part of the instance, started again when it dies, more slowly each time."""

    name: str
    module: str
    environment: dict[str, str]
    process: subprocess.Popen[bytes] = field(init=False)
    started: float = field(init=False)
    deaths: int = 0
    again_at: float = 0

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        self.again_at, self.started = 0, time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-P", "-m", self.module],
            env=os.environ | self.environment,
            stdin=subprocess.DEVNULL,
            process_group=0,  # Ctrl-C in the terminal is ours to pass on
            preexec_fn=die_with_parent(signal.SIGTERM),
        )

    def has_died(self) -> bool:
        return self.process.poll() is not None

    def tend(self, say: Say) -> None:
        """Start it again if it is dead and its time has come."""
        if not self.has_died():
            return
        now = time.monotonic()
        if not self.again_at:
            self.deaths = 0 if now - self.started > STEADY else self.deaths
            wait = min(0.5 * 2**self.deaths, LONGEST_BACK_OFF)
            self.again_at, self.deaths = now + wait, self.deaths + 1
            told = _("The %(part)s ended (%(code)s); again in %(wait)s s.")
            say(told % {"part": _(self.name), "code": self.process.returncode, "wait": f"{wait:g}"})
        elif now >= self.again_at:
            self.start()


class Signals:
    """Waiting that ends when somebody asks us to stop, or when a child dies."""

    def __init__(self) -> None:
        self.asked = 0
        self.reader, self.writer = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(self.writer, warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.ask)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def ask(self, *_: object) -> None:
        self.asked += 1

    def wait(self, seconds: float) -> None:
        ready, _, _ = select.select([self.reader], [], [], seconds)
        if ready:
            os.read(self.reader, 4096)


def stop(children: Sequence[Child], signals: Signals) -> None:
    """Ask them to finish; whoever asks twice, or waits too long, has them killed."""
    for child in children:
        child.process.terminate()
    once = signals.asked
    wait_until(
        lambda: all(child.has_died() for child in children) or signals.asked > once,
        seconds=STOP_SECONDS,
    )
    for child in children:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.process.pid, signal.SIGKILL)
        child.process.wait()
