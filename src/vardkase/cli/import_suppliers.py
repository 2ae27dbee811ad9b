"""`vardkase import suppliers FILE.csv`."""

from argparse import ArgumentParser, Namespace

from vardkase.suppliers.tables import Suppliers

from . import importing


def add_parser(parser: ArgumentParser) -> None:
    importing.add_parser(parser)


def run(args: Namespace) -> int:
    return importing.bring_in(Suppliers, args)
