"""Every quote in a test's mark stands in its source document, or the test holds us to nothing."""

from itertools import pairwise

import pytest

from tests.shared import SHARED
from tests.traceability import PAGE, in_order, is_whole, marks, page, requirements

DOCUMENTS = {"S1": "000", "S2": "001", "S3": "002"}


@pytest.mark.skipif(SHARED is None, reason="the source documents are not here")
def test_every_quote_stands_in_its_source_document(request: pytest.FixtureRequest) -> None:
    assert SHARED is not None
    texts = {
        source: " ".join(next((SHARED / "seeds").glob(f"{number}_*")).read_text("utf-8").split())
        for source, number in DOCUMENTS.items()
    }
    found = marks(request.session.items)
    assert not [mark for mark in found if mark.words not in texts[mark.number[:2]]]


@pytest.mark.skipif(SHARED is None, reason="the requirements are not here")
def test_the_list_of_requirements_is_whole() -> None:
    assert SHARED is not None
    text = (SHARED / "design" / "requirements.md").read_text(encoding="utf-8")
    rows = [row.split("|")[1].strip(" ★") for row in text.splitlines() if row[:3] == "| S"]
    assert [number for number in rows if number[2:3] == "-"] == list(requirements())


def test_every_mark_names_a_requirement_that_there_is(request: pytest.FixtureRequest) -> None:
    assert not {mark.number for mark in marks(request.session.items)} - set(requirements())
    assert all(in_order(one) < in_order(other) for one, other in pairwise(requirements()))


def test_the_table_is_that_of_the_marks(request: pytest.FixtureRequest) -> None:
    """Mend with: python -m tests.traceability"""
    if not is_whole(request.session.items):
        pytest.skip("only part of the suite runs")
    assert PAGE.read_text(encoding="utf-8") == page(marks(request.session.items))
