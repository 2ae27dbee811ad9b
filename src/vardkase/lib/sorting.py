"""Names in Swedish order on any server: å, ä and ö after z, case and other accents aside.

The embedded server knows neither ICU nor Swedish, and other servers know other versions of both,
so the order is a column of its own in plain byte order: the same everywhere, and fit for paging.
"""

from django.db.models import CharField, F, Func, GeneratedField, Value
from django.db.models.functions import Collate, Lower

LETTERS = {
    "åÅ": "{", "äÄæÆ": "|", "öÖøØ": "}",  # the three signs that follow z
    "àÀáÁâÂãÃ": "a", "çÇčČ": "c", "ðÐ": "d", "èÈéÉêÊëË": "e", "ìÌíÍîÎïÏ": "i", "łŁ": "l",
    "ñÑńŃ": "n", "òÒóÓôÔõÕ": "o", "śŚšŠ": "s", "ùÙúÚûÛ": "u", "ýÝÿüÜ": "y", "žŽźŹżŻ": "z",
}  # fmt: skip
FROM = "".join(LETTERS)
TO = "".join(sign * len(letters) for letters, sign in LETTERS.items())
TABLE = str.maketrans(FROM, TO)


def folded(text: str) -> str:
    """`text` as the database folds it into `sort_key`, so that a search term finds it."""
    return "".join(c.lower() if c.isascii() else c for c in text.translate(TABLE))


def swedish_order(of: str = "name", *, longest: int = 200) -> GeneratedField:
    """A column to order by: the column `of`, folded."""
    plain = Func(F(of), Value(FROM), Value(TO), function="translate", output_field=CharField())
    return GeneratedField(
        expression=Lower(Collate(plain, "C")),
        output_field=CharField(max_length=longest, db_collation="C"),
        db_persist=True,
    )
