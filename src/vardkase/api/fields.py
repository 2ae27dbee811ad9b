"""Types that the schemas are built of: text that can be stored and given back unchanged."""

from datetime import datetime, timedelta
from typing import Annotated, Literal

from django.utils import timezone
from ninja import Header
from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints

from vardkase.lib.text import Unstorable, storable

OLDEST = 1900  # year
SLACK = timedelta(minutes=5)  # that a sender's clock may be ahead of ours


def refuse_unstorable(text: str) -> str:
    try:
        return storable(text)
    except Unstorable:
        raise ValueError("holds NUL or half a surrogate pair; remove it") from None


def refuse_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("holds nothing but blanks; write what has happened")
    return text


def refuse_not_yet(moment: datetime) -> datetime:
    if moment.year < OLDEST:
        raise ValueError(f"is before {OLDEST}")
    if moment > timezone.now() + SLACK:
        raise ValueError("has not come yet; send the time when it was, with its offset")
    return moment


Text = Annotated[
    str, StringConstraints(min_length=1, max_length=20_000), AfterValidator(refuse_unstorable)
]
Told = Annotated[Text, AfterValidator(refuse_blank)]
Line = Annotated[str, StringConstraints(max_length=300), AfterValidator(refuse_unstorable)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z_.]{1,60}$")]
PolicyCode = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_.:-]{0,80}$")]
Past = Annotated[AwareDatetime, AfterValidator(refuse_not_yet)]
Limit = Annotated[int, Field(ge=1, le=200)]
Number = Annotated[int, Field(ge=1, lt=2**63)]  # in an address, where all is text
Id = Annotated[int, Field(ge=1, lt=2**63, strict=True)]
Cursor = Annotated[Line, StringConstraints(max_length=4_000)]
Long = Text | Literal[""]
Expected = Annotated[int, Field(ge=0, lt=2**63, strict=True)]
Key = Annotated[str | None, Header(alias="Idempotency-Key", pattern=r"^[\x21-\x7e]{16,200}$")]
