"""`vardkase token create|list|revoke`: what programs show instead of a password."""

from argparse import ArgumentParser, Namespace
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from vardkase.access.actor import Actor
from vardkase.detections.feeds import bind
from vardkase.detections.senders import signing_key
from vardkase.intake.registry import UnknownSource, source
from vardkase.lib.trouble import Trouble
from vardkase.organisation import tokens
from vardkase.organisation.models import Token
from vardkase.organisation.rules import grantable, labels

from .named import plain, unit_named
from .output import Exit, say, say_json

LONGEST_NAME = 100


def add_parser(parser: ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    says = "make a token; it is shown once"
    creating = verbs.add_parser("create", help=says, description=says.capitalize() + ".")
    creating.add_argument("name", metavar="NAME", help="the system that will use it")
    creating.add_argument("--role", required=True, help="what it may do, such as integration")
    creating.add_argument("--unit", help="path, number or name (the root if left out)")
    creating.add_argument("--label", action="append", default=[], help="clear it for a label")
    creating.add_argument("--days", type=int, help="until it expires (as policy says)")
    creating.add_argument("--source", help="let it send alarms of this source only")
    creating.add_argument("--signed", action="store_true", help="take only batches it has signed")
    says = "list the tokens, the newest first"
    listing = verbs.add_parser("list", help=says, description=says.capitalize() + ".")
    says = "withdraw a token at once"
    revoking = verbs.add_parser("revoke", help=says, description=says.capitalize() + ".")
    revoking.add_argument("token", metavar="TOKEN", help="its key in the list, such as t3")
    for verb in (creating, listing, revoking):
        verb.add_argument("--json", action="store_true")


def run(args: Namespace) -> int:
    at = timezone.now()
    return {"create": create, "list": list_all, "revoke": revoke}[args.verb](args, at)


def create(args: Namespace, at: datetime) -> int:
    wanted = tokens.Wanted(
        plain(args.name, most=LONGEST_NAME),
        args.role,
        unit_named(args.unit),
        frozenset(args.label),
        args.days,
    )
    if args.source:
        known_source(args.source)
    try:
        with transaction.atomic():
            token, secret = tokens.create(wanted, by=Actor.system(at), at=at)
            bind(token, args.source or "", signed=args.signed, by=Actor.system(at), at=at)
    except tokens.UnknownRole:
        known = ", ".join(grantable(at))
        raise Trouble(
            f"There is no role {args.role}.", fix=f"--role with one of: {known}"
        ) from None
    except tokens.UnknownLabel as label:
        known = ", ".join(labels(at))
        raise Trouble(f"There is no label {label}.", fix=f"--label, one of: {known}") from None
    except tokens.TooLong as limit:
        raise Trouble("A token cannot live that long.", fix=f"--days 1 to {limit.most}") from None
    key = signing_key(token.key) if args.signed else None
    if args.json:
        told = {"token": secret, "key": token.key, "expires_at": token.expires_at}
        say_json(told | ({"signing_key": key} if key else {}))
        return Exit.OK
    say(f"{secret}\nIt is shown once. It expires on {token.expires_at:%Y-%m-%d}.")
    if key:
        say(f"It signs its batches with the key {key}")
    return Exit.OK


def known_source(name: str) -> None:
    try:
        source(name)
    except UnknownSource as unknown:
        known = ", ".join(unknown.names)
        raise Trouble(f"There is no source {name}.", fix=f"--source, one of: {known}") from None


def list_all(args: Namespace, at: datetime) -> int:
    rows = [
        {
            "key": token.key,
            "name": token.name,
            "role": token.role,
            "unit": token.unit.path,
            "expires_at": token.expires_at,
            "open": tokens.is_open(token, at),
        }
        for token in Token.objects.select_related("unit")
    ]
    if args.json:
        say_json(rows)
        return Exit.OK
    for row in rows:
        ends = f"until {row['expires_at']:%Y-%m-%d}" if row["open"] else "closed"
        say(f"{row['key']:>6}  {row['role']:16} {ends:16} {row['name']} ({row['unit']})")
    return Exit.OK


def revoke(args: Namespace, at: datetime) -> int:
    number = args.token.removeprefix("t")
    known = number.isascii() and number.isdigit() and len(number) < 19
    token = Token.objects.select_related("unit").filter(pk=int(number) if known else 0).first()
    if token is None:
        raise Trouble(f"There is no token {args.token}.", fix="vardkase token list")
    tokens.revoke(token, by=Actor.system(at), at=at)
    if args.json:
        say_json({"key": token.key, "open": False})
    else:
        say(f"{token.name} opens nothing more.")
    return Exit.OK
