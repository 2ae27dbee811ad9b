"""`vardkase policy try REGIME FACTS.json`: verdict, reasons, unknowns, clocks and recipients."""

import json
import sys
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from vardkase.lib.console import language
from vardkase.lib.trouble import Trouble, WrongUse
from vardkase.policy.check import check_file, faults
from vardkase.policy.facts import BadFacts, Catalogue, Words, moment_of, read
from vardkase.policy.judge import judge_by, plain
from vardkase.policy.lint.page import Finding
from vardkase.policy.parameter import SWEDEN, Parameter, UnknownParameter, overlay_folder, parse
from vardkase.policy.regime_files import (
    catalogue,
    faulty,
    over_ours,
    own_facts,
    parameter_of,
    regimes,
    short,
)

from .output import Exit, say_json, warn
from .policy_told import tell

EXAMPLE = """echo '{"t.personal_data": true}' | vardkase policy try eu-gdpr -"""
BIGGEST = 1_000_000  # bytes of facts; a case has a few thousand
MANY = 50  # notes that anyone reads


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
    for words in notes[:MANY]:
        warn(in_ours(words), fix="vardkase policy show facts")
    judgement = judge_by(found, facts, at=at)
    if args.json:
        say_json(plain(judgement))
    else:
        tell(judgement, found, known, facts)
    return Exit.OK


def in_ours(words: Words) -> str:
    return words.sv if language() == "sv" else words.en


def wrong(sv: str, en: str, *, fix: str) -> WrongUse:
    """What the caller can mend, in the caller's language."""
    return WrongUse(in_ours(Words(sv, en)), fix=fix)


def regime_of(named: str) -> tuple[Parameter, Catalogue]:
    """The regime by id, ours or the organisation's, or by file; never one with a fault."""
    path = Path(named)
    if named.endswith(".toml") or path.is_file():
        sound(path)
        found = over_ours(parse(path.read_text(encoding="utf-8")))
        return found, {**catalogue(), **own_facts(found)}
    for finding in faulty():
        if finding.file.stem == short(named):
            raise trouble(finding)
    try:
        return parameter_of(short(named)), catalogue()
    except UnknownParameter as error:
        known = ", ".join(regimes())
        raise wrong(
            f"Regimen {named!a} finns inte. De som finns: {known}.",
            f"There is no regime {named!a}. There are: {known}.",
            fix=f"vardkase policy try {regimes()[0]} FACTS.json",
        ) from error


def sound(path: Path) -> None:
    """Stop at the first fault of a regime's file, as `vardkase policy check` tells it."""
    if not path.is_file():
        sv, en = f"Filen {path} finns inte.", f"There is no file {path}."
        raise wrong(sv, en, fix="vardkase policy show; vardkase policy try ID FACTS.json")
    for finding in faults(check_file(path, beside=overlay_folder())):
        raise trouble(finding)


def trouble(finding: Finding) -> Trouble:
    where = f"{finding.file}:{finding.line}"
    said = in_ours(Words(finding.sv, finding.en))
    fix = f"$EDITOR {finding.file}; vardkase policy check"
    return Trouble(f"{where}: {said} [{finding.check}]", fix=fix)


def moment(text: str | None) -> datetime:
    """The time asked about; one without an offset is Swedish."""
    if text is None:
        return datetime.now(UTC)
    found = moment_of(text)
    if found is None:
        sv, en = f"--at {text!a} är ingen tid.", f"--at {text!a} is no time."
        raise wrong(sv, en, fix="vardkase policy try REGIME FACTS.json --at 2026-10-24T08:00")
    return found if found.tzinfo else found.replace(tzinfo=SWEDEN)


def facts_of(name: str, known: Catalogue) -> tuple[dict[str, Any], list[Words]]:
    raw = parsed(text_of(name), name)
    try:
        return read(raw, known)
    except BadFacts as error:
        said = " ".join(in_ours(words) for words in error.complaints)
        open_it = "" if name == "-" else f"$EDITOR {name}; "
        raise WrongUse(said, fix=f"{open_it}vardkase policy show facts") from error


def text_of(name: str) -> str:
    try:
        data = sys.stdin.buffer.read(BIGGEST + 1) if name == "-" else beginning(name)
        if len(data) > BIGGEST:
            raise wrong(
                f"{name} är större än {BIGGEST} byte.",
                f"{name} is larger than {BIGGEST} bytes.",
                fix=EXAMPLE,
            )
        return data.decode("utf-8-sig")
    except (OSError, ValueError) as error:  # no such file, a NUL in its name, not UTF-8
        raise wrong(
            f"{name!a} går inte att läsa: {error}.",
            f"{name!a} cannot be read: {error}.",
            fix=EXAMPLE,
        ) from error


def beginning(name: str) -> bytes:
    """No more of the file than may be facts."""
    with Path(name).open("rb") as file:
        return file.read(BIGGEST + 1)


def parsed(text: str, name: str) -> dict[str, Any]:
    try:
        raw = json.loads(text, object_pairs_hook=once, parse_constant=no_number)
    except RecursionError as error:
        sv, en = f"{name} är för djupt nästlad.", f"{name} is nested too deeply."
        raise wrong(sv, en, fix=EXAMPLE) from error
    except ValueError as error:
        sv, en = f"{name} är inte JSON: {error}.", f"{name} is not JSON: {error}."
        raise wrong(sv, en, fix=EXAMPLE) from error
    if not isinstance(raw, dict):
        sv, en = f"{name} håller inget JSON-objekt.", f"{name} holds no JSON object."
        raise wrong(sv, en, fix=EXAMPLE)
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
