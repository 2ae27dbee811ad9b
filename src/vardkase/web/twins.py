"""Public pages have two addresses: a Swedish one, and an English one under /en/."""

from django.http import HttpRequest
from django.urls import NoReverseMatch, Resolver404, URLPattern, path, resolve, reverse
from django.utils.translation import get_language

from .door import View

ENGLISH = "-en"  # after the name of an English address


def twins(swedish: str, english: str, view: View, name: str) -> list[URLPattern]:
    """The two addresses of `view`."""
    return [path(swedish, view, name=name), path(f"en/{english}", view, name=name + ENGLISH)]


def here(name: str, **kwargs: object) -> str:
    """The address of `name` in the reader's language."""
    return reverse(name + ENGLISH if get_language() == "en" else name, kwargs=kwargs)


def other(request: HttpRequest) -> str:
    """This page's address in the other language; empty if it has none, or is an answer to a form,
    which a link would lose."""
    match = request.resolver_match
    if request.method != "GET" or match is None or not match.url_name:
        return ""
    name = match.url_name
    twin = name.removesuffix(ENGLISH) if name.endswith(ENGLISH) else name + ENGLISH
    try:
        found = reverse(twin, kwargs=match.kwargs)
    except NoReverseMatch:
        return ""
    query = request.META.get("QUERY_STRING", "")
    return f"{found}?{query}" if query else found


def has_english(address: str) -> bool:
    """Whether a Swedish address has an English twin of its own."""
    try:
        match = resolve(address)
        return bool(match.url_name and reverse(match.url_name + ENGLISH, kwargs=match.kwargs))
    except (Resolver404, NoReverseMatch):
        return False
