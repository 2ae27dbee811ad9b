"""`vardkase start` listens where it is told, and stores what came before it ends."""

import socket
from pathlib import Path

import psycopg

from vardkase.config.database import running
from vardkase.config.processes import wait_until

from .instances import Running, free_port
from .started import Copy

LINE = b"<86>Nov 20 08:00:00 web1 sshd[%d]: Failed password for root from 198.51.100.9 port 22\n"


def test_lines_over_tcp_are_stored_by_the_instance(tmp_path: Path, copy_made: Copy) -> None:
    port = free_port()
    where = {"VARDKASE_LISTEN": f"tcp://127.0.0.1:{port}"}
    with Running(copy_made(tmp_path / "data"), more=where):

        def is_open() -> bool:
            with socket.socket() as tried:
                return tried.connect_ex(("127.0.0.1", port)) == 0

        assert wait_until(is_open, seconds=60, step=0.2)
        with socket.create_connection(("127.0.0.1", port)) as sender:
            sender.sendall(b"".join(LINE % number for number in range(5_000)))
            sender.shutdown(socket.SHUT_WR)
            assert sender.recv(1) == b""  # read to its end
        assert wait_until(lambda: stored(tmp_path / "data") == 5_000, seconds=30, step=0.3)


def stored(data: Path) -> int:
    """Counted by the database's owner."""
    with running(data) as urls, psycopg.connect(urls.owner) as connection:
        row = connection.execute("SELECT coalesce(sum(count), 0) FROM detections_detection")
        return int((row.fetchone() or (0,))[0])
