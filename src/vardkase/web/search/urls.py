"""Where one searches."""

from django.urls import path

from . import views

urlpatterns = [path("sok", views.results, name="search")]
