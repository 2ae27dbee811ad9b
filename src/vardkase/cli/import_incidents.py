"""`vardkase import incidents FILE.csv --mapping M.toml`: old cases, each once however often run."""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from django.utils import timezone

from vardkase.access.actor import Actor
from vardkase.events.mapping import BadMapping, Mapping, OldCase, rows
from vardkase.lib.trouble import Trouble
from vardkase.organisation.queries import root
from vardkase.workflow.take_over import BadCase, fields_of, take_over

from .output import Exit, progress, say, say_json

SHOWN = 5  # rows of a preview


def add_parser(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE.csv")
    parser.add_argument("--mapping", type=Path, required=True, metavar="M.toml")
    parser.add_argument(
        "--dry-run", action="store_true", help="show what would come, store nothing"
    )
    parser.add_argument("--json", action="store_true")


def run(args: Namespace) -> int:
    found = read(args.file, args.mapping)
    faults = [{"line": f[0], "error": f[1]} for f in found if not isinstance(f, OldCase)]
    cases = [f for f in found if isinstance(f, OldCase)]
    if args.dry_run:
        answer = preview(cases, faults)
    else:
        answer = {"read": len(found), **store(cases, faults), "errors": faults}
    say_json(answer) if args.json else tell(answer)
    return Exit.PARTLY_DONE if faults else Exit.OK


def read(file: Path, mapping: Path) -> list[OldCase | tuple[int, str]]:
    try:
        known = Mapping.parse(mapping.read_text(encoding="utf-8"))
        encoding = known.raw.get("file", {}).get("encoding", "utf-8-sig")
        return list(rows(file.read_text(encoding=encoding), known))
    except (OSError, UnicodeDecodeError, LookupError) as error:
        raise Trouble(
            f"A file cannot be read: {error}.", fix="check path and [file] encoding"
        ) from error
    except BadMapping as error:
        raise Trouble(
            str(error)[:1].upper() + str(error)[1:] + ".", fix=f"edit {mapping}"
        ) from error


def store(cases: list[OldCase], faults: list[dict[str, Any]]) -> dict[str, int]:
    """Each case in its own decision, so that a stop half-way loses nothing and repeats nothing."""
    at, unit, new = timezone.now(), root(), 0
    by = Actor.system(at)
    for old in progress(cases, of="incidents"):
        try:
            new += take_over(old, unit=unit, by=by, at=at).new
        except BadCase as error:
            faults.append({"line": old.line, "error": str(error)})
    return {"new": new, "known": len(cases) - new}


def preview(cases: list[OldCase], faults: list[dict[str, Any]]) -> dict[str, Any]:
    at, good = timezone.now(), []
    for old in cases:
        try:
            good.append(fields_of(old, at=at))
        except BadCase as error:
            faults.append({"line": old.line, "error": str(error)})
    names = ("reported_at", "state", "priority", "title", "imported")
    first = [{name: row[name] for name in names} for row in good[:SHOWN]]
    return {"read": len(cases) + len(faults), "good": len(good), "first": first, "errors": faults}


def tell(answer: dict[str, Any]) -> None:
    for name, value in answer.items():
        if isinstance(value, list):
            for row in value:
                say(f"  {name}: " + ", ".join(f"{k} {v}" for k, v in row.items()))
        else:
            say(f"{name}: {value}")
