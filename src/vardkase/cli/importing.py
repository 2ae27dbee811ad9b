"""`vardkase import units|people|assets|suppliers FILE.csv`: as on the web, at the console."""

from argparse import ArgumentParser, Namespace
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.utils import timezone

from vardkase.access.actor import Actor
from vardkase.lib.sheet_reader import Sheet, Unreadable, read
from vardkase.lib.trouble import Trouble
from vardkase.organisation.importing import Plan, Result, apply, planned
from vardkase.organisation.queries import organisation
from vardkase.organisation.tables import Table

from .output import Exit, say, say_json

SHOWN = 20  # faults on a terminal


def add_parser(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE.csv")
    parser.add_argument("--dry-run", action="store_true", help="say what would change, no more")
    parser.add_argument("--json", action="store_true")


def bring_in(kind: type[Table], args: Namespace) -> int:
    """0 if every row is in or was already; 4 if some are at fault."""
    sheet = sheet_of(args.file, kind)
    if organisation() is None:
        raise Trouble("There is no organisation yet.", fix="open the set-up link first")
    at = timezone.now()
    table = kind(Actor.system(at), at)
    plan = planned(table, sheet)
    found = preview(plan) if args.dry_run else asdict(apply(plan, table))
    found |= {"stored": not args.dry_run, "unknown": sheet.unknown, "encoding": sheet.encoding}
    say_json(found) if args.json else tell(found)
    return Exit.PARTLY_DONE if found["faults"] else Exit.OK


def sheet_of(file: Path, kind: type[Table]) -> Sheet:
    try:
        return read(file.read_bytes(), kind.columns())
    except OSError as error:
        raise Trouble(f"The file cannot be read: {error}.", fix="check the path") from error
    except Unreadable as error:
        raise Trouble(str(error), fix=f"correct {file} and run this again") from error


def preview(plan: Plan) -> dict[str, Any]:
    """The same counts that an import gives."""
    counts = Result(len(plan.new), len(plan.changed), plan.unchanged, plan.faults)
    return asdict(counts)


def tell(found: dict[str, Any]) -> None:
    said = "" if found["stored"] else " (nothing is stored)"
    say(
        f"{found['new']} new, {found['changed']} changed, {found['unchanged']} unchanged, "
        f"{len(found['faults'])} at fault{said}"
    )
    if found["unknown"]:
        say(f"Not read: {', '.join(found['unknown'])}")
    for fault in found["faults"][:SHOWN]:
        say(f"  line {fault['line']} {fault['heading']}: {fault['sentence']}")
    if len(found["faults"]) > SHOWN:
        say(f"  and {len(found['faults']) - SHOWN} more; --json shows all")
