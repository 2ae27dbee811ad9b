"""PH03, what another case's log gives away: Zammad CVE-2025-32360, CVE-2021-44886, RT
CVE-2023-45024. A restricted report feeds a case that more people read."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.conftest import NOW, Hire, let_in
from vardkase.access.actor import Actor
from vardkase.events import circle
from vardkase.events.models import Event
from vardkase.events.rules import Report
from vardkase.lib.ids import fingerprint, new_secret
from vardkase.organisation.models import Person, Token, Unit
from vardkase.workflow.assess import merge, unmerge
from vardkase.workflow.report import report

PAGES = (
    "/handelser/{}/bedom", "/arenden/{}", "/arenden/{}/logg", "/arenden/{}/sammanfattning",
    "/arenden/{}/sammanfattning.json", "/api/v1/events/{}", "/api/v1/events/{}/log",
    "/api/v1/events/{}/handling", "/api/v1/events/{}/summary", "/att-bedoma", "/arenden",
    "/sok?q=zebra", "/api/v1/events?q=zebra", "/statistik",
)  # fmt: skip


def told(what: str, unit: Unit) -> Event:
    return report(Report(what=what, unit=unit.pk), by=Actor.reporter(NOW), at=NOW).event


@pytest.mark.parametrize("feeds", ["hidden feeds plain", "plain feeds hidden"])
@pytest.mark.parametrize("undone", [False, True])
def test_who_is_not_cleared_for_a_report_learns_nothing_of_it_from_the_case_it_feeds(
    hospital: Unit, hire: Hire, act: Callable[[Person], Actor], client: Client, undone: bool,
    feeds: str,
) -> None:  # fmt: skip
    by, blind = act(hire("incident_manager", labels=["restricted"])), hire("incident_manager")
    hidden, plain = told("Hemligt zebra", hospital), told("Vanligt", hospital)
    circle.label(hidden, ["restricted"], by=by, at=NOW)
    hidden.refresh_from_db()
    pair = (hidden, plain) if feeds.startswith("hidden") else (plain, hidden)
    made = merge(*pair, reason="samma händelse", by=by, at=NOW)
    if undone:
        unmerge(made, by=by, at=NOW)
    secret = new_secret()
    Token.objects.create(
        name="x", role="incident_manager", unit=hospital, digest=fingerprint(secret),
        by="system", created_at=NOW, expires_at=NOW.replace(year=2099),
    )  # fmt: skip
    let_in(client, blind)
    for path in PAGES:
        url = path.format(plain.number)
        answer = client.get(url, headers={"Authorization": f"Bearer {secret}"})
        assert answer.status_code == 200, url
        shown = answer.content.decode().replace('value="zebra"', "")
        for word in (hidden.number, "Hemligt"):
            assert word not in shown, (url, word)
