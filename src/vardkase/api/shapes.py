"""The JSON schema of reports, published in the API's description and kept with what was sent."""

from datetime import datetime
from typing import Literal

from ninja import Schema
from pydantic import ConfigDict, Field


class FieldOut(Schema):
    """One field of a report, in the form's order; `number` is the authority's own."""

    model_config = ConfigDict(extra="forbid")
    id: str
    number: int | None
    label: str
    text: str
    missing: list[str] = Field(description="The facts that have no answer.")
    unverified: bool
    own_words: bool = Field(description="The preparer's words, not the case's.")
    may_follow_later: bool
    secrecy: str


class StepReportOut(Schema):
    """A step's report as JSON; the schema `vardkase/report/1`. Fields may be added to it."""

    model_config = ConfigDict(extra="ignore")
    schema_: Literal["vardkase/report/1"] = Field(alias="schema")
    case: str
    entity: str
    regime: str
    version: str | None
    step: str
    title: str
    recipient: str
    verdict: str
    made_at: datetime
    log_head: str = Field(description="Hash of the last entry of the case's log.")
    fields: list[FieldOut]
