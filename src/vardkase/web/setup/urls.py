"""Addresses of the first day; 404 ever after."""

from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [
    path("start/", views.start, name="setup"),
    path("start/<str:secret>", views.follow, name="setup-link"),
]
