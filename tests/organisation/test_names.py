"""What to call those that the log names by a key."""

from tests.conftest import Hire
from vardkase.organisation.models import Unit
from vardkase.organisation.queries import names


def test_a_key_of_nobody_is_nobody(region: Unit, hire: Hire) -> None:
    anna = hire("handler")
    assert names([anna.key, "p0", "p" + "9" * 30, "p²", "t7", "system"]) == {anna.key: anna.name}
