"""What is not verified says so; somebody's word for it stands with name and time."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation
from tests.conftest import NOW, Hire

from vardkase.access.actor import Actor
from vardkase.decisionlog.queries import verify
from vardkase.events.models import Event, Mark
from vardkase.events.rules import Report
from vardkase.organisation.models import Person, Unit
from vardkase.web.report.shown import topics
from vardkase.web.templatetags.vardkase import changes, marked
from vardkase.workflow.report import mark, report

SAID = "uppgifter i rapporten som inte är verifierad ska en notering kunna göras om det"


@pytest.fixture
def case(region: Unit) -> Event:
    sent = Report(what="En dator är borta.", answers={"work": ["cannot"], "harm": ["yes"]})
    return report(sent, by=Actor.reporter(NOW), at=NOW).event


@pytest.mark.says("S2-042", SAID)
def test_every_statement_is_unverified_until_somebody_says_otherwise(case: Event) -> None:
    with translation.override("sv"):
        drawn = render_to_string("events/_statements.html", {"topics": topics(case)})
    assert drawn.count("Ej verifierad") == 3
    assert "Nej, vi kan inte arbeta" in drawn


@pytest.mark.says("S2-042", SAID)
def test_a_mark_says_who_and_when_and_the_marks_before_stay(
    case: Event, hire: Hire, act: Callable[[Person], Actor]
) -> None:
    anna = hire("assessor")
    statement = case.statements.get(question="work")
    mark(statement, "verified", of=case, note="Ringde avdelningen.", by=act(anna), at=NOW)
    mark(statement, "refuted", of=case, by=act(anna), at=NOW)
    with translation.override("sv"):
        said = topics(case)[1].current.said[0]
        assert said.mark
        assert (said.status, said.mark.label, said.mark.by) == ("refuted", "Motbevisad", anna.name)
    kept = statement.marks.order_by("pk").values_list("status", "note", "by")
    assert list(kept) == [
        ("verified", "Ringde avdelningen.", anna.key),
        ("refuted", "", anna.key),
    ]
    assert verify().ok


def test_a_reader_who_may_not_change_the_case_marks_nothing(
    case: Event, hire: Hire, act: Callable[[Person], Actor]
) -> None:
    auditor = hire("auditor")
    with pytest.raises(PermissionDenied):
        mark(case.statements.first(), "verified", of=case, by=act(auditor), at=NOW)  # type: ignore[arg-type]
    assert not Mark.objects.exists()


def test_the_button_marks_and_leads_back(
    case: Event, hire: Hire, signed_in: Callable[[Person], Client]
) -> None:
    statement = case.statements.get(question="harm")
    client = signed_in(hire("assessor"))
    path = f"/arenden/{case.number}/uppgifter/{statement.pk}"
    answer = client.post(path, {"status": "verified", "next": "/somewhere?x=1"})
    assert answer.headers["Location"] == f"/somewhere?x=1#statement-{statement.pk}"
    assert statement.marks.get().status == "verified"
    away = client.post(path, {"status": "refuted", "next": "https://evil.example/"})
    assert away.headers["Location"] == f"/#statement-{statement.pk}"


@pytest.mark.parametrize("status", ["", "true", "verified\x00"])
def test_an_unknown_mark_is_refused_with_a_page(
    case: Event, hire: Hire, signed_in: Callable[[Person], Client], status: str
) -> None:
    statement = case.statements.get(question="harm")
    path = f"/arenden/{case.number}/uppgifter/{statement.pk}"
    answer = signed_in(hire("assessor")).post(path, {"status": status})
    assert answer.status_code == 422
    assert "Fel:" in answer.content.decode()


def test_a_statement_of_another_case_is_not_found(
    case: Event, hire: Hire, signed_in: Callable[[Person], Client]
) -> None:
    other = report(Report(what="x"), by=Actor.reporter(NOW), at=NOW).event
    path = f"/arenden/{case.number}/uppgifter/{other.statements.get().pk}"
    assert signed_in(hire("assessor")).post(path, {"status": "verified"}).status_code == 404


def test_hidden_characters_are_shown_as_marks_and_markup_is_text() -> None:
    assert marked("<b>") == "&lt;b&gt;"
    drawn = marked("fil\u202egpj.exe\x07")
    assert "\u202e" not in drawn
    assert "\x07" not in drawn
    assert ">RLO<" in drawn
    assert ">U+0007<" in drawn
    assert marked("a\r\nb") == "a\nb"


def test_a_version_shows_what_it_changed() -> None:
    drawn = changes("Två datorer är borta", "Tre datorer är <borta>")
    assert "<del>Två</del><ins>Tre</ins> datorer är" in drawn
    assert "<ins>&lt;borta&gt;</ins>" in drawn
