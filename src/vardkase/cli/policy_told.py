"""A judgement in words, for whoever stands at the console."""

from datetime import datetime
from typing import Any

from vardkase.lib.console import language
from vardkase.policy.clocks import Clock
from vardkase.policy.facts import Catalogue, fact
from vardkase.policy.judge import Judgement
from vardkase.policy.parameter import Parameter
from vardkase.policy.predicate import Facts
from vardkase.policy.regime import Ground, Regime

from .output import say

WORDS = {
    "sv": {
        "reportable": "RAPPORTERINGSPLIKTIG",
        "not_reportable": "EJ RAPPORTERINGSPLIKTIG",
        "undetermined": "EJ AVGJORT: klockorna går tills någon har beslutat",
        "excluded": "UNDANTAGET",
        "not_applicable": "GÄLLER INTE",
        "version": "lydelse",
        "hits": "Därför",
        "unknown": "Okänt",
        "ask": "Ta reda på",
        "steps": "Att göra",
        "notes": "Tänk på",
        "always": "Alltid, även utan rapport",
        "related": "Se också",
        "others": "Tillsynsmyndighet",
        "sources": "Rättskällor",
        "asap": "genast",
        "on_request": "på begäran",
        "waits_for": "väntar på",
        "unverified": "ej kontrollerad mot källan",
        "stop": "Skriv ingenting om saken här. Ring säkerhetsskyddschefen.",
        "third_party": "dem det gäller",
        "controller": "den personuppgiftsansvarige",
        "internal": "inom organisationen",
        "register": "i registret",
        "stop_screen": "utanför systemet",
        "maybe": "kanske",
        "provisional": "preliminärt",
    },
    "en": {
        "reportable": "REPORTABLE",
        "not_reportable": "NOT REPORTABLE",
        "undetermined": "UNDETERMINED: the clocks run until someone has decided",
        "excluded": "EXCLUDED",
        "not_applicable": "DOES NOT APPLY",
        "version": "version",
        "hits": "Because",
        "unknown": "Unknown",
        "ask": "Find out",
        "steps": "To do",
        "notes": "Bear in mind",
        "always": "Always, also without a report",
        "related": "See also",
        "others": "Supervisor",
        "sources": "Sources of law",
        "asap": "at once",
        "on_request": "on request",
        "waits_for": "waits for",
        "unverified": "not checked against the source",
        "stop": "Write nothing of the matter here. Call the head of protective security.",
        "third_party": "those concerned",
        "controller": "the controller",
        "internal": "within the organisation",
        "register": "in the register",
        "stop_screen": "outside the system",
        "maybe": "perhaps",
        "provisional": "provisional",
    },
}


def tell(judgement: Judgement, found: Parameter, known: Catalogue, facts: Facts) -> None:
    told = WORDS[language()]
    version = f" ({told['version']} {judgement.version})" if judgement.version else ""
    say(f"{ours(found)}{version}")
    say(told[judgement.verdict])
    if judgement.stops_recording:
        say(told["stop"])
    if judgement.excluded_by:
        say(f"  {ours(judgement.excluded_by)} [{ground(judgement.excluded_by.ground)}]")
    if judgement.edition:
        tell_reasons(judgement, judgement.edition, known)
        heading("steps", [clock_line(clock) for clock in judgement.clocks])
        heading("notes", [f"{ours(n)} [{ground(n.ground)}]" for n in judgement.notes])
        heading("always", [f"{ours(d)} [{ground(d.ground)}]" for d in judgement.always])
        heading("others", judgement.supervisors)
        heading("related", list(judgement.related))
    heading("sources", [ground(each) for each in judgement.sources])


def tell_reasons(judgement: Judgement, edition: Regime, known: Catalogue) -> None:
    by_id = {criterion.id: criterion for criterion in edition.criteria}
    for key, ids in (("hits", judgement.hits), ("unknown", judgement.unknown)):
        heading(key, [f"{id}: {ours(by_id[id])} [{ground(by_id[id].ground)}]" for id in ids])
    asked = [(name, fact(name, known)) for name in judgement.ask]
    heading("ask", [f"{name}: {ours(one) if one else ''}" for name, one in asked])


def heading(key: str, lines: list[str]) -> None:
    if lines:
        say(f"\n{WORDS[language()][key]}:")
        for line in lines:
            say(f"  {line}")


def ours(worded: Any) -> str:
    """Its words in the language of the console."""
    return str(getattr(worded, language()))


def ground(found: Ground) -> str:
    told = WORDS[language()]
    return found.ref if found.status == "verified" else f"{found.ref}, {told['unverified']}"


def clock_line(clock: Clock) -> str:
    told = WORDS[language()]
    when = f"{told[clock.mode]}" if clock.due is None else local(clock.due)
    awaited = f" {clock.waits_for}" if clock.waits_for else ""
    maybe = "" if clock.certain else f" ({told['provisional' if clock.due else 'maybe']})"
    to = clock.recipient or ""
    channel = next((f", {each.channel}" for each in clock.recipients if each.channel), "")
    unsure = any(each.status != "verified" for each in clock.grounds)
    mark = f" [{told['unverified']}]" if unsure else ""
    return f"{when}{awaited}{maybe}: {ours(clock.step)} -> {told.get(to, to)}{channel}{mark}"


def local(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M") + f" (UTC{moment:%z})"
