"""Checks of the report form: questions, what they lead to, and what the reporter is told."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from vardkase.policy.lint.lines import Place
from vardkase.policy.lint.page import Book, Remark, of_value
from vardkase.policy.lint.scales import criteria

CHOICES = ("one", "many")
SUGGESTS = ("impact", "urgency")


def _answers(questions: Any) -> dict[str, set[str]]:
    return {q["id"]: {answer["code"] for answer in q["answers"]} for q in questions}


def _asked(answers: dict[str, set[str]], question: str, given: Any) -> Iterator[Remark]:
    """The question exists, and may be answered so; place () is the question."""
    if question not in answers:
        yield Remark(
            (),
            f"Frågan {question} finns inte, eller kommer senare.",
            f"The question {question} does not exist, or comes later.",
        )
        return
    for row, answer in enumerate(given):
        if answer not in answers[question]:
            told = ", ".join(sorted(answers[question]))
            yield Remark(
                (row,),
                f"{question} har inget svar {answer}: välj {told}.",
                f"{question} has no answer {answer}: choose {told}.",
            )


def _at(place: Place, remarks: Iterator[Remark]) -> Iterator[Remark]:
    yield from (remark._replace(place=place + remark.place) for remark in remarks)


@of_value("report.questions")
def question_ids_are_unique(value: Any, book: Book) -> Iterator[Remark]:
    seen = Counter(question["id"] for question in value)
    for row, question in enumerate(value):
        if seen[question["id"]] > 1:
            yield Remark(
                (row, "id"),
                f"Frågan {question['id']} ställs flera gånger: ge varje fråga sitt id.",
                f"The question {question['id']} is asked twice: give each its own id.",
            )


@of_value("report.questions")
def only_what_is_required(value: Any, book: Book) -> Iterator[Remark]:
    """A report need not be complete (Region Skåne, s. 8): one text, and all else may follow."""
    required = [question["id"] for question in value if question.get("required")]
    if required != ["what"] or value[0]["id"] != "what":
        yield Remark(
            (),
            "Frågan what ska stå först och vara den enda som krävs.",
            "The question what must stand first, and be the only one required.",
        )


@of_value("report.questions")
def choices_have_answers(value: Any, book: Book) -> Iterator[Remark]:
    for row, question in enumerate(value):
        count, choice = len(question["answers"]), question["kind"] in CHOICES
        if (choice and count < 2) or (count and not choice):
            yield Remark(
                (row, "answers"),
                "Frågor av slaget one och many har minst två svar, andra inga.",
                "Questions of kind one or many have two answers or more, others none.",
            )


@of_value("report.questions")
def a_question_follows_on_an_answer(value: Any, book: Book) -> Iterator[Remark]:
    """What a question depends on is asked before it, and can be answered so."""
    for row, question in enumerate(value):
        before = _answers(value[:row])
        if "after" in question:
            after = question["after"]
            yield from _at((row, "after", "in"), _asked(before, after["question"], after["in"]))
        if question.get("preset", "") not in {"", *_answers([question])[question["id"]]}:
            yield Remark(
                (row, "preset"),
                f"{question['preset']} är inget av svaren.",
                f"{question['preset']} is none of the answers.",
            )


@of_value("report.suggestion")
def suggestions_ask_what_is_asked(value: Any, book: Book) -> Iterator[Remark]:
    answers = _answers(book.value("report.questions"))
    for row, rule in enumerate(value):
        for question, given in rule["when"].items():
            yield from _at((row, "when", question), _asked(answers, question, given))


@of_value("report.suggestion")
def suggestions_name_the_scales(value: Any, book: Book) -> Iterator[Remark]:
    """Impact and urgency by ordinal, 4 the worst; the criterion behind them by its code."""
    ordinals = dict.fromkeys(SUGGESTS, set(range(1, 5)))
    known: dict[str, Any] = {**ordinals, "criterion": criteria(book)}
    for row, rule in enumerate(value):
        for key in known.keys() & rule.keys():
            if rule[key] not in known[key]:
                yield Remark(
                    (row, key),
                    f"{rule[key]} finns inte i skalorna.",
                    f"{rule[key]} is not in the scales.",
                )


@of_value("report.suggestion")
def suggestions_suggest_something(value: Any, book: Book) -> Iterator[Remark]:
    for row, rule in enumerate(value):
        if not rule["when"] or not rule.keys() & {*SUGGESTS, "care_harm"}:
            yield Remark(
                (row,),
                "Skriv både när (when) och vad regeln föreslår: impact, urgency eller care_harm.",
                "Write when it holds, and what it suggests: impact, urgency or care_harm.",
            )


@of_value("report.guidance")
def guidance_is_for_known_kinds(value: Any, book: Book) -> Iterator[Remark]:
    answers = _answers(book.value("report.questions"))
    for code, row in value.items():
        yield from _at((code, "event_kind"), _kind(answers, row["event_kind"]))


def _kind(answers: dict[str, set[str]], kind: str) -> Iterator[Remark]:
    yield from (r._replace(place=()) for r in _asked(answers, "event_kind", [kind]))


@of_value("report.guidance")
def every_kind_of_event_has_guidance(value: Any, book: Book) -> Iterator[Remark]:
    for kind in sorted(_answers(book.value("report.questions")).get("event_kind", set())):
        if not value.get(kind, {}).get("steps"):
            yield Remark(
                (kind,),
                f"Skriv vad den gör som är med om {kind}.",
                f"Write what to do for whoever meets {kind}.",
            )


CHECKS = (
    question_ids_are_unique,
    only_what_is_required,
    choices_have_answers,
    a_question_follows_on_an_answer,
    suggestions_ask_what_is_asked,
    suggestions_name_the_scales,
    suggestions_suggest_something,
    guidance_is_for_known_kinds,
    every_kind_of_event_has_guidance,
)
