"""What an operator typed, and the unit or person it means."""

from vardkase.lib.changes import Refused
from vardkase.lib.text import Unstorable, storable
from vardkase.lib.trouble import Trouble
from vardkase.organisation.models import Person, Unit
from vardkase.organisation.queries import organisation, root


def plain(typed: str, *, most: int = 500) -> str:
    """`typed` if a row can hold it; raises `Trouble`."""
    try:
        text = storable(typed).strip()
    except Unstorable:
        text = ""
    if 0 < len(text) <= most:
        return text
    raise Trouble("A text is empty, too long or not readable.", fix=f"write 1 to {most} characters")


def unit_named(typed: str | None) -> Unit:
    """The unit with that number, path or name; the root if nothing was typed."""
    if organisation() is None:
        raise Trouble("The organisation is not founded yet.", fix="vardkase setup-link")
    if not typed:
        return root()
    typed = plain(typed)
    found = list(Unit.objects.filter(path=typed) or Unit.objects.filter(name__iexact=typed)[:2])
    if not found and typed.isascii() and typed.isdigit() and len(typed) < 19:
        found = list(Unit.objects.filter(pk=int(typed)))
    if len(found) == 1:
        return found[0]
    known = ", ".join(f"{unit.path} {unit.name}" for unit in Unit.objects.order_by("path")[:20])
    what = f"Several units are called {typed}" if found else f"There is no unit {typed}"
    raise Trouble(f"{what}.", fix=f"give its path, such as one of: {known}")


def person_named(username: str) -> Person:
    """The person with that login name, closed accounts included."""
    found = Person.objects.select_related("unit").filter(username=plain(username).lower()).first()
    if found is None:
        raise Trouble(f"Nobody has the login name {username}.", fix="vardkase user list")
    return found


def in_words(refused: Refused) -> Trouble:
    return Trouble(str(refused), fix="write it again as the sentence says")
