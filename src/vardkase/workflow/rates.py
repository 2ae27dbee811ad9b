"""How often step 1 may be used: the same for the form and the API, numbers in policy.

A reporter without login is known by his network alone, and that only as a keyed hash.
"""

from dataclasses import dataclass

from django.conf import settings

from vardkase.access.actor import Actor
from vardkase.lib import rate
from vardkase.lib.ids import keyed
from vardkase.policy.parameter import parameter

MEGABYTE = 1024 * 1024


class TooOften(RuntimeError):
    """Wait `seconds` before trying again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"wait {seconds} s")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Caller:
    """Who knocks: an actor, and the network he comes from."""

    actor: Actor
    network: str

    @property
    def address(self) -> str:
        return keyed(settings.SECRET_KEY, "network", self.network).hex()[:32]

    def limit(self, name: str, whose: str) -> rate.Limit:
        row = parameter("report.limits").at(self.actor.at).value[name]
        return rate.Limit(f"{name}:{whose}", row["count"], row["seconds"])

    def count(self, *limits: rate.Limit, amount: int = 1) -> None:
        over = rate.exceeded(*limits, at=self.actor.at, amount=amount)
        if over:
            raise TooOften(over.seconds_left(self.actor.at))


def count_report(caller: Caller) -> None:
    """One more report; raises `TooOften`."""
    key = caller.actor.key
    if key == "reporter":
        caller.count(caller.limit("report_address", caller.address), caller.limit("report_all", ""))
    else:
        kind = "report_person" if caller.actor.person is not None else "report_token"
        caller.count(caller.limit(kind, key))


def count_followup(caller: Caller) -> None:
    """One more look at, or addition to, one's own case; raises `TooOften`."""
    caller.count(caller.limit("followup_address", caller.address))


def count_callback(caller: Caller) -> None:
    """One more wish to be called back; raises `TooOften`."""
    caller.count(caller.limit("callback_address", caller.address))


def count_upload(caller: Caller, size: int) -> None:
    """So many bytes more from strangers; raises `TooOften`. Those logged in are not counted."""
    if size and caller.actor.person is None:
        caller.count(
            caller.limit("upload_address", caller.address),
            caller.limit("upload_all", ""),
            amount=-(-size // MEGABYTE),
        )


def refuse_locked(caller: Caller) -> None:
    """Raises `TooOften` while codes from here, or from anywhere, may not be tried."""
    left = rate.locked(lock_key(caller), "code_lock:", at=caller.actor.at)
    if left:
        raise TooOften(left)


def count_wrong_code(caller: Caller) -> None:
    """One more code that nobody has; the last of those allowed shuts the door."""
    here, everywhere = (
        caller.limit("code_address", caller.address),
        caller.limit("code_all", ""),
    )
    now = int(caller.actor.at.timestamp())
    over = rate.exceeded(
        *(rate.Limit(x.key, x.count - 1, x.seconds) for x in (here, everywhere)),
        at=caller.actor.at,
    )
    if over:
        key = lock_key(caller) if over.key == here.key else "code_lock:"
        rate.lock(key, until=now + over.seconds)


def lock_key(caller: Caller) -> str:
    return f"code_lock:{caller.address}"
