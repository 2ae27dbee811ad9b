"""Every quote in a test's mark stands in a source document, or the test holds us to nothing."""

from pathlib import Path

import pytest

SEEDS = next(
    (p / "shared/seeds" for p in Path(__file__).parents[3:] if (p / "shared/seeds").is_dir()), None
)


@pytest.mark.skipif(SEEDS is None, reason="the source documents are not here")
def test_every_quote_stands_in_a_source_document(request: pytest.FixtureRequest) -> None:
    assert SEEDS is not None
    folded = " ".join(
        " ".join(path.read_text(encoding="utf-8").split()) for path in sorted(SEEDS.glob("*.txt"))
    )
    wrong = {
        (item.name, mark.args)
        for item in request.session.items
        for mark in item.iter_markers("says")
        if " ".join(mark.args[1].split()) not in folded
    }
    assert not wrong
