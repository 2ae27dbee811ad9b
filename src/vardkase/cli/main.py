"""The console command `vardkase`: finds the data folder, opens what a command needs, runs it.

To add a command: a line in COMMANDS and a file `cli/NAME.py` (a hyphen becomes `_`, a Python
keyword gets a trailing one, as `import_.py`) with

    def add_parser(parser: ArgumentParser) -> None: ...   # its options; nested commands as well
    def run(args: Namespace) -> int: ...                  # an Exit; `args.data` is the data folder

`run` is called with Django set up and the database open as the working role, whether the instance
is running or not, unless the file says `NEEDS_DATABASE = False`. The file is imported only when
its command is called, so it imports what it needs at its top. Output and progress: `output.py`.
What the operator can mend is raised as `lib.trouble.Trouble` with the command that mends it.
"""

import argparse
import contextlib
import importlib
import importlib.util
import keyword
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from vardkase.config.instance import opened
from vardkase.lib.trouble import Trouble

from .output import Exit, complain

COMMANDS = {
    "start": "start the instance: database, web server and worker",
    "demo": "fill a new instance with a fictitious organisation",
    "check": "say what remains before production",
    "policy": "check or show the policy in force",
    "log": "verify the decision log",
    "import": "bring in old incidents, units, people or assets",
    "token": "make and withdraw tokens for the API",
    "user": "invite, reset and disable accounts",
    "backup": "write the whole instance to one file",
    "restore": "make a new instance of a backup",
    "seed": "fill a throw-away instance with many events, for measuring",
}


def main(argv: list[str] | None = None) -> int:
    """Run one command; the answer is the exit code."""
    words = sys.argv[1:] if argv is None else argv
    parser, known = parsers(words)
    args = parser.parse_args(words)
    args.data = Path(args.data).absolute()
    try:
        with ready(known[args.command], args.data):
            return int(known[args.command].run(args))
    except Trouble as trouble:
        return complain(str(trouble), fix=trouble.fix)
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except BrokenPipeError:  # the reader of our output has gone, as in `vardkase ... | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.FAILED


@contextlib.contextmanager
def ready(command: ModuleType, data: Path) -> Iterator[None]:
    """What the command stands on: the database open and Django set up, or nothing."""
    if getattr(command, "NEEDS_DATABASE", True):
        with opened(data):
            yield
    else:
        yield


def parsers(words: list[str]) -> tuple[argparse.ArgumentParser, dict[str, ModuleType]]:
    """The parser, with the options of the called command only: the others are not imported."""
    parser = argparse.ArgumentParser(prog="vardkase", description="Informationssäkerhetsincidenter")
    add_data(parser, default=os.environ.get("VARDKASE_DATA") or "data")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    loaded = {}
    for name, says in COMMANDS.items():
        if importlib.util.find_spec(module_name(name)):
            command = commands.add_parser(name, help=says, description=says.capitalize() + ".")
            add_data(command, default=argparse.SUPPRESS)  # it may stand after the command as well
            if name in words:
                loaded[name] = importlib.import_module(module_name(name))
                loaded[name].add_parser(command)
    return parser, loaded


def add_data(parser: argparse.ArgumentParser, *, default: str) -> None:
    says = "the instance's folder (default: $VARDKASE_DATA, else ./data)"
    parser.add_argument("--data", metavar="DIR", default=default, help=says)


def module_name(command: str) -> str:
    name = command.replace("-", "_")
    return f"vardkase.cli.{name}_" if keyword.iskeyword(name) else f"vardkase.cli.{name}"


if __name__ == "__main__":
    sys.exit(main())
