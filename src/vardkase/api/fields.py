"""Types that the schemas are built of: text that can be stored and given back unchanged."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from vardkase.lib.text import Unstorable, storable


def refuse_unstorable(text: str) -> str:
    try:
        return storable(text)
    except Unstorable:
        raise ValueError("holds NUL or half a surrogate pair; remove it") from None


Text = Annotated[
    str, StringConstraints(min_length=1, max_length=20_000), AfterValidator(refuse_unstorable)
]
Line = Annotated[str, StringConstraints(max_length=300), AfterValidator(refuse_unstorable)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z_.]{1,60}$")]
PolicyCode = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_.:-]{0,80}$")]
Limit = Annotated[int, Field(ge=1, le=200)]
