"""Every address of the product and who may knock there, as the doors themselves say it."""

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from ninja.operation import PathView

# Addresses that libraries bring; a library that brings a new one is asked about it here. Those of
# the login library stand in web/accounts/urls.py, each with its word.
LIBRARIES = {
    "openapi-json": "public",
    "api-root": "public",
}
OF_LIBRARIES = ("functools", "ninja.")


@dataclass(frozen=True, slots=True)
class Route:
    """One method of one address; `access` is None where the door says nothing."""

    pattern: str  # "cases/<str:number>/assess"
    name: str
    method: str  # GET for a page, which may take POST as well; the method for an operation
    access: str | None
    of_library: bool = False

    @property
    def is_api(self) -> bool:
        return self.pattern.startswith("api/")

    @property
    def label(self) -> str:
        return f"{self.method} /{self.pattern} ({self.name})"


def routes() -> list[Route]:
    return [found for prefix, item in patterns(get_resolver()) for found in of(prefix, item)]


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for item in resolver.url_patterns:
        path = prefix + str(item.pattern)
        if isinstance(item, URLPattern):
            yield path, item
        else:
            yield from patterns(item, path)


def of(path: str, item: URLPattern) -> Iterator[Route]:
    name, module = item.name or "", item.callback.__module__
    if module == "ninja.operation":
        yield from operations(path, item.callback)
    elif hasattr(item.callback, "access"):
        yield Route(path, name, "GET", item.callback.access)
    elif module.startswith(OF_LIBRARIES):
        yield Route(path, name, "GET", LIBRARIES.get(name), of_library=True)
    else:
        yield Route(path, name, "GET", None)


def operations(path: str, callback: Any) -> Iterator[Route]:
    view = inspect.getclosurevars(callback).nonlocals["self"]
    assert isinstance(view, PathView), path
    for operation in view.operations:
        access = getattr(operation.view_func, "access", None)
        for method in operation.methods:
            yield Route(path, operation.view_func.__name__, method, access)
