"""Finding events by number, by words of their text, or by a part of their title."""

import re

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q, QuerySet

from vardkase.access.actor import Actor

from .models import Event, Ticket
from .queries import events

NUMBER = re.compile(r"\d{4}-\d{1,12}")
TICKET = re.compile(r"(?=\D*\d)[\w#./-]{2,100}")  # a service desk's number
MOST_DESKS = 20
PART = re.compile(r"[^\W_]{3}")  # less makes no trigram, and would read every row
LONGEST = 200  # characters of a question


def search(reader: Actor, text: str) -> QuerySet[Event]:
    """Events that `reader` may read and that `text` fits; page them by `queries.NEWEST`.

    Words are found by their Swedish stem in title, text and system (`-word` and `"a phrase"` as
    on the web); a part of a word is found in titles, since compounds hide what one looks for.
    """
    asked = text.replace("\x00", "").strip()[:LONGEST]
    if not asked:
        return events(reader).none()
    if NUMBER.fullmatch(asked):
        return events(reader).filter(number=asked)
    if TICKET.fullmatch(asked):
        ticketed = Ticket.objects.filter(number__iexact=asked).values_list("event", flat=True)
        if handed := list(ticketed[:MOST_DESKS]):
            return events(reader).filter(pk__in=handed)
    found = Q(search=SearchQuery(asked, config="swedish", search_type="websearch"))
    if PART.search(asked):
        found |= Q(title__icontains=asked)
    return events(reader).filter(found)
