"""Lists stand in Swedish order on every server, page by page."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vardkase.lib.paging import BadCursor, Order, Page, read
from vardkase.lib.sorting import folded
from vardkase.suppliers.models import Supplier

BY_NAME = Order(("sort_key", "id"), texts=frozenset({"sort_key"}))
SWEDISH = ["Abel", "Älv", "alm", "Zäta", "Å", "åre", "Ärla", "Ö", "öar"]


@pytest.fixture
def suppliers(db: None) -> list[str]:
    for name in ["öar", "Ö", "Zäta", "Älv", "Ärla", "åre", "Å", "alm", "Abel"]:
        Supplier.objects.create(name=name)
    return sorted(SWEDISH, key=folded)


def test_the_letters_of_swedish_come_last(suppliers: list[str]) -> None:
    assert suppliers == ["Abel", "alm", "Zäta", "Å", "åre", "Älv", "Ärla", "Ö", "öar"]
    assert [s.name for s in Supplier.objects.all()] == suppliers


def test_pages_follow_each_other_in_that_order(suppliers: list[str]) -> None:
    seen, after = list[str](), None
    while True:
        page = Page.of(Supplier.objects.all(), BY_NAME, after=after, limit=2)
        seen += [s.name for s in page.items]
        after = page.next
        if after is None:
            break
    assert seen == suppliers


@pytest.mark.django_db
@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=200))
def test_a_search_term_is_folded_as_the_database_folds(name: str) -> None:
    stored = Supplier.objects.create(name=name)
    try:
        assert stored.sort_key == folded(name)
        page = Page.of(Supplier.objects.all(), BY_NAME, after=None, limit=1)
        assert page.items == [stored]
    finally:
        stored.delete()


@pytest.mark.parametrize(
    "cursor", ["W251bGwsMV0", "WzEsMV0", "WyJcdTAwMDAiLDFd", "WyJcdWQ4MDAiLDFd", "?"]
)
def test_a_made_up_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(BadCursor):
        read(cursor, BY_NAME)
