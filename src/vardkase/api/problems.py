"""Errors as `application/problem+json` (RFC 9457), each with a sentence that says what to do."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone, translation
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from vardkase.assessment import words
from vardkase.decisionlog.requests import NoPerson
from vardkase.detections.once import KeyReused
from vardkase.detections.senders import BadSignature, OtherSource
from vardkase.incidents import words as handling
from vardkase.incidents.services import SentBefore, SentOtherwise
from vardkase.intake.batch import NotGzip, TooMuch
from vardkase.intake.registry import UnknownSource
from vardkase.lib import changes
from vardkase.lib.outage import is_outage, is_too_slow
from vardkase.lib.paging import BadCursor
from vardkase.organisation.queries import names
from vardkase.policy.facts import BadFacts
from vardkase.policy.parameter import parameter
from vardkase.statistics.queries import UnknownField
from vardkase.workflow.acting import NotNow, Overtaken
from vardkase.workflow.assess import Conflict, Refused, Unsound
from vardkase.workflow.conclude import Unfinished
from vardkase.workflow.rates import TooOften
from vardkase.workflow.report import NotSetUp, SentOtherwiseBefore, UnknownUnit

MEDIA_TYPE = "application/problem+json"


class Problem(Schema):
    """One fault, in words for people; `errors` names the fields."""

    title: str
    status: int
    detail: str
    errors: list[dict[str, str]] = []


# What an operation says of its answers beside its own; `Described` in root.py says what they hold.
FAULTS = dict.fromkeys((400, 401, 403, 404, 409, 413, 422, 429, 503))


def problem(status: int, title: str, detail: str, *errors: dict[str, str]) -> HttpResponse:
    body: dict[str, Any] = {"title": title, "status": status, "detail": detail}
    if errors:
        body["errors"] = list(errors)
    return JsonResponse(body, status=status, content_type=MEDIA_TYPE)


BATCHES: dict[type[Exception], tuple[int, str]] = {
    TooMuch: (413, "Too large"),
    NotGzip: (400, "Damaged"),
    BadSignature: (401, "Not signed"),
    OtherSource: (403, "Not allowed"),
}
NOT_FOUND = ("Not found", "There is no such thing, or it is not yours to see. Check the number.")


def unsound(request: HttpRequest, error: Unsound) -> HttpResponse:
    with translation.override("en"):
        rows = [{"field": f.field, "message": words.fault(f)} for f in error.faults]
    return problem(422, "No assessment yet", "Correct the fields below and send again.", *rows)


def assessed_meanwhile(request: HttpRequest, error: Conflict) -> HttpResponse:
    made = error.latest
    who = names([made.by]).get(made.by, made.by)
    told = f"{who} assessed the event at {made.at.isoformat()}. Read that assessment; to assess"
    return problem(409, "Assessed meanwhile", f"{told} after it, send expected: {made.pk}.")


def refused(request: HttpRequest, error: Refused) -> HttpResponse:
    with translation.override("en"):
        return problem(409, "Refused", words.refusal(error.code))


def not_now(request: HttpRequest, error: NotNow) -> HttpResponse:
    with translation.override("en"):
        return problem(409, "Not now", handling.refusal(error.code))


def overtaken(request: HttpRequest, error: Overtaken) -> HttpResponse:
    made = error.latest
    who = names([made.by]).get(made.by, made.by)
    told = f"{who} wrote at {made.at.isoformat()}. Read it at /handling; to write after it, send"
    return problem(409, "Written meanwhile", f"{told} expected: {made.pk}.")


def sent_before(request: HttpRequest, error: SentBefore) -> HttpResponse:
    told = "This came before with the same Idempotency-Key and was stored then: nothing is left"
    return problem(409, "Done before", f"{told} to do. For something new, choose a new key.")


def unfinished(request: HttpRequest, error: Unfinished) -> HttpResponse:
    """Each condition that is neither fulfilled nor explained, with what to do."""
    known = parameter("incidents.conditions").at(timezone.now()).value
    rows = [
        {"field": f"reasons.{code}", "message": known[code]["todo_en"]}
        for code in error.unexplained
    ]
    return problem(422, "Not finished", "Do what is missing, or say why it is left so.", *rows)


def bad_facts(request: HttpRequest, error: BadFacts) -> HttpResponse:
    rows = [{"field": "facts", "message": words.en} for words in error.complaints]
    return problem(422, "Answers that do not fit", "Correct the answers and send again.", *rows)


def outage(request: HttpRequest, error: Exception) -> HttpResponse:
    """The database is away or the disk full; any other fault of that kind is a fault of ours."""
    if not is_outage(error):
        raise error
    if is_too_slow(error) and request.method == "GET":
        told = (
            "Ask for less: rarer words, a smaller part. Words that exclude each other find nothing."
        )
        return problem(503, "Took too long", told)
    told = "Nothing was stored. Send it again in a minute; telephone if it is urgent."
    answer = problem(503, "Unavailable", told)
    answer.headers["Retry-After"] = "60"
    return answer


def nowhere(request: HttpRequest, error: UnknownUnit) -> HttpResponse:
    told = "There is no such unit, or it is closed. Leave it out to report to the whole."
    fault = {"field": "unit", "message": "is not a unit's number"}
    return problem(422, "Unknown unit", told, fault)


def unfounded(request: HttpRequest, error: NotSetUp) -> HttpResponse:
    told = "The instance has not been set up yet: there is nobody to report to."
    return problem(503, "Not set up", told)


def hurried(request: HttpRequest, error: TooOften) -> HttpResponse:
    told = f"Wait {error.seconds} seconds and send again; telephone if it is urgent."
    answer = problem(429, "Too often", told)
    answer.headers["Retry-After"] = str(error.seconds)
    return answer


def unstorable(request: HttpRequest, error: changes.Refused) -> HttpResponse:
    """A change of a unit, an asset or the like breaks a rule."""
    rows = [{"field": k or "body", "message": str(v)} for k, v in error.errors.items()]
    return problem(422, "Not possible", "Correct the fields below and send again.", *rows)


def no_source(request: HttpRequest, error: UnknownSource) -> HttpResponse:
    told = f"There is no such source. There are: {', '.join(error.names)}."
    fault = {"field": "source", "message": "is not the name of a source"}
    return problem(422, "Unknown source", told, fault)


def refused_batch(request: HttpRequest, error: Exception) -> HttpResponse:
    """A batch of which nothing is stored; the error's own sentence says what to do."""
    status, title = BATCHES[type(error)]
    return problem(status, title, str(error))


def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    rows = [
        {"field": ".".join(str(p) for p in row["loc"][1:]) or "body", "message": row["msg"]}
        for row in error.errors
    ]
    return problem(422, "Not understood", "Correct the fields below and send again.", *rows)


def stranger(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    answer = problem(401, "No valid token", "Send `Authorization: Bearer TOKEN`.")
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def denied(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
    return problem(403, "Not allowed", "The token's role may not do this. Ask for another.")


def no_person(request: HttpRequest, error: NoPerson) -> HttpResponse:
    told = "One person may not do this alone, and a program neither asks nor confirms."
    return problem(409, "Two persons", f"{told} Ask for it on the page of the case.")


def missing(request: HttpRequest, error: Exception) -> HttpResponse:
    return problem(404, *NOT_FOUND)


def other(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(error.status_code, "Refused", str(error))


def lost(request: HttpRequest, error: BadCursor) -> HttpResponse:
    return problem(422, "Unknown cursor", "Use `next` of an earlier answer as `after`.")


def twice(request: HttpRequest, error: Exception) -> HttpResponse:
    return problem(
        409,
        "Sent before",
        "This Idempotency-Key was used for something else: choose a new one.",
    )


def uncounted(request: HttpRequest, error: UnknownField) -> HttpResponse:
    return problem(422, "Unknown field", f"Nothing is counted by {str(error)[:60]!r}.")


HANDLERS: dict[type[Exception], Any] = {
    ValidationError: invalid,
    AuthenticationError: stranger,
    PermissionDenied: denied,
    NoPerson: no_person,
    Http404: missing,
    ObjectDoesNotExist: missing,
    HttpError: other,
    BadCursor: lost,
    SentOtherwiseBefore: twice,
    SentOtherwise: twice,
    SentBefore: sent_before,
    KeyReused: twice,
    UnknownSource: no_source,
    **dict.fromkeys(BATCHES, refused_batch),
    Unsound: unsound,
    Conflict: assessed_meanwhile,
    Refused: refused,
    NotNow: not_now,
    BadFacts: bad_facts,
    Overtaken: overtaken,
    Unfinished: unfinished,
    changes.Refused: unstorable,
    UnknownField: uncounted,
    UnknownUnit: nowhere,
    TooOften: hurried,
    NotSetUp: unfounded,
    OperationalError: outage,
    InterfaceError: outage,
    OSError: outage,
}


def install(api: NinjaAPI) -> None:
    """Hang an answer on every error that a verb or the framework may raise."""
    for kind, answer in HANDLERS.items():
        api.add_exception_handler(kind, answer)
