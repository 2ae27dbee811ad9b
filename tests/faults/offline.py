"""Run inside a network namespace with nothing but loopback: start, report, read, stop."""

import fcntl
import http.client
import http.cookiejar
import json
import re
import socket
import struct
import subprocess
import sys
import urllib.parse
import urllib.request
from pathlib import Path

SIOCSIFFLAGS, UP = 0x8914, 0x1
PATIENCE = 60  # seconds


def main() -> None:
    raise_loopback()
    assert not reaches_out(), "the namespace has a network after all"
    command = [sys.executable, "-m", "vardkase.cli.main", "--data", sys.argv[1], "start"]
    instance = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        link = next(row.split()[-1] for row in instance.stdout or [] if "/start/" in row)
        found(link)
        port = int(link.split(":")[2].partition("/")[0])
        assert ask(port, "GET", "/rapportera")[0] == 200
        status, answer = ask(port, "POST", "/api/v1/reports", {"what": "Nätet är borta."})
        assert (status, set(answer)) == (201, {"number", "code"}), answer
    finally:
        instance.terminate()
        assert instance.wait(PATIENCE) == 0


def found(link: str) -> None:
    """Answer the set-up page's questions in a browser's way: cookies, and the form's own token."""
    browser = urllib.request.build_opener(
        urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
    )
    page = browser.open(link, timeout=PATIENCE)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.read().decode())
    answers = {
        "csrfmiddlewaretoken": token[1] if token else "", "name": "Ön", "kind": "municipality",
        "administrator": "Ada Ek", "username": "ada.ek", "duty_phone": "0555-1",
        "security_phone": "0555-2", "sample": "no",
    }  # fmt: skip
    done = browser.open(page.url, urllib.parse.urlencode(answers).encode(), timeout=PATIENCE)
    assert "/valkommen/" in done.url, done.url


def raise_loopback() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = struct.pack("16sh", b"lo", UP)
        fcntl.ioctl(control, SIOCSIFFLAGS, request.ljust(40, b"\0"))


def reaches_out() -> bool:
    """Whether any interface but loopback could carry a packet."""
    rows = Path("/proc/net/dev").read_text().splitlines()[2:]
    return any(row.partition(":")[0].strip() not in {"lo", "tunl0", "sit0"} for row in rows)


def ask(port: int, method: str, path: str, body: object = None) -> tuple[int, dict[str, str]]:
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    headers = {"Content-Type": "application/json"}
    client.request(method, path, json.dumps(body) if body else None, headers)
    answer = client.getresponse()
    content = answer.read()
    is_json = "json" in answer.headers.get("Content-Type", "")
    return answer.status, json.loads(content) if is_json else {}


if __name__ == "__main__":
    main()
