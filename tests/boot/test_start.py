"""Two commands, from nothing: what `vardkase start` makes, and what it leaves behind."""

import os
import pwd
import shutil
import signal
import stat
import tempfile
from functools import partial
from pathlib import Path

import pytest

from vardkase.config.cluster import Cluster
from vardkase.config.processes import wait_until

from .instances import Running, all_gone, kill, vardkase
from .started import First

AS_NOBODY = (
    *("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"),
    # nothing but leave to read what is closed, since this Python may lie in root's home
    *("--inh-caps=-all,+dac_read_search", "--ambient-caps=-all,+dac_read_search"),
    "--bounding-set=-all,+dac_read_search",
)
root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_first_start_makes_everything_and_gives_the_set_up_link(first: First) -> None:
    assert first.link.startswith(f"{first.address}/start/")
    assert first.setup_page == 200
    data = first.data
    assert mode(data) == mode(data / "keys") == mode(data / "files") == 0o700
    assert mode(data / "keys" / "secret_key") == 0o600


@root_only
def test_an_ordinary_user_starts_it_alike() -> None:
    nobody = pwd.getpwnam("nobody")
    place = Path(tempfile.mkdtemp(prefix="vardkase-boot-"))
    os.chown(place, nobody.pw_uid, nobody.pw_gid)
    try:
        with Running(place / "data", AS_NOBODY, {"XDG_CACHE_HOME": str(place)}) as instance:
            assert instance.is_healthy()
            assert (place / "data" / "postgres").stat().st_uid == nobody.pw_uid
        assert {path.stat().st_uid for path in place.rglob("*")} == {nobody.pw_uid}
    finally:
        shutil.rmtree(place)


def test_ctrl_c_stops_everything_and_leaves_nothing(made: Path) -> None:
    with Running(made) as instance:
        family = list(instance.family())
        assert len(family) > 6
        sockets = Cluster(made / "postgres").socket_folder
        assert sockets
        instance.process.send_signal(signal.SIGINT)
        assert instance.process.wait(20) == 0
    assert all_gone(family)
    assert not (made / "postgres" / "postmaster.pid").exists()
    assert list((made / "run").iterdir()) == []
    assert not list(sockets.glob("*")) if sockets.exists() else True


def test_kill_9_leaves_no_orphan_and_the_next_start_works(made: Path) -> None:
    """First the parent alone, then every process at the same moment."""
    with Running(made) as instance:
        family = list(instance.family())
        kill(instance.process.pid)
        instance.process.wait()
        assert all_gone(family)
    with Running(made) as again:
        assert again.is_healthy()
        for pid in again.family():
            kill(pid)
        assert (made / "postgres" / "postmaster.pid").exists()
    with Running(made) as third:
        assert third.is_healthy()


def test_a_part_that_dies_is_started_again_and_said(made: Path) -> None:
    with Running(made) as instance:
        assert wait_until(lambda: webs(instance) == 3, seconds=10, step=0.1)
        kill(max(p for p, words in instance.family().items() if "config.web" in words))
        assert wait_until(lambda: webs(instance) == 3, seconds=15, step=0.1)
        for words in ("vardkase.jobs.worker", "vardkase.config.web", "bin/postgres"):
            killed = instance.member(words)
            kill(killed)
            instance.read_until("ended")
            assert wait_until(partial(is_replaced, instance, words, killed), seconds=20, step=0.1)
        assert wait_until(instance.is_healthy, seconds=20, step=0.1)


def webs(instance: Running) -> int:
    """The web server's processes: one that watches, and two that serve."""
    return sum("config.web" in words for words in instance.family().values())


def is_replaced(instance: Running, words: str, killed: int) -> bool:
    found = instance.family().items()
    return any(words in command and pid != killed for pid, command in found)


def test_a_command_on_a_stopped_instance_starts_its_database_for_itself(made: Path) -> None:
    stopped = vardkase(made, "setup-link")
    assert (stopped.returncode, stopped.stderr) == (0, "")
    assert "/start/" in stopped.stdout
    assert Cluster(made / "postgres").postmaster is None


def test_a_command_on_no_instance_says_how_to_make_one(tmp_path: Path) -> None:
    answer = vardkase(tmp_path / "nothing", "setup-link")
    assert answer.returncode == 1
    assert f"Fix: vardkase --data {tmp_path}/nothing start" in answer.stderr
    assert not (tmp_path / "nothing").exists()
