"""`vardkase log verify` and `vardkase log export FILE`: the decision log for whoever audits it."""

from argparse import ArgumentParser, Namespace
from functools import partial
from pathlib import Path

from django.utils import timezone, translation

from vardkase.access.actor import Actor, Scope
from vardkase.decisionlog.export import lines
from vardkase.decisionlog.models import Chain
from vardkase.decisionlog.queries import Verdict, verify
from vardkase.decisionlog.services import decision
from vardkase.events.models import Event
from vardkase.lib.console import language
from vardkase.lib.trouble import Trouble

from .output import Exit, progress, say, say_json


def add_parser(parser: ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    says = "recompute every hash: finds what was changed, removed or reordered"
    verifying = verbs.add_parser("verify", help=says, description=says.capitalize() + ".")
    verifying.add_argument("--json", action="store_true")
    says = "write the log to a file of JSON lines, for docs/verify_log.py"
    exporting = verbs.add_parser("export", help=says, description=says.capitalize() + ".")
    exporting.add_argument("file", type=Path, metavar="FILE")
    for verb in (verifying, exporting):
        verb.add_argument("--case", metavar="NUMBER", help="this case's log only")


def run(args: Namespace) -> int:
    cases = Event.objects.filter(number=args.case)
    if args.case and not (cases.exists() or Chain.objects.filter(key=args.case).exists()):
        raise Trouble(f"There is no case {args.case}.", fix="write the number as 2026-0001")
    return check(args) if args.verb == "verify" else export(args)


def check(args: Namespace) -> int:
    verdict = verify(args.case, cases=Event.objects.all(), watched=partial(progress, of="entries"))
    if args.json:
        with translation.override("en"):
            faults = [str(fault) for fault in verdict.faults]
        say_json({"ok": verdict.ok, "entries": verdict.entries, "faults": faults})
    else:
        with translation.override(language()):
            tell(verdict)
    return Exit.OK if verdict.ok else Exit.FOUND_PROBLEMS


def tell(verdict: Verdict) -> None:
    for fault in verdict.faults:
        say(str(fault))
    if verdict.more:
        say(translation.gettext("and %(count)s more") % {"count": verdict.more})
    summary = (
        translation.gettext("%(count)s entries checked: the log is whole.")
        if verdict.ok
        else translation.gettext("%(count)s entries checked: the log is not whole.")
    )
    say(summary % {"count": verdict.entries})


def export(args: Namespace) -> int:
    """Write the file, after the log itself has said that it was taken out."""
    now = timezone.now()
    scope = Scope.room("decisionlog")
    with decision("log.exported", scope=scope, by=Actor.system(now), at=now) as log:
        log.note(file=args.file.name, case=args.case)
    try:
        args.file.touch(mode=0o600, exist_ok=False)
        with args.file.open("w", encoding="utf-8") as file:
            for line in progress(lines(args.case), of="lines"):
                file.write(line + "\n")
    except OSError as error:
        raise Trouble(
            f"{args.file} cannot be written: {error.strerror}.", fix="name a new file"
        ) from error
    say(str(args.file))
    return Exit.OK
