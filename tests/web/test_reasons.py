"""Why a message was set aside is told in the reader's language, whichever reader said it."""

import ast
from collections.abc import Iterator

import pytest
from django.utils.translation import override

from tests.architecture.source import SRC, called
from vardkase.intake.mail_sorts import WORDS
from vardkase.web.detections.reasons import said

RAISED = {"NotUnderstood", "Unreadable", "set_aside", "put_aside", "aside"}
NAMED = {"UNKNOWN", "TOO_DEEP"}


def reasons() -> Iterator[str]:
    """What the readers of intake say, with 7 for each part of the message in it."""
    for path in sorted((SRC / "intake").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            found: list[ast.expr] = []
            if isinstance(node, ast.Call):
                found = node.args if called(node) in RAISED else []
                found = [*found, *(k.value for k in node.keywords if k.arg in ("aside", "refused"))]
            elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in NAMED:
                found = [node.value]
            yield from filter(None, map(text, found))


def text(node: ast.expr) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(str(v.value) if isinstance(v, ast.Constant) else "7" for v in node.values)
    return str(node.value) if isinstance(node, ast.Constant) and is_words(node.value) else ""


def is_words(value: object) -> bool:
    return isinstance(value, str) and " " in value


def test_every_reason_of_ours_has_swedish_words() -> None:
    told = {*reasons(), *WORDS.values(), "This is not JSON."} - {"The mail is 7."}
    assert len(told) > 50
    with override("sv"):
        assert [words for words in told if said(words) in (None, words)] == []
    with override("en"):
        assert [words for words in told if said(words) != words] == []


@pytest.mark.parametrize("foreign", ["", "x", "The mail is {one}.", "There is no list at "])
def test_what_is_none_of_ours_stays_as_it_is(foreign: str) -> None:
    assert said(foreign) is None


def test_what_the_message_holds_is_told_as_it_stands() -> None:
    with override("sv"):
        assert said("There is no list at {a} %s.") == "Det finns ingen lista på {a} %s."
