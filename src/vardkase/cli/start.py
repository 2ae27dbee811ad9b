"""vardkase start: the whole instance in one command, from an empty folder or an old one."""

import subprocess
import sys
from argparse import ArgumentParser, Namespace

from vardkase.config.instance import is_founded
from vardkase.config.serve import Instance, serve

from .output import Exit, say

NEEDS_DATABASE = False


def add_parser(parser: ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    parser.add_argument("--port", type=int, help="port to listen on (8000 or the next free one)")
    parser.add_argument("--workers", type=int, default=2, help="web processes (%(default)s)")
    parser.add_argument(
        "--demo", action="store_true", help="with a fictitious organisation and a year of events"
    )


def run(args: Namespace) -> int:
    def command(name: str) -> None:
        words = [sys.executable, "-P", "-m", "vardkase.cli.main", "--data", str(args.data), name]
        subprocess.run(words, check=False)  # noqa: S603

    def before_it_opens(_: Instance) -> None:
        if args.demo:
            command("demo")

    def once_it_is_open(instance: Instance) -> None:
        say(f"Vårdkase: {instance.address}")
        if not is_founded(instance.urls):
            command("setup-link")

    serve(
        Instance(args.data, host=args.host, port=args.port or 0, workers=args.workers),
        before=before_it_opens,
        once_open=once_it_is_open,
        say=say,
    )
    return Exit.OK
