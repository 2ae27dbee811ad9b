"""vardkase check: what remains before production, each line with what mends it."""

from argparse import ArgumentParser, Namespace
from dataclasses import asdict

from django.utils import translation
from django.utils.translation import gettext as _

from vardkase.config.readiness import findings
from vardkase.lib.console import language

from .output import Exit, say, say_json


def add_parser(parser: ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true")


def run(args: Namespace) -> int:
    with translation.override("en" if args.json else language()):
        found = list(findings(args.data, args.urls))
        if args.json:
            say_json({"ok": not found, "findings": [asdict(each) for each in found]})
        for each in [] if args.json else found:
            say(f"{each.sentence}\n  {_('Fix')}: {each.fix}")
        if not found and not args.json:
            say(_("Nothing remains: this instance is ready for production."))
    return Exit.FOUND_PROBLEMS if found else Exit.OK
