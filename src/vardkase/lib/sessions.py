"""Who is signed in where: Django's sessions, stored so that the table opens none of them."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Q, QuerySet
from django.utils import timezone

from .built import Blank, Built
from .ids import fingerprint
from .models import Session

BEGUN, ADDRESS, AGENT = "_begun", "_address", "_agent"
SEEN_EVERY = 60  # seconds between two notes that somebody is still there


class SessionStore(db.SessionStore):
    """Knows its own key; the table knows the fingerprint.

    A session ends when nobody was seen for SESSION_COOKIE_AGE seconds, and in any case
    SESSION_LONGEST seconds after it began.
    """

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def _get_session_from_db(self) -> Session | None:
        for row in KEPT.rows(at=timezone.now(), key=fingerprint(self.session_key or "")):
            return Session.from_db(DEFAULT_DB_ALIAS, COLUMNS, row)
        self._session_key = None
        return None

    def exists(self, session_key: str | None) -> bool:
        return super().exists(fingerprint(session_key or ""))

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            Session.objects.filter(pk=fingerprint(key)).delete()

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        now = timezone.now()
        begun = datetime.fromisoformat(data.setdefault(BEGUN, now.isoformat()))
        person = data.get(SESSION_KEY)
        return Session(
            session_key=fingerprint(self._get_or_create_session_key()),  # type: ignore[attr-defined]
            session_data=self.encode(data),
            expire_date=min(
                now + timedelta(seconds=settings.SESSION_COOKIE_AGE),
                begun + timedelta(seconds=settings.SESSION_LONGEST),
            ),
            person=int(person) if person else None,
            begun_at=begun,
            seen_at=now,
            address=data.get(ADDRESS),
            agent=data.get(AGENT, ""),
        )


def kept() -> QuerySet[Session, Any]:
    """The session that a browser's cookie names: asked for with every page."""
    return open_sessions(Blank("at")).filter(pk=Blank("key")).order_by().values_list(*COLUMNS)


def open_sessions(at: datetime | Blank) -> QuerySet[Session]:
    return Session.objects.filter(expire_date__gt=at)


def sessions_of(person: int, at: datetime) -> QuerySet[Session]:
    """Where a person is signed in, the latest first."""
    return open_sessions(at).filter(person=person).order_by("-seen_at", "pk")


def end_sessions(person: int, *, but: str | None = None, only: str | None = None) -> int:
    """End a person's sessions: all, all but the one with key `but`, or the row `only`; how many."""
    which = Q(person=person)
    if only is not None:
        which &= Q(pk=only)
    if but is not None:
        which &= ~Q(pk=fingerprint(but))
    ended, _ = Session.objects.filter(which).delete()
    return ended


COLUMNS = [field.attname for field in Session._meta.concrete_fields]
KEPT = Built(kept)
