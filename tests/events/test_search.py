"""Searching finds what the reader may read, by number, stem or part of a word, and no more."""

from collections.abc import Callable

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.conftest import NOW, Hire

from vardkase.access.actor import Actor
from vardkase.assets.models import Asset
from vardkase.events.models import Event
from vardkase.events.rules import Report
from vardkase.events.search import search
from vardkase.organisation.models import Person, Unit
from vardkase.workflow.report import report

ALL = Actor.system(NOW)


@pytest.fixture
def told(region: Unit) -> Callable[..., str]:
    def tell(what: str, unit: Unit | None = None) -> str:
        sent = Report(what=what, unit=unit.pk if unit else None)
        return report(sent, by=Actor.reporter(NOW), at=NOW).number

    return tell


def found(text: str, reader: Actor = ALL) -> list[str]:
    return [event.number for event in search(reader, text)]


@pytest.mark.parametrize(
    "asked", ["servrarna", "incident", "informationssäkerhet", "-patient servrarna", '"slog ut"']
)
def test_words_stems_and_parts_of_titles_are_found(told: Callable[..., str], asked: str) -> None:
    number = told("En informationssäkerhetsincident slog ut servrarna.")
    told("En patient fick fel utskrift.")
    assert found(asked) == [number]


def test_a_number_finds_its_case_alone(told: Callable[..., str]) -> None:
    number = told("Som 2026-0001 men annorlunda.")
    assert found(number) == [number]


def test_what_the_reader_may_not_read_is_not_found(
    told: Callable[..., str], hospital: Unit, archive: Unit, hire: Hire,
    act: Callable[[Person], Actor],
) -> None:  # fmt: skip
    here, there = told("Servern är borta.", hospital), told("Servern är borta.", archive)
    reader = act(hire("assessor", hospital))
    assert found("servern", reader) == [here]
    assert found(there, reader) == []


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None
)
@given(st.text(max_size=250))
def test_any_question_has_an_answer(db: None, text: str) -> None:
    assert found(text.encode("utf-8", "replace").decode()) == []


def test_the_page_finds_and_a_number_leads_to_its_case(
    told: Callable[..., str], hire: Hire, signed_in: Callable[[Person], Client],
    django_assert_max_num_queries: Callable[[int], object],
) -> None:  # fmt: skip
    number = told("Servern är borta.")
    client = signed_in(hire("assessor"))
    assert "Servern är borta" in client.get("/sok", {"q": "servern"}).content.decode()
    assert client.get("/sok", {"q": number}).headers["Location"] == f"/arenden/{number}"
    with django_assert_max_num_queries(8):  # type: ignore[attr-defined]
        client.get("/sok", {"q": "servern"})


def test_the_newest_is_first(told: Callable[..., str]) -> None:
    numbers = [told(f"Servern är borta, gång {n}.") for n in range(3)]
    rows = Event.objects.filter(number__in=found("servern")).order_by("-reported_at", "-pk")
    assert [row.number for row in rows] == numbers[::-1]


def test_assets_in_use_are_found_by_any_of_their_names(
    hospital: Unit, hire: Hire, signed_in: Callable[[Person], Client]
) -> None:
    given = {"kind": "system", "unit": hospital}
    Asset.objects.create(name="Ångcentralen", other_names="srv-7", **given)
    Asset.objects.create(name="Gamla ångcentralen", other_names="srv-7", closed_at=NOW, **given)
    web = signed_in(hire("assessor"))
    for asked in ("ångcentral", "SRV-7"):
        page = web.get("/sok", {"q": asked}).content.decode()
        assert "Ångcentralen" in page, asked
        assert "Gamla ångcentralen" not in page, asked
