"""vardkase backup FILE: database, files, keys and policy in one file that can be verified."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from vardkase.config.backup import backup

from .output import Exit, say, say_json, warn


def add_parser(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="a new file")
    parser.add_argument("--json", action="store_true")


def run(args: Namespace) -> int:
    done = backup(args.data, args.urls, args.file.absolute())
    if args.json:
        say_json(done)
    else:
        say(f"{done['file']}: {done['parts']} parts, {done['bytes']:,} bytes.")
        warn(
            "The file holds the keys and everything reported. Whoever has it has it all.",
            fix=f"age -p {done['file']}, or keep it where only you can read it",
        )
    return Exit.OK
