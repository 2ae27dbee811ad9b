"""Addresses of notices and of the ways they go."""

from django.urls import path

from . import calendar, views

urlpatterns = [
    path("calendar/<str:secret>.ics", calendar.feed, name="calendar"),
    path("konto/meddelanden/kalender", calendar.change, name="own-calendar"),
    path("kvittera/<str:secret>", views.acknowledge, name="acknowledge"),
    path("arenden/<str:number>/larm", views.of_case, name="case-alarm"),
    path("arenden/<str:number>/larm/lamna-over", views.hand_over, name="alarm-hand-over"),
    path("konto/meddelanden", views.mine, name="own-channels"),
    path("konto/meddelanden/webblasare", views.add_browser, name="own-browser"),
    path("konto/meddelanden/<int:pk>/prova", views.test_own, name="own-channel-test"),
    path("konto/meddelanden/<int:pk>/bort", views.end_own, name="own-channel-end"),
    path("grupper/<int:pk>/meddelanden", views.of_team, name="team-channels"),
    path(
        "grupper/<int:pk>/meddelanden/<int:channel>/prova", views.test_teams,
        name="team-channel-test",
    ),
    path(
        "grupper/<int:pk>/meddelanden/<int:channel>/bort", views.end_teams, name="team-channel-end"
    ),
]  # fmt: skip
