"""vardkase restore FILE --into DIR: a new instance of a backup, with its log verified."""

import subprocess
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from vardkase.config.backup import restore
from vardkase.lib.console import gettext as _

from .output import Exit, say, say_json

NEEDS_DATABASE = False


def add_parser(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="what vardkase backup wrote")
    parser.add_argument(
        "--into", type=Path, required=True, metavar="DIR", help="a folder that is new or empty"
    )
    parser.add_argument("--json", action="store_true")


def run(args: Namespace) -> int:
    into = args.into.absolute()
    manifest = restore(args.file.absolute(), into)
    checked = subprocess.run(  # noqa: S603
        [sys.executable, "-P", "-m", "vardkase.cli.main", "--data", str(into), "log", "verify"],
        capture_output=True,
        text=True,
        check=False,
    )
    whole = checked.returncode == Exit.OK
    if args.json:
        say_json({"into": into, "made_at": manifest["made_at"], "log_is_whole": whole})
    else:
        told = {"folder": into, "at": manifest["made_at"], "parts": len(manifest["parts"])}
        say(_("%(folder)s: as it was at %(at)s, %(parts)s parts verified.") % told)
        say((checked.stdout or checked.stderr).strip())
        say(_("Start it: %(command)s") % {"command": f"vardkase --data {into} start"})
    return Exit.OK if whole else Exit.FOUND_PROBLEMS
