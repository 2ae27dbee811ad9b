"""vardkase backup FILE: database, files, keys and policy in one file that can be verified."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from vardkase.config.backup import backup
from vardkase.lib.console import gettext as _

from .output import Exit, say, say_json, warn


def add_parser(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="a new file")
    parser.add_argument("--json", action="store_true")


def run(args: Namespace) -> int:
    done = backup(args.data, args.urls, args.file.absolute())
    if args.json:
        say_json(done)
    else:
        told = {**done, "bytes": f"{done['bytes']:,}".replace(",", "\u00a0")}
        say(_("%(file)s: %(parts)s parts, %(bytes)s bytes.") % told)
        warn(
            _("The file holds the keys and everything reported. Whoever has it has it all."),
            fix=_("age -p %(file)s, or keep it where only you can read it") % done,
        )
    return Exit.OK
