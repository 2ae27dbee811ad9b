"""`vardkase demo`: a fictitious region with a year of events, and a login for each role."""

from argparse import ArgumentParser, Namespace

from django.conf import settings
from django.utils import timezone

from vardkase.access.actor import Actor
from vardkase.intake.demo.lay import lay_alarms
from vardkase.lib.console import gettext as _
from vardkase.lib.ids import code_from, keyed
from vardkase.lib.trouble import Trouble
from vardkase.organisation import accounts, links
from vardkase.organisation.models import Grant, Person
from vardkase.organisation.queries import organisation
from vardkase.policy.parameter import parameter
from vardkase.workflow.sample.world import lay_world, name_of_sample
from vardkase.workflow.sample.year import live

from .output import Exit, progress, say, say_json


def add_parser(parser: ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true")


def run(args: Namespace) -> int:
    here = organisation()
    if here is not None and here.name != name_of_sample():
        raise Trouble(
            _("This instance belongs to %(name)s; a demonstration would mix with its cases.")
            % {"name": here.name},
            fix="vardkase --data demo start --demo",
        )
    if here is None:
        lay_all()
    show(args.json)
    return Exit.OK


def lay_all() -> None:
    now = timezone.now()
    world = lay_world(now)
    for _event in progress(live(world, now), of="events"):
        pass
    lay_alarms(world, now)
    for person in progress(list(world.people.values()), of="logins"):
        open_login(person)


def open_login(person: Person) -> None:
    at = timezone.now()
    secret = accounts.invite_again(person, by=Actor.system(at), at=at)
    accounts.open_account(links.find(secret, at).pk, password_of(person.username), at)


def password_of(username: str) -> str:
    """The same at every start of the same instance, so that it can be printed again."""
    return code_from(keyed(settings.SECRET_KEY, "demo", username))[:14]


def show(as_json: bool) -> None:
    """One login for each role; whoever changed his password knows it himself."""
    words = parameter("roles").at(timezone.now()).value
    names = {code: word["sv"] for code, word in words.items()}
    found = [
        {
            "role": grant.role,
            "name": names.get(grant.role, grant.role),
            "username": grant.person.username,
            "password": password_of(grant.person.username),
        }
        for grant in Grant.objects.select_related("person").order_by("role", "pk")
        if grant.person.has_usable_password()
    ]
    if as_json:
        say_json(found)
        return
    say("Inloggningar / logins:")
    for row in found:
        say(f"  {row['name']:34} {row['username']:14} {row['password']}")
