"""Addresses of alarms."""

from django.urls import path

from . import views

urlpatterns = [
    path("larm", views.index, name="detections"),
    path("larm/at-sidan", views.set_aside, name="detections-aside"),
    path("larm/<int:pk>", views.detail, name="detection"),
]
