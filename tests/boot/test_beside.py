"""Beside a running instance: commands, a second start, and what its roles may do."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from vardkase.config.cluster import Cluster

from .instances import Running, vardkase


@pytest.fixture(scope="module")
def instance(made: Path) -> Iterator[Running]:
    with Running(made) as started:
        yield started


def test_a_second_start_tells_its_time(instance: Running) -> None:
    """P9: at most 3 s, aim 1.5. Time is measured and printed, and fails nothing."""
    print(f"second start: {instance.seconds:.2f} s to the first answer")  # noqa: T201
    assert instance.is_healthy()


def test_a_command_works_on_a_running_instance(instance: Running) -> None:
    answer = vardkase(instance.data, "setup-link")
    assert f"http://127.0.0.1:{instance.port}/start/" in answer.stdout
    assert instance.is_healthy()


def test_two_on_one_folder_are_refused_with_a_sentence(instance: Running) -> None:
    second = vardkase(instance.data, "start")
    assert second.returncode == 1
    assert f"already runs on {instance.data}: process {instance.process.pid}" in second.stderr
    assert f"Fix: use it, or stop it with: kill {instance.process.pid}" in second.stderr
    assert instance.is_healthy()


def test_a_taken_port_is_refused_with_another_to_try(instance: Running, tmp_path: Path) -> None:
    second = vardkase(tmp_path / "other", "start", "--port", str(instance.port))
    assert second.returncode == 1
    assert f"Port {instance.port}" in second.stderr
    assert "Fix: vardkase start --port" in second.stderr


@pytest.mark.parametrize(
    "forbidden",
    [
        "UPDATE decisionlog_entry SET kind = kind",
        "TRUNCATE events_event",
        "DROP TABLE events_event",
        "CREATE TABLE mine (n int)",
    ],
)
def test_the_web_works_as_a_role_that_owns_nothing(instance: Running, forbidden: str) -> None:
    sockets = Cluster(instance.data / "postgres").socket_folder
    url = f"postgresql://vardkase_app@/vardkase?host={sockets}"
    with psycopg.connect(url, autocommit=True) as connection:
        owned = "SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole"
        assert connection.execute(owned).fetchone() == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(forbidden)
