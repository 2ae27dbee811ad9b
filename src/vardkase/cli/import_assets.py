"""`vardkase import assets FILE.csv`."""

from argparse import ArgumentParser, Namespace

from vardkase.assets.tables import Assets

from . import importing


def add_parser(parser: ArgumentParser) -> None:
    importing.add_parser(parser)


def run(args: Namespace) -> int:
    return importing.bring_in(Assets, args)
