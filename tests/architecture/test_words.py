"""Every word that people read exists in Swedish and in English."""

from django.utils.translation.trans_real import translation

from tests.architecture.source import SRC, templates
from tests.architecture.words import Msgid, msgids, untranslated


def is_known(msgid: Msgid) -> bool:
    """Whether our catalogues, or those of Django and its neighbours, have it in Swedish."""
    context, words = msgid
    key = f"{context}\x04{words}" if context else words
    catalog = translation("sv")._catalog
    return key in catalog or (key, 0) in catalog or (key, 1) in catalog


def test_every_text_is_translated_into_swedish() -> None:
    missing = sorted(
        f"{where}: {msgid[1]}" for msgid, where in msgids().items() if not is_known(msgid)
    )
    assert not missing, "\n".join(missing)


def test_a_template_says_nothing_in_one_language_only() -> None:
    found = {str(path.relative_to(SRC)): untranslated(path) for path in templates()}
    assert not {path: words for path, words in found.items() if words}
