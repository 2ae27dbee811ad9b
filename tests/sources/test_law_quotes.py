"""The words that a test cites stand in the law's text, or the test holds us to nothing."""

import pytest

from tests.shared import SHARED

TEXTS = {
    "SFS 2025:1506": "sfs-2025-1506-cybersakerhetslag.txt",
    "SFS 2025:1507": "sfs-2025-1507-cybersakerhetsforordning.txt",
    "(EU) 910/2014": "eidas-art19-19a.txt",
    "OSL 18": "osl-kap18.txt",
    "OSL 15": "osl-kap15.txt",
    "OSL 5-6": "osl-kap5-6.txt",
}


@pytest.mark.skipif(SHARED is None, reason="the texts of law are not here")
def test_every_cited_word_stands_in_the_law(request: pytest.FixtureRequest) -> None:
    assert SHARED is not None
    folder = SHARED / "design" / "law-texts"
    texts = {
        ref: " ".join((folder / name).read_text(encoding="utf-8").split())
        for ref, name in TEXTS.items()
    }
    cited = {mark.args for item in request.session.items for mark in item.iter_markers("cites")}
    assert not [words for ref, words in cited if words not in texts[ref]]
