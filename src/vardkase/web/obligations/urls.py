"""Addresses of reporting to authorities."""

from django.urls import path

from . import views

CASE = "arenden/<str:number>/rapportering"

urlpatterns = [
    path(CASE, views.index, name="case-duties"),
    path(f"{CASE}/svar", views.answers, name="case-facts"),
    path(f"{CASE}/<str:regime>/<str:step>/fil/<str:kind>", views.taken_out, name="duty-file"),
    path(f"{CASE}/<str:regime>/beslut", views.decide, name="duty-decide"),
    path(f"{CASE}/<str:regime>/<str:step>/rapport", views.prefilled, name="duty-report"),
    path(f"{CASE}/<str:regime>/<str:step>/skickad", views.sent, name="duty-sent"),
]
