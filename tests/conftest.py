"""A real PostgreSQL for the suite, and the stock persons: Anna, Bo, Cecilia and a stranger."""

import gc
import gettext
import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.core.signals import setting_changed
from django.db import connection
from django.http import HttpRequest
from django.test import Client, TransactionTestCase
from pytest_django.plugin import DjangoDbBlocker
from xdist import is_xdist_controller
from xdist.scheduler import LoadScopeScheduling

from tests.architecture.watcher import watched_doors
from tests.boot.started import copy_made, first, made
from tests.database import copy, create, drop, empty
from tests.server import address, beside
from vardkase.access.actor import Actor
from vardkase.config.address import database
from vardkase.config.database import temporary_server
from vardkase.lib.catalogue import compile_all
from vardkase.organisation.models import Grant, Organisation, Person, Unit
from vardkase.organisation.queries import actor_of

__all__ = ["copy_made", "first", "made"]  # one instance for tests/boot and tests/faults alike

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)

TESTS = itertools.count()
MOST_WORKERS = 4
SERVER = pytest.StashKey[Path]()
# The longest first, each whole in one worker: they share an instance, and a browser.
LONG = {"tests/boot/": "instance", "tests/faults/": "instance", "tests/browser/": "browser"}


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """`./dev test`: a worker for each core and one that works while they wait for processes,
    clocks and browsers; a test or a file by name stays in this process."""
    if not any(Path(word).is_dir() for word in config.args):
        return 0
    return min(MOST_WORKERS, (os.cpu_count() or 1) + 1)


def long_part(nodeid: str) -> str:
    return next((part for folder, part in LONG.items() if nodeid.startswith(folder)), "")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not long_part(item.nodeid))


class Scheduler(LoadScopeScheduling):
    """By module, but for what is LONG."""

    def _split_scope(self, nodeid: str) -> str:
        return long_part(nodeid) or nodeid.partition("::")[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduler:
    return Scheduler(config, log)


def pytest_sessionstart(session: pytest.Session) -> None:
    """One database server for all workers: it makes the tables while they collect."""
    if is_xdist_controller(session) and "TEST_DATABASE_URL" not in os.environ:
        server = ExitStack()
        session.config.stash[SERVER] = server.enter_context(beside())
        session.config.add_cleanup(server.close)


def pytest_configure_node(node: Any) -> None:
    node.workerinput["server"] = str(node.config.stash.get(SERVER, ""))


def pytest_collection_finish() -> None:
    """What has been loaded stays: it need not be looked through for garbage again and again."""
    gc.collect()
    gc.freeze()


settings.PASSWORD_HASHERS = ["tests.hashing.Cheap"]
compile_all()  # and forget the words that were read before
gettext._translations.clear()  # type: ignore[attr-defined]
setting_changed.send(None, setting="LOCALE_PATHS", value=None, enter=True)


@pytest.fixture(scope="session")
def shared_server(request: pytest.FixtureRequest) -> str:
    """The file with the address of the server that holds our tables already; "" for none."""
    return getattr(request.config, "workerinput", {}).get("server", "")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(shared_server: str) -> Iterator[None]:
    """The workers' server, the one that `TEST_DATABASE_URL` names, or one of our own."""
    with ExitStack() as stack:
        if shared_server:
            url = address(Path(shared_server))
        else:
            url = os.environ.get("TEST_DATABASE_URL") or (
                stack.enter_context(temporary_server()).superuser
            )
        settings.DATABASES["default"].update(database(url))
        yield


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_modify_db_settings: None, django_db_blocker: DjangoDbBlocker, shared_server: str
) -> Iterator[None]:
    """The empty database with all tables; gone afterwards."""
    name = f"test_{os.getpid()}"
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict.update(settings.DATABASES["default"])
        if shared_server:
            copy(name)
        else:
            create(name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty)
        yield
    with django_db_blocker.unblock():
        drop(name)


@pytest.fixture(autouse=True)
def _doors_write_decisions_only(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Rule 1 of architecture.md section 5, for every request of every test."""
    with watched_doors(monkeypatch):
        yield


@pytest.fixture(autouse=True)
def _files_of_its_own(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Attachments of a test lie in its own folder, made by the first of them."""
    place = tmp_path_factory.getbasetemp() / "attached" / str(next(TESTS))
    monkeypatch.setattr(settings, "FILES", place / "files")


@pytest.fixture
def region(db: None) -> Unit:
    return found_region()


def found_region() -> Unit:
    """The root unit of a region that has been set up."""
    Organisation.objects.create(
        name="Region Exempel",
        kind=Organisation.Kind.REGION,
        duty_phone="010-100 00 01",
        security_phone="010-100 00 02",
        founded_at=LONG_AGO,
    )
    return add_unit("Region Exempel", None)


def add_unit(name: str, parent: Unit | None) -> Unit:
    unit = Unit.objects.create(name=name, parent=parent, path=f"?{name}")
    unit.path = f"{parent.path if parent else '/'}{unit.pk}/"
    unit.save(update_fields=["path"])
    return unit


@pytest.fixture
def hospital(region: Unit) -> Unit:
    return add_unit("Sjukhuset", region)


@pytest.fixture
def archive(region: Unit) -> Unit:
    """A unit beside the hospital: nobody's grant at one reaches the other."""
    return add_unit("Arkivet", region)


type Hire = Callable[..., Person]


@pytest.fixture
def hire(region: Unit) -> Hire:
    """Make a person with a role: `hire("assessor", hospital, labels=["patient"])`."""

    def hire_one(role: str, unit: Unit | None = None, *, labels: list[str] | None = None) -> Person:
        place = unit or region
        count = Person.objects.count()
        person = Person.objects.create(
            username=f"{role}.{count}", name=f"{role.title()} {count}", unit=place
        )
        Grant.objects.create(
            person=person, role=role, unit=place, labels=labels or [], since=LONG_AGO,
            reason="test", by="system",
        )  # fmt: skip
        return person

    return hire_one


def let_in(client: Client, person: Person) -> None:
    """As if `person` had logged in just now, with a password."""
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    request = HttpRequest()
    request.session = client.session  # type: ignore[assignment]
    record_authentication(request, person, "login", reauthenticated=True)
    request.session.save()


@pytest.fixture
def act() -> Callable[[Person], Actor]:
    """The actor behind a person, at the suite's moment."""
    return lambda person: actor_of(person, NOW)


@pytest.fixture
def signed_in() -> Callable[[Person], Client]:
    def client_of(person: Person) -> Client:
        client = Client()
        let_in(client, person)
        return client

    return client_of
