"""Addresses of what waits for a second person."""

from django.urls import path

from . import views

urlpatterns = [
    path("att-bekrafta", views.index, name="requests"),
    path("att-bekrafta/<int:pk>", views.one, name="request"),
    path("att-bekrafta/<int:pk>/bekrafta", views.confirm, name="request-confirm"),
    path("att-bekrafta/<int:pk>/avsla", views.decline, name="request-decline"),
]
