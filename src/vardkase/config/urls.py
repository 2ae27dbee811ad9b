"""Every address of the product. A test holds each of them against the access matrix."""

from django.urls import URLPattern, URLResolver, include, path

from vardkase.api.root import api
from vardkase.web.health import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("health", health, name="health"),
    path("api/v1/", api.urls),
    path("", include("vardkase.web.urls")),
]
handler400 = "vardkase.web.errors.bad_request"
handler403 = "vardkase.web.errors.forbidden"
handler404 = "vardkase.web.errors.not_found"
handler500 = "vardkase.web.errors.failed"
