"""Addresses of the sources to check."""

from django.urls import path

from . import views

urlpatterns = [
    path("kallor", views.index, name="sources"),
    path("kallor/ny", views.create, name="source-new"),
    path("kallor/<int:pk>", views.detail, name="source"),
    path("kallor/<int:pk>/andra", views.edit, name="source-edit"),
    path("kallor/<int:pk>/stang", views.close, name="source-close"),
    path("kallor/<int:pk>/inget-nytt", views.nothing, name="source-nothing"),
    path("kallor/<int:pk>/hittat", views.found, name="source-found"),
]
