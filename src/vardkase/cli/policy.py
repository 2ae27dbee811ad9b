"""`vardkase policy check`, `show [ID]` and `try REGIME FACTS.json`: the rules in force."""

from argparse import ArgumentParser, Namespace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from vardkase.lib.console import language
from vardkase.lib.trouble import WrongUse
from vardkase.policy.check import check, faults
from vardkase.policy.lint.page import Finding
from vardkase.policy.parameter import DATA, SWEDEN, UnknownParameter, parameter, parameters
from vardkase.policy.regime_files import regimes
from vardkase.policy.show import plain, plain_on

from . import policy_try
from .output import Exit, say, say_json

NEEDS_DATABASE = False


def add_parser(parser: ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    says = "find every fault of the organisation's own policy files, or of ours where it has none"
    checking = verbs.add_parser("check", help=says, description=says.capitalize() + ".")
    checking.add_argument(
        "folder", type=Path, nargs="?", metavar="DIR", help="default: DATA/policy"
    )
    says = "list what policy there is, or show one parameter"
    showing = verbs.add_parser("show", help=says, description=says.capitalize() + ".")
    showing.add_argument("id", nargs="?", metavar="ID")
    showing.add_argument("--at", type=date.fromisoformat, metavar="DATE", help="as of that day")
    says = "judge facts by a regime: verdict, reasons, unknowns, clocks and recipients"
    policy_try.add_parser(verbs.add_parser("try", help=says, description=says.capitalize() + "."))
    for verb in (checking, showing):
        verb.add_argument("--json", action="store_true")


def run(args: Namespace) -> int:
    verbs = {"check": look, "show": show, "try": policy_try.run}
    return verbs[args.verb](args)


def look(args: Namespace) -> int:
    own = args.data / "policy"
    folder = args.folder or (own if own.is_dir() else DATA)
    folder = DATA if folder.resolve() == DATA.resolve() else folder
    if not folder.is_dir():
        raise WrongUse(f"There is no folder {folder}.", fix="vardkase policy check DIR")
    findings = check(folder)
    if args.json:
        say_json({"ok": not faults(findings), "findings": [row(f) for f in findings]})
    else:
        tell(findings, folder)
    return Exit.FOUND_PROBLEMS if faults(findings) else Exit.OK


def row(finding: Finding) -> dict[str, Any]:
    return {
        "file": str(finding.file),
        "line": finding.line,
        "check": finding.check,
        "severity": finding.severity,
        "sentence": finding.en,
    }


def tell(findings: list[Finding], folder: Path) -> None:
    for finding in findings:
        sentence = finding.sv if language() == "sv" else finding.en
        say(f"{finding.file}:{finding.line}: {finding.severity}: {sentence} [{finding.check}]")
    count = len(faults(findings))
    say(f"{folder}: {count} faults, {len(findings) - count} warnings")


def show(args: Namespace) -> int:
    if args.id is None:
        return list_all(args)
    try:
        found = parameter(f"regimes.{args.id}" if args.id in regimes() else args.id)
    except UnknownParameter as error:
        raise WrongUse(f"There is no policy {args.id}.", fix="vardkase policy show") from error
    answer = plain_on(found, args.at) if args.at else plain(found)
    say_json(answer) if args.json else tell_value(answer)
    return Exit.OK


def list_all(args: Namespace) -> int:
    day = args.at or datetime.now(SWEDEN).date()
    found = [plain_on(parameter(id), day) for id in parameters()]
    if args.json:
        say_json([{name: one[name] for name in ("id", "unit", "sv", "en")} for one in found])
    else:
        for one in found:
            say(f"{one['id']:34} {one[language()]}")
    return Exit.OK


def tell_value(answer: dict[str, Any]) -> None:
    """The parameter as indented text, a version after the other."""
    say(f"{answer['id']}: {answer[language()]} ({answer['unit']})")
    for version in answer.get("versions") or [answer.get("version")]:
        if version is None:
            say(f"No value on {answer['on']}.")
            continue
        say(f"\nSince {version['since']}, checked {version['checked']} ({version['status']})")
        say(f"Source: {version['source']}")
        branch(version["value"], 1)


def branch(value: Any, depth: int) -> None:
    """`value` as lines, what it holds one step further in."""
    if not nested(value):
        say(f"{'  ' * depth}{value}")
        return
    pairs = value.items() if isinstance(value, dict) else enumerate(value, 1)
    for name, part in pairs:
        if isinstance(part, dict) or (isinstance(part, list) and any(map(nested, part))):
            say(f"{'  ' * depth}{name}:")
            branch(part, depth + 1)
        else:
            say(f"{'  ' * depth}{name}: {part}")


def nested(value: Any) -> bool:
    return isinstance(value, dict | list)
