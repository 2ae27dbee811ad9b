"""The console command `vardkase`: finds the data folder, opens what a command needs, runs it.

To add a command: a line in COMMANDS and a file `cli/NAME.py` (a hyphen becomes `_`, a Python
keyword gets a trailing one, as `import_.py`) with

    def add_parser(parser: ArgumentParser) -> None: ...   # its options; nested commands as well
    def run(args: Namespace) -> int: ...                  # an Exit; `args.data` is the data folder

The file is imported only when its command is called, with Django set up, so it imports what it
needs at its top. `run` is called with the database open as the working role, whether the instance
is running or not (`args.urls` are its addresses), unless the file says `NEEDS_DATABASE = False`.
Output and progress: `output.py`.
What the operator can mend is raised as `lib.trouble.Trouble` with the command that mends it.
"""

import argparse
import contextlib
import importlib
import importlib.util
import keyword
import os
import sys
from pathlib import Path
from typing import Any

from vardkase.config.instance import opened, set_up_django
from vardkase.lib.trouble import Trouble, WrongUse

from .output import Exit, complain

COMMANDS = {
    "start": "start the instance: database, web server and worker",
    "demo": "fill a new instance with a fictitious organisation",
    "check": "say what remains before production",
    "policy": "check or show the policy in force",
    "log": "verify the decision log",
    "import": "bring in old incidents, units, people or assets",
    "ingest": "take in files of detectors' messages",
    "intake": "listen for syslog and mail in the foreground",
    "token": "make and withdraw tokens for the API",
    "user": "invite, reset and disable accounts",
    "backup": "write the whole instance to one file",
    "restore": "make a new instance of a backup",
    "setup-link": "make a new one-time link for founding the organisation",
}
WITHOUT_DJANGO = {"start", "restore"}  # they come before it


def main(argv: list[str] | None = None) -> int:
    """Run one command; the answer is the exit code."""
    words = sys.argv[1:] if argv is None else argv
    try:
        return call(words)
    except Trouble as trouble:
        complain(str(trouble), fix=trouble.fix)
        return Exit.WRONG_USE if isinstance(trouble, WrongUse) else Exit.FAILED
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except BrokenPipeError:  # the reader of our output has gone, as in `vardkase ... | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.FAILED


def call(words: list[str]) -> int:
    name, data, rest = chosen(words)
    if name in COMMANDS and name not in WITHOUT_DJANGO:
        set_up_django(data)
    parser, command = parsers(name)
    words = [name, *rest] if name else rest
    args = parser.parse_args(words)  # leaves here for --help and for a wrong use
    args.data = data
    needs = getattr(command, "NEEDS_DATABASE", True)
    with opened(data) if needs else contextlib.nullcontext() as args.urls:
        return int(command.run(args))


def chosen(words: list[str]) -> tuple[str, Path, list[str]]:
    """The command, the data folder wherever it was named, and the rest; nothing is loaded."""
    parser = argparse.ArgumentParser(add_help=False)
    add_data(parser, default=os.environ.get("VARDKASE_DATA") or "data")
    parser.add_argument("command", nargs="?", default="")
    args, rest = parser.parse_known_args(words)
    return args.command, Path(args.data).absolute(), rest


def parsers(name: str) -> tuple[argparse.ArgumentParser, Any]:
    """The whole parser and the file of the called command; the others are not loaded."""
    parser = argparse.ArgumentParser(prog="vardkase", description="Informationssäkerhetsincidenter")
    add_data(parser, default=argparse.SUPPRESS)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    loaded = None
    for each, says in COMMANDS.items():
        if importlib.util.find_spec(module_name(each)):
            command = commands.add_parser(each, help=says, description=says.capitalize() + ".")
            add_data(command, default=argparse.SUPPRESS)  # it may stand after the command as well
            if each == name:
                loaded = importlib.import_module(module_name(name))
                loaded.add_parser(command)
    return parser, loaded


def add_data(parser: argparse.ArgumentParser, *, default: str) -> None:
    says = "the instance's folder (default: $VARDKASE_DATA, else ./data)"
    parser.add_argument("--data", metavar="DIR", default=default, help=says)


def module_name(command: str) -> str:
    name = command.replace("-", "_")
    return f"vardkase.cli.{name}_" if keyword.iskeyword(name) else f"vardkase.cli.{name}"


if __name__ == "__main__":
    sys.exit(main())
