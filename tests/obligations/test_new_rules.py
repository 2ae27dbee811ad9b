"""A regime that is put into the folder rings for the cases there are, without a restart."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone

from vardkase.events.models import Event
from vardkase.obligations.models import Deadline
from vardkase.policy.parameter import overlay
from vardkase.workflow.new_rules import plan_by_new_rules

OWN = """
id = "regimes.own-board"
unit = "regime"
sv = "Rapport till styrelsen"
en = "Report to the board"
[[version]]
since = 2020-01-01
source = "Styrelsens beslut"
checked = 2026-11-22
status = "verified"
[version.value]
version = "1"
legal = [{ ref = "Beslutet", level = "R", status = "verified" }]
criteria = [{ id = "all", sv = "Allt", en = "All", legal = "Beslutet", level = "R", status = "verified", if = { fact = "known_at", present = true } }]
steps = [{ id = "tell", sv = "Berätta", en = "Tell", kind = "internal", due = { from = "known_at", within = "P7D" }, legal = "Beslutet", level = "R", status = "verified" }]
recipients = {}
"""  # noqa: E501


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    overlay(tmp_path)
    (tmp_path / "regimes").mkdir()
    yield tmp_path / "regimes"
    overlay(None)


def told(case: Event) -> int:
    rows = Deadline.objects.filter(obligation__event=case, obligation__regime="own-board")
    return rows.filter(ended_at=None).count()


@pytest.mark.usefixtures("region")
def test_a_new_regime_is_planned_for_every_open_case_and_its_end_too(
    folder: Path, incident: Event, opened: object
) -> None:
    now, later = timezone.now(), opened()  # type: ignore[operator]
    while plan_by_new_rules(now):
        pass
    (folder / "own-board.toml").write_text(OWN, encoding="utf-8")
    assert plan_by_new_rules(now, most=1) > 0
    assert (told(later), told(incident)) == (1, 0)  # the newest first, a slice a round
    plan_by_new_rules(now, most=1)
    assert told(incident) == 1
    assert plan_by_new_rules(now) == 0
    (folder / "own-board.toml").write_text("id =", encoding="utf-8")  # half written
    plan_by_new_rules(now)
    assert (told(later), told(incident)) == (1, 1)
    (folder / "own-board.toml").unlink()
    plan_by_new_rules(now)
    assert (told(later), told(incident)) == (0, 0)
