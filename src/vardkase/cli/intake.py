"""vardkase intake: take in syslog and mail in the foreground, where VARDKASE_LISTEN says."""

from argparse import ArgumentParser, Namespace

from vardkase.intake.listen.process import run as listen

from .output import Exit, say


def add_parser(parser: ArgumentParser) -> None:
    parser.description = (
        "Listens at the places that VARDKASE_LISTEN names. `vardkase start` does so by itself "
        "when it is set; use this on a machine of its own."
    )


def run(args: Namespace) -> int:
    stored = listen(lambda: say("Listening. Stop with Ctrl-C."))
    say(f"{stored} lines stored.")
    return Exit.OK
