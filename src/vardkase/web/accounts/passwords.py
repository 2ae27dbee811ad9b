"""What a new password must be: long, and not what everybody tries first. No other rules."""

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vardkase.organisation.models import Person
from vardkase.organisation.passwords import is_guessable
from vardkase.organisation.queries import organisation
from vardkase.policy.parameter import parameter


class OwnRules:
    """The length and words of `access.passwords`, with the organisation's and person's names."""

    def validate(self, password: str, user: Person | None = None) -> None:
        policy = parameter("access.passwords").at(timezone.now()).value
        if len(password) < policy["shortest"]:
            raise ValidationError(
                ngettext(
                    "Use at least %(least)d character.",
                    "Use at least %(least)d characters.",
                    policy["shortest"],
                ),
                params={"least": policy["shortest"]},
            )
        if is_guessable(password, [*policy["words"], *names(user)]):
            raise ValidationError(
                _("That is one of the first that a guesser tries. Use a sentence of your own.")
            )

    def get_help_text(self) -> str:
        return ""


def names(person: Person | None) -> list[str]:
    """Words that a guesser knows about this very login."""
    found = organisation()
    known = ["vardkase", found.name if found else ""]
    if person is not None:
        known += [person.name, person.username, person.email]
    return [part for name in known for part in (name, *name.replace("@", " ").split())]
