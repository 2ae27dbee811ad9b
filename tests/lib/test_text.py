"""Hidden characters are kept and shown as marks, however long the text."""

import sys
import unicodedata

from vardkase.lib.text import SPOKEN, is_hidden, pieces


def test_exactly_control_and_direction_characters_are_hidden() -> None:
    for char in map(chr, range(sys.maxunicode + 1)):
        control = unicodedata.category(char) == "Cc" and char not in "\n\t"
        assert is_hidden(char) == (control or char in SPOKEN), hex(ord(char))


def test_a_text_is_cut_at_its_hidden_characters() -> None:
    cut = [(False, "a\nb"), (True, "U+0007"), (True, "RLO"), (False, "c")]
    assert pieces("a\r\nb\x07\u202ec") == cut


def test_a_very_long_text_is_one_piece() -> None:
    text = "hej då " * 60_000
    assert pieces(text) == [(False, text)]
