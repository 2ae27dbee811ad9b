"""What a token is bound to: one source, signed or not. A decision, as the token itself is."""

from datetime import datetime

from vardkase.access.actor import Actor, Scope
from vardkase.decisionlog.services import decision
from vardkase.organisation.account_rules import ROOM
from vardkase.organisation.models import Token

from .models import Feed


def bind(token: Token, source: str, *, signed: bool, by: Actor, at: datetime) -> Feed | None:
    """Let `token` send `source` alone (any, if empty), and only signed if `signed`; None where
    there is nothing to bind."""
    if not source and not signed:
        return None
    with decision("token.bound", scope=Scope.room(ROOM, unit=token.unit.path), by=by, at=at) as log:
        feed = Feed.objects.create(token=token, source=source, signed=signed)
        log.note(token=token.key, source=source, signed=signed)
    return feed
