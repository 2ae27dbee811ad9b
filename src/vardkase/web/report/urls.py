"""Addresses of step 1. The public ones have an English twin under /en/."""

from django.urls import URLPattern, path

from . import marks

urlpatterns: list[URLPattern] = [
    path("arenden/<str:number>/uppgifter/<int:pk>", marks.create, name="statement-mark"),
]
