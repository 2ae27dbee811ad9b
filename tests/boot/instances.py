"""A whole instance in processes of its own, for tests that stop, kill and count them."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vardkase.config.processes import wait_until

SOURCE = Path(__file__).parents[2] / "src"
PYTHON = [sys.executable, "-m", "vardkase.cli.main"]
OUTSIDE = {"DATABASE_URL", "DATABASE_OWNER_URL", "DJANGO_SETTINGS_MODULE", "VARDKASE_DATA"}
OUTSIDE |= {"LC_ALL", "LC_MESSAGES", "LANG"}


def environment(**more: str) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if name not in OUTSIDE}
    return ours | {"PYTHONPATH": str(SOURCE), "NO_COLOR": "1"} | more


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@dataclass
class Running:
    """`vardkase start` on `data`; `seconds` is the time to its address, which it prints last."""

    data: Path
    prefix: tuple[str, ...] = ()
    more: dict[str, str] = field(default_factory=dict)
    options: tuple[str, ...] = ()

    def __enter__(self) -> "Running":
        self.port = free_port()
        self.browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        began = time.monotonic()
        words = ["--data", str(self.data), "start", *self.options, "--port", str(self.port)]
        self.process: subprocess.Popen[str] = subprocess.Popen(
            [*self.prefix, *PYTHON, *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment(**self.more),
            process_group=0,
        )
        self.said = self.read_until(r"http://127\.0\.0\.1:\d+$")
        self.seconds = time.monotonic() - began
        return self

    def read_until(self, pattern: str) -> str:
        said = ""
        assert self.process.stdout
        for line in self.process.stdout:
            said += line
            if re.search(pattern, line.rstrip()):
                return said
        raise AssertionError(f"ended with {self.process.wait()}: {said}")

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(30)
        finally:
            if self.process.poll() is None:
                self.process.kill()
            assert self.process.stdout
            self.process.stdout.close()

    def get(self, path: str) -> tuple[int, str]:
        try:
            with self.browser.open(f"http://127.0.0.1:{self.port}{path}", timeout=20) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()

    def is_healthy(self) -> bool:
        try:
            status, body = self.get("/health")
        except OSError:
            return False
        return status == 200 and json.loads(body)["status"] == "ok"

    def family(self) -> dict[int, str]:
        """Every process below ours, with its command line."""
        parents = {pid: parent_of(pid) for pid in all_processes()}
        found, grown = {self.process.pid}, True
        while grown:
            more = {pid for pid, parent in parents.items() if parent in found} - found
            grown = bool(more)
            found |= more
        return {pid: command_of(pid) for pid in found}

    def member(self, words: str) -> int:
        """The eldest of the family whose command line holds `words`."""
        return min(pid for pid, command in self.family().items() if words in command)


def all_processes() -> list[int]:
    return [int(p.name) for p in Path("/proc").iterdir() if p.name.isdecimal()]


def parent_of(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def is_gone(pid: int) -> bool:
    return command_of(pid) == ""  # a zombie's command line is empty too


def all_gone(pids: list[int], *, seconds: float = 15) -> bool:
    return wait_until(lambda: all(is_gone(pid) for pid in pids), seconds=seconds, step=0.05)


def kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):  # gone with its parent already
        os.kill(pid, signal.SIGKILL)


def vardkase(data: Path, *words: str, **more: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*PYTHON, "--data", str(data), *words],
        capture_output=True,
        text=True,
        env=environment(**more),
        timeout=60,
        check=False,
    )


def info(data: Path) -> Any:
    return json.loads((data / "run" / "instance.json").read_text())
