"""PH11: words in an address never reach the database as anything but values, and never a 500.

GLPI CVE-2025-24799, MISP CVE-2022-48329, OTRS CVE-2022-4427, GLPI CVE-2023-51446.
"""

import ast
import logging
from functools import cache
from itertools import cycle, islice

import pytest

from tests.architecture.routes import routes
from tests.architecture.source import nodes
from tests.architecture.sweep.ask import PARAMETER
from tests.architecture.sweep.world import World, build

HOSTILE = (
    "' OR 1=1 --", "\x00", "a\x00b", "\udcff", "%00", "-1", "99999999999999999999", "1e400", "NaN",
    "٣", "²", "x" * 5000, "[]", "{}", "null", "../../etc/passwd", "\u202e", "2026-02-30",
    "0000-00-00T00:00:00Z", "password", "-password", "reporter__password__startswith",
    "eyJhIjoxfQ", "W251bGxd", "IiI", "=",
)  # fmt: skip
EACH = 3  # words that one page is tried with
LOOKUPS = {"password__startswith": "a", "reporter__password__regex": ".*", "order_by": "password"}


@cache
def asked_for() -> list[str]:
    """Every name that our own code reads from an address, and the API's own."""
    names = {"q", "after", "state", "limit", "by", "total", "since", "until", "next"}
    for _where, node in nodes(ast.Call):
        if ast.unparse(node.func).endswith("GET.get") and isinstance(node.args[0], ast.Constant):
            names.add(str(node.args[0].value))
    return sorted(names)


@pytest.fixture
def world(db: None, caplog: pytest.LogCaptureFixture) -> World:
    caplog.set_level(logging.CRITICAL, logger="django.request")
    made = build()
    made.employ("security_chief", ("patient",))
    made.client.raise_request_exception = False
    return made


def test_no_word_in_an_address_breaks_a_page(world: World) -> None:
    """Each page gets a few of the words in all its parameters at once, each word many pages."""
    words = cycle(HOSTILE)
    for route in dict.fromkeys(routes()):
        if route.method != "GET" or route.of_library or "(?P" in route.pattern:
            continue
        url = "/" + PARAMETER.sub("1", route.pattern)
        headers = {"Authorization": f"Bearer {world.secret}"} if route.is_api else {}
        for value in islice(words, EACH):
            sent = value.encode("utf-8", "surrogateescape")
            query = dict.fromkeys(asked_for(), sent) | LOOKUPS
            got = world.client.get(url, query, headers=headers).status_code
            assert got < 500, (url, value)
