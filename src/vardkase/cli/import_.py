"""`vardkase import KIND FILE`: one file `cli/import_KIND.py` for each kind, shaped as a command."""

import importlib
import importlib.util
from argparse import ArgumentParser, Namespace

KINDS = {
    "incidents": "old incidents, with a mapping of their fields",
    "units": "units of the organisation",
    "people": "people",
    "assets": "systems, archives, processes and other assets",
    "suppliers": "suppliers",
}


def add_parser(parser: ArgumentParser) -> None:
    kinds = parser.add_subparsers(dest="kind", metavar="KIND", required=True)
    for kind, says in KINDS.items():
        if importlib.util.find_spec(module_of(kind)):
            importing = importlib.import_module(module_of(kind))
            importing.add_parser(kinds.add_parser(kind, help=says, description=says.capitalize()))


def run(args: Namespace) -> int:
    code: int = importlib.import_module(module_of(args.kind)).run(args)
    return code


def module_of(kind: str) -> str:
    return f"vardkase.cli.import_{kind}"
