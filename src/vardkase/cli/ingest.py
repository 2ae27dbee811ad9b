"""`vardkase ingest --source NAME FILE... [--follow]`: what detectors wrote, taken in from files."""

import contextlib
import sys
import time
from argparse import ArgumentParser, Namespace
from pathlib import Path

import msgspec
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from vardkase.detections.rules import Answer
from vardkase.intake.files import Reader, TooLong, add
from vardkase.intake.registry import UnknownSource, source
from vardkase.intake.rotated import left_behind
from vardkase.intake.source import Source
from vardkase.lib.trouble import Trouble

from .output import Exit, say, say_json

PAUSE = 1.0  # seconds between two looks at a file that grows
WIDTH = 30  # of the bar
SHOWN = 20  # faults on a terminal


def add_parser(parser: ArgumentParser) -> None:
    parser.add_argument("--source", required=True, metavar="NAME", help="such as suricata")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--follow", action="store_true", help="go on as the files grow")
    parser.add_argument(
        "--again", action="store_true", help="from the beginning, whatever is in already"
    )
    parser.add_argument("--json", action="store_true")


def run(args: Namespace) -> int:
    """0 if every message could be read; 4 if some could not."""
    total = Answer()
    try:
        kind = source(args.source)
    except UnknownSource as unknown:
        known = ", ".join(unknown.names)
        raise Trouble(
            f"There is no source {args.source}.", fix=f"--source, one of: {known}"
        ) from None
    readers = [opened(kind, path, again=args.again) for path in args.files]
    with contextlib.suppress(KeyboardInterrupt) if args.follow else contextlib.nullcontext():
        for reader in readers:
            if args.follow:
                catch_up(reader, total)
            take_in(reader, growing=args.follow)
        while args.follow:
            time.sleep(PAUSE)
            readers = [followed(reader, total) for reader in readers]
    for reader in readers:
        add(total, reader.told)
    say_json(msgspec.to_builtins(total)) if args.json else tell(total, readers)
    return Exit.PARTLY_DONE if total.rejected else Exit.OK


def opened(kind: Source, path: Path, *, again: bool = False) -> Reader:
    try:
        return Reader(kind, path, again=again)
    except OSError as error:
        raise Trouble(f"{path} cannot be read: {error}.", fix="check the path") from error


def take_in(reader: Reader, *, growing: bool) -> None:
    try:
        for done in reader.take_in(timezone.now(), growing=growing):
            show(reader, done)
    except TooLong as long:
        raise Trouble(f"{reader.path} has {long}.", fix="divide it into smaller files") from None
    finally:
        if sys.stderr.isatty():
            sys.stderr.write("\n" if not growing else "")


def catch_up(reader: Reader, total: Answer) -> None:
    """Take in what was rotated away before it was read."""
    for old in left_behind(reader.source, reader.path):
        take_in(old, growing=False)
        add(total, old.told)


def followed(reader: Reader, total: Answer) -> Reader:
    """The same file a little later, or the one that has taken its place: a look after that was
    seen, so that what was written last into the old one is read. While the database is away
    nothing is lost: the file waits."""
    try:
        take_in(reader, growing=not reader.is_left)
        if not reader.is_left:
            reader.is_left = reader.has_moved()
            return reader
        after = Reader(reader.source, reader.path)
        add(total, reader.told)
        return after
    except (OperationalError, InterfaceError):
        connection.close()
    except OSError:
        pass
    return reader


def show(reader: Reader, done: int) -> None:
    if not sys.stderr.isatty():
        return
    size = 0 if reader.packed or reader.whole else reader.size()
    filled = round(WIDTH * min(done / size, 1)) if size else 0
    bar = f"[{'#' * filled}{'.' * (WIDTH - filled)}] " if size else ""
    sys.stderr.write(f"\r{reader.path.name}: {bar}{reader.told.received:,} messages ")
    sys.stderr.flush()


def tell(total: Answer, readers: list[Reader]) -> None:
    say(
        f"{total.received:,} received: {total.new:,} new, {total.folded:,} folded, "
        f"{total.skipped:,} skipped, {total.set_aside:,} set aside, "
        f"{len(total.rejected):,} rejected"
    )
    for fault in total.rejected[:SHOWN]:
        say(f"  message {fault.line}: {fault.error}")
    if not total.received and any(reader.messages for reader in readers):
        say("Everything was in already; --again takes it in once more.")
