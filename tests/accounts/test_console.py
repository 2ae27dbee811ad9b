"""`vardkase token` and `vardkase user`: the same verbs as the pages, by whoever has the console."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import timezone

from tests.conftest import Hire
from vardkase.cli import main, token, user
from vardkase.decisionlog.models import Entry
from vardkase.detections.senders import sender, signing_key
from vardkase.lib.trouble import Trouble
from vardkase.organisation import links
from vardkase.organisation.models import Person, Unit
from vardkase.organisation.queries import actor_of_token

COMMANDS = {"token": token, "user": user}
type Call = Callable[..., object]


@pytest.fixture
def call(db: None, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Call:
    """Run a command with --json, and read its answer."""

    def run(*words: str) -> object:
        parser, _ = main.parsers(words[0])
        args = parser.parse_args([*words, "--json"])
        args.data = tmp_path
        assert COMMANDS[words[0]].run(args) == 0
        return json.loads(capsys.readouterr().out)

    return run


def test_a_token_from_the_console_opens_the_root(call: Call, region: Unit) -> None:
    made = call("token", "create", "Anna", "--role", "assessor")
    actor = actor_of_token(made["token"], timezone.now())
    assert actor is not None
    assert [(g.role, g.unit) for g in actor.grants] == [("assessor", region.path)]
    entry = Entry.objects.get(kind="token.created")
    assert entry.by == "system"


@pytest.mark.parametrize("named", ["pk", "path", "name"])
def test_a_unit_is_named_by_number_path_or_name(call: Call, hospital: Unit, named: str) -> None:
    word = str(getattr(hospital, named))
    made = call("token", "create", "x", "--role", "integration", "--unit", word, "--days", "3")
    actor = actor_of_token(made["token"], timezone.now())
    assert actor is not None
    assert actor.grants[0].unit == hospital.path


@pytest.mark.parametrize(
    "words",
    [
        ("create", "x", "--role", "emperor"),
        ("create", "x", "--role", "system"),
        ("create", "x", "--role", "assessor", "--unit", "Atlantis"),
        ("create", "x", "--role", "assessor", "--unit", "\udcff"),
        ("create", "x", "--role", "assessor", "--days", "100000"),
        ("create", "x", "--role", "assessor", "--days", "0"),
        ("create", "x", "--role", "assessor", "--label", "secret"),
        ("create", "", "--role", "assessor"),
        ("create", "x\x00", "--role", "assessor"),
        ("revoke", "t999"),
        ("revoke", "x" * 200),
        ("revoke", "²"),
    ],
)
def test_what_cannot_be_says_so(call: Call, region: Unit, words: tuple[str, ...]) -> None:
    with pytest.raises(Trouble):
        call("token", *words)


def test_before_the_founding_there_is_nothing_to_open(call: Call) -> None:
    with pytest.raises(Trouble, match="not founded"):
        call("token", "create", "x", "--role", "assessor")


def test_tokens_are_listed_and_revoked(call: Call, region: Unit) -> None:
    made = call("token", "create", "Zabbix", "--role", "integration", "--label", "patient")
    assert [(t["name"], t["open"]) for t in call("token", "list")] == [("Zabbix", True)]
    call("token", "revoke", made["key"])
    assert [t["open"] for t in call("token", "list")] == [False]
    assert actor_of_token(made["token"], timezone.now()) is None


def test_a_person_is_invited_reset_and_closed(call: Call, hire: Hire, hospital: Unit) -> None:
    hire("sysadmin")
    made = call("user", "invite", "bo", "--name", "Bo Ek", "--unit", "Sjukhuset")
    secret = made["link"].rpartition("/")[2]
    assert links.find(secret, timezone.now()).person == Person.objects.get(username="bo")
    call("user", "invite", "bo")
    call("user", "reset", "bo", "--second-factors")
    assert call("user", "disable", "bo")["state"] == "disabled"
    with pytest.raises(Trouble, match="closed"):
        call("user", "reset", "bo")
    call("user", "enable", "bo", "--reason", "Kom tillbaka")
    states = {row["username"]: row["state"] for row in call("user", "list")}
    assert states["bo"] == "none"


def test_the_last_administrator_is_not_closed(call: Call, hire: Hire) -> None:
    only = hire("sysadmin")
    with pytest.raises(Trouble, match="last administrator"):
        call("user", "disable", only.username)


def test_nobody_of_that_name(call: Call, region: Unit) -> None:
    for words in (("reset", "nobody"), ("disable", "nobody\x00"), ("invite", "Бо", "--name", "x")):
        with pytest.raises(Trouble):
            call("user", *words)


def test_a_token_may_be_bound_to_one_source(call: Call, region: Unit) -> None:
    words = ("token", "create", "x", "--role", "integration")
    made = call(*words, "--source", "suricata", "--signed")
    bound = sender(made["token"], timezone.now())
    assert bound is not None
    assert (bound.source, bound.signed) == ("suricata", True)
    assert made["signing_key"] == signing_key(made["key"])
    assert Entry.objects.filter(kind="token.bound").count() == 1
    with pytest.raises(Trouble, match="no source"):
        call(*words, "--source", "telepathy")
    assert "signing_key" not in call(*words)
