"""Where patterns are seen."""

from django.urls import path

from . import views

urlpatterns = [
    path("statistik", views.page, name="statistics"),
    path("statistik.csv", views.table, name="statistics-table"),
]
