"""`vardkase user list|invite|reset|disable|enable`: accounts, for whoever has the console."""

from argparse import ArgumentParser, Namespace
from datetime import datetime

from django.utils import timezone

from vardkase.access.actor import Actor
from vardkase.config.instance import running_instance
from vardkase.lib.changes import Refused
from vardkase.lib.trouble import Trouble
from vardkase.organisation import account_queries as queries
from vardkase.organisation import accounts

from .named import in_words, person_named, plain, unit_named
from .output import Exit, say, say_json


def add_parser(parser: ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)

    def verb(name: str, says: str) -> ArgumentParser:
        made = verbs.add_parser(name, help=says, description=says.capitalize() + ".")
        made.add_argument("--json", action="store_true")
        return made

    verb("list", "list the accounts")
    inviting = verb("invite", "make a one-time link for a new person, or one without a login")
    inviting.add_argument("username", metavar="LOGIN")
    inviting.add_argument("--name", help="of a new person")
    inviting.add_argument("--unit", help="path, number or name (the root if left out)")
    resetting = verb("reset", "end password and sessions, and make a link to a new password")
    resetting.add_argument("username", metavar="LOGIN")
    resetting.add_argument("--second-factors", action="store_true", help="forget them as well")
    for name in ("disable", "enable"):
        closing = verb(name, f"{name} an account")
        closing.add_argument("username", metavar="LOGIN")
        closing.add_argument("--reason", default="At the console")


def run(args: Namespace) -> int:
    deeds = {
        "list": list_all,
        "invite": invite,
        "reset": reset,
        "disable": disable,
        "enable": enable,
    }
    return deeds[args.verb](args, timezone.now())


def list_all(args: Namespace, at: datetime) -> int:
    rows = [
        {
            "username": person.username,
            "name": person.name,
            "unit": person.unit.path,
            "state": person.state,  # type: ignore[attr-defined]
        }
        for person in queries.accounts(Actor.system(at))
    ]
    if args.json:
        say_json(rows)
        return Exit.OK
    for row in rows:
        say(f"{row['state']:9} {row['username']:24} {row['name']} ({row['unit']})")
    return Exit.OK


def invite(args: Namespace, at: datetime) -> int:
    system = Actor.system(at)
    if args.name is None:
        person = person_named(args.username)
        if accounts.has_password(person):
            raise Trouble(
                f"{person.name} has a login.", fix=f"vardkase user reset {person.username}"
            )
        return told(args, accounts.invite_again(person, by=system, at=at))
    values = {"name": args.name, "username": args.username, "unit": unit_named(args.unit)}
    try:
        _, secret = accounts.invite(values, by=system, at=at)
    except Refused as refused:
        raise in_words(refused) from None
    return told(args, secret)


def reset(args: Namespace, at: datetime) -> int:
    person = person_named(args.username)
    if not person.is_active:
        raise Trouble(
            f"{person.name}'s account is closed.", fix=f"vardkase user enable {person.username}"
        )
    secret = accounts.reset(person, second_factors=args.second_factors, by=Actor.system(at), at=at)
    return told(args, secret)


def told(args: Namespace, secret: str) -> int:
    """The link, as whoever reads it here has to hand it over."""
    instance = running_instance(args.data)
    where = instance["address"] if instance else "http://ADDRESS"
    link = f"{where}/valkommen/{secret}"
    if args.json:
        say_json({"link": link, "username": args.username})
    else:
        say(f"{link}\nIt works once. Hand it over in person or by phone.")
    return Exit.OK


def disable(args: Namespace, at: datetime) -> int:
    person = person_named(args.username)
    try:
        accounts.disable(person, reason=plain(args.reason), by=Actor.system(at), at=at)
    except accounts.LastAdministrator:
        raise Trouble(
            f"{person.name} is the last administrator.",
            fix="invite another first, and give the role sysadmin",
        ) from None
    return done(args, "disabled")


def enable(args: Namespace, at: datetime) -> int:
    accounts.enable(
        person_named(args.username), reason=plain(args.reason), by=Actor.system(at), at=at
    )
    return done(args, "enabled")


def done(args: Namespace, state: str) -> int:
    if args.json:
        say_json({"username": args.username, "state": state})
    else:
        say(f"{args.username} is {state}.")
    return Exit.OK
