"""The pages, room by room; each room's own file lists its addresses."""

from django.urls import URLPattern, URLResolver, include, path

from .start import start

# One line for each room: path("", include("vardkase.web.<room>.urls")),
urlpatterns: list[URLPattern | URLResolver] = [
    path("", start, name="start"),
    path("", include("vardkase.web.setup.urls")),
    path("", include("vardkase.web.accounts.urls")),
    path("", include("vardkase.web.delivery.urls")),
    path("", include("vardkase.web.obligations.urls")),
    path("", include("vardkase.web.communication.urls")),
    path("", include("vardkase.web.requests.urls")),
    path("", include("vardkase.web.search.urls")),
    path("", include("vardkase.web.statistics.urls")),
    path("", include("vardkase.web.report.urls")),
    path("", include("vardkase.web.assessment.urls")),
    path("", include("vardkase.web.incidents.urls")),
    path("", include("vardkase.web.organisation.urls")),
    path("", include("vardkase.web.assets.urls")),
    path("", include("vardkase.web.detections.urls")),
    path("", include("vardkase.web.vulnerabilities.urls")),
]
