"""`vardkase import units FILE.csv`."""

from argparse import ArgumentParser, Namespace

from vardkase.organisation.tables import Units

from . import importing


def add_parser(parser: ArgumentParser) -> None:
    importing.add_parser(parser)


def run(args: Namespace) -> int:
    return importing.bring_in(Units, args)
