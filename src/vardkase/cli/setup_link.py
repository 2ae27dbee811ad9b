"""vardkase setup-link: the one-time link by which an organisation is founded, made anew."""

from argparse import ArgumentParser, Namespace

from django.utils import timezone

from vardkase.config.instance import running_instance
from vardkase.lib.console import gettext as _
from vardkase.lib.trouble import Trouble
from vardkase.organisation.setup import new_setup_token

from .output import Exit, say


def add_parser(parser: ArgumentParser) -> None:
    """It has no options of its own."""


def run(args: Namespace) -> int:
    instance = running_instance(args.data)
    secret = new_setup_token(timezone.now())
    if secret is None:
        raise Trouble(
            _("The organisation is founded already, so there is nothing to set up."),
            fix=f"vardkase --data {args.data} user --help",
        )
    where = instance["address"] if instance else "http://ADDRESS"
    say(_("Set up your organisation, once: %(address)s") % {"address": f"{where}/start/{secret}"})
    return Exit.OK
