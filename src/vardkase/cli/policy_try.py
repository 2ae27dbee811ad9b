"""`vardkase policy try REGIME FACTS.json`: verdict, reasons, unknowns, clocks and recipients."""

import json
import sys
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from vardkase.lib.console import language
from vardkase.lib.trouble import Trouble
from vardkase.policy.check import check_file, faults
from vardkase.policy.facts import BadFacts, Catalogue, Words, catalogue_of, moment_of, read
from vardkase.policy.judge import judge_by, plain
from vardkase.policy.parameter import (
    DATA,
    SWEDEN,
    Parameter,
    UnknownParameter,
    file_of,
    overlay_folder,
    parse,
)
from vardkase.policy.regime_files import catalogue, parameter_of, regimes, short

from .output import Exit, say_json, warn
from .policy_told import tell

BIGGEST = 1_000_000  # bytes of facts; a case has a few thousand


def add_parser(parser: ArgumentParser) -> None:
    parser.add_argument("regime", metavar="REGIME", help="an id as se-nis2-csl, or a regime's file")
    parser.add_argument(
        "facts", metavar="FACTS.json", help='{"fact.name": value}, times as ISO 8601; - is stdin'
    )
    parser.add_argument(
        "--at", metavar="TIME", help="the day of sending, which picks recipients; default: now"
    )
    parser.add_argument("--json", action="store_true")


def run(args: Namespace) -> int:
    found, known = regime_of(args.regime)
    at = moment(args.at)
    facts, notes = facts_of(args.facts, known)
    for words in notes:
        warn(in_ours(words), fix=f"vardkase policy show facts; edit {args.facts}")
    judgement = judge_by(found, facts, at=at)
    if args.json:
        say_json(plain(judgement))
    else:
        tell(judgement, found, known, facts)
    return Exit.OK


def in_ours(words: Words) -> str:
    return words.sv if language() == "sv" else words.en


def regime_of(named: str) -> tuple[Parameter, Catalogue]:
    """The regime by id, ours or the organisation's, or by file; never one with a fault."""
    path = Path(named)
    if named.endswith(".toml") or path.is_file():
        sound(path)
        found = parse(path.read_text(encoding="utf-8"))
        own = [row for v in found.versions for row in (v.value or {}).get("facts", [])]
        return found, {**catalogue(), **catalogue_of(own)}
    try:
        theirs = file_of(f"regimes.{short(named)}", overlay_folder() or DATA)
        if overlay_folder() and theirs.is_file():
            sound(theirs)
        return parameter_of(short(named)), catalogue()
    except UnknownParameter as error:
        raise Trouble(
            f"There is no regime {named!a}. There are: {', '.join(regimes())}.",
            fix=f"vardkase policy try {regimes()[0]} FACTS.json",
        ) from error


def sound(path: Path) -> None:
    """Stop at the first fault of a regime's file, as `vardkase policy check` tells it."""
    if not path.is_file():
        raise Trouble(f"There is no file {path}.", fix="give an id or an existing file")
    found = faults(check_file(path))
    if found:
        raise Trouble(
            f"{path}:{found[0].line}: {found[0].en} [{found[0].check}]",
            fix=f"edit {path}; vardkase policy check",
        )


def moment(text: str | None) -> datetime:
    """The time asked about; one without an offset is Swedish."""
    if text is None:
        return datetime.now(UTC)
    found = moment_of(text)
    if found is None:
        raise Trouble(
            f"--at {text!a} is no time.", fix="--at 2026-10-24T08:00, with or without an offset"
        )
    return found if found.tzinfo else found.replace(tzinfo=SWEDEN)


def facts_of(name: str, known: Catalogue) -> tuple[dict[str, Any], list[Words]]:
    raw = parsed(text_of(name), name)
    try:
        return read(raw, known)
    except BadFacts as error:
        said = " ".join(in_ours(words) for words in error.complaints)
        raise Trouble(said, fix=f"edit {name}; vardkase policy show facts") from error


def text_of(name: str) -> str:
    try:
        data = sys.stdin.buffer.read(BIGGEST + 1) if name == "-" else Path(name).read_bytes()
        if len(data) > BIGGEST:
            raise Trouble(f"{name} is larger than {BIGGEST:,} bytes.", fix="give only the facts")
        return data.decode("utf-8-sig")
    except (OSError, ValueError) as error:  # no such file, a NUL in its name, not UTF-8
        raise Trouble(
            f"{name!a} cannot be read: {error}.", fix="give a JSON file in UTF-8"
        ) from error


def parsed(text: str, name: str) -> dict[str, Any]:
    try:
        raw = json.loads(text, object_pairs_hook=once, parse_constant=no_number)
    except RecursionError as error:
        raise Trouble(f"{name} is nested too deeply.", fix='{"fact.name": value, ...}') from error
    except ValueError as error:
        raise Trouble(f"{name} is not JSON: {error}.", fix='{"fact.name": value, ...}') from error
    if not isinstance(raw, dict):
        raise Trouble(f"{name} holds no JSON object.", fix='{"fact.name": value, ...}')
    return raw


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A name that stands twice may mean either."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{twice!a} stands twice")
    return found


def no_number(name: str) -> Any:
    raise ValueError(f"{name} is no number")
