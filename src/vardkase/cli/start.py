"""vardkase start: the whole instance in one command, from an empty folder or an old one."""

import subprocess
import sys
from argparse import ArgumentParser, Namespace

from vardkase.config.serve import serve

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
    def prepare() -> None:
        if args.demo:
            command = [sys.executable, "-m", "vardkase.cli.main", "--data", args.data, "demo"]
            subprocess.run(command, check=True)  # noqa: S603

    serve(
        args.data,
        host=args.host,
        port=args.port,
        workers=args.workers,
        prepare=prepare,
        say=say,
    )
    return Exit.OK
