"""What a report says of the case's other messages: who was told, by us and by others."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from vardkase.communication import queries as communication
from vardkase.communication.affected import totals
from vardkase.communication.models import Dispatch
from vardkase.events.models import Event
from vardkase.obligations.models import SisterReport, Submission
from vardkase.policy.parameter import SWEDEN, parameter
from vardkase.policy.regime_files import regime

from .duties import Standing

AUTHORITIES = "authorities"  # of communication.audiences: informed beside their own reports
PERSONALLY = {
    "sv": "{who}: {one.reached} nådda, {one.sent} skickade, {one.returned} i retur av {one.number}",
    "en": "{who}: {one.reached} reached, {one.sent} sent, {one.returned} returned of {one.number}",
}


def quoted(case: Event, one: Standing, at: datetime, language: str) -> dict[str, str]:
    """What a report says of the case's other messages: how users, relying parties and the public
    were informed (S3-23), which authorities were (S3-24)."""
    rows = Submission.objects.filter(obligation__event=case).select_related("obligation")
    others = [
        (row.sent_at, row.recipient)
        for row in rows
        if row.obligation.regime != one.judgement.regime and row.information is None
    ]
    told: list[tuple[datetime, str]] = []
    audiences = parameter("communication.audiences").at(at).value
    for left in communication.sent(case):
        row = audiences.get(left.version.bulletin.audience, {})
        where = told if left.version.bulletin.audience != AUTHORITIES else others
        if row.get("outside", True):
            where.append((left.sent_at, whom(left, row, language, named=where is told)))
    sisters = [sister_words(row, at, language) for row in sister_reports(case)]
    found = {
        "submissions.other_regimes": dated(others),
        "communications.external": [*dated(told), *personally(case, audiences, language)],
    }
    said = {name: "\n".join(lines) for name, lines in found.items() if lines}
    return {"submissions.sister_reports": "\n".join(sisters)} | said


def dated(rows: list[tuple[datetime, str]]) -> list[str]:
    return [f"{words}, {local(moment)}" for moment, words in sorted(rows)]


def personally(case: Event, audiences: Mapping[str, Any], language: str) -> list[str]:
    """Those told one by one, in numbers: a report names nobody."""
    return [
        PERSONALLY[language].format(who=audiences.get(one.audience, {}).get(language), one=one)
        for one in totals(case)
        if one.listed
    ]


def sister_reports(case: Event) -> list[SisterReport]:
    """Other actors' reports of the same event (S3-25)."""
    rows = SisterReport.objects.filter(event=case, ended_at=None).order_by("reported_on", "pk")
    return list(rows.select_related("entity", "supplier"))


def sister_words(row: SisterReport, at: datetime, language: str) -> str:
    """ "Leverantören AB, Incident i betrodd tjänst, PTS, dnr 26-1, 2026-11-22"."""
    law = regime_words(row.regime, at, language)
    told = (row.actor, law, row.recipient, row.reference, row.reported_on)
    return ", ".join(str(each) for each in told if each)


def regime_words(id: str, at: datetime, language: str) -> str:
    try:
        return str(getattr(regime(id, at), language))
    except (LookupError, ValueError):
        return id


def whom(left: Dispatch, row: Mapping[str, Any], language: str, *, named: bool) -> str:
    """ "Medier: Webbplatsen, redaktionerna (12)"; of an authority its own name alone."""
    audience = row.get(language, left.version.bulletin.audience)
    number = f" ({left.number})" if left.number is not None else ""
    if not named:
        return (left.recipients or audience) + number
    way = ", ".join(filter(None, (left.channel, left.recipients)))
    return f"{audience}: {way}{number}"


def local(moment: datetime) -> str:
    return f"{moment.astimezone(SWEDEN):%Y-%m-%d %H:%M}"
