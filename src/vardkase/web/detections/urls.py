"""Addresses of alarms."""

from django.urls import path

from . import deciding, rules, views

urlpatterns = [
    path("larm", views.index, name="detections"),
    path("larm/at-sidan", views.set_aside, name="detections-aside"),
    path("larm/regler", rules.index, name="detections-rules"),
    path("larm/<int:pk>", views.detail, name="detection"),
    path("larm/<int:pk>/rapportera", deciding.report, name="detection-raise"),
    path("larm/<int:pk>/tysta", deciding.mute, name="detection-mute"),
    path("larm/<int:pk>/hor-igen", deciding.unmute, name="detection-unmute"),
    path(
        "arenden/<str:number>/larm-fran-system/<int:pk>/bort", deciding.part, name="detection-part"
    ),
]
