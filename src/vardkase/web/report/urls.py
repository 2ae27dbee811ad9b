"""Addresses of step 1. The public ones have an English twin under /en/."""

from django.urls import URLPattern, path

from vardkase.web.twins import twins

from . import files, follow, marks, pages, receipt, secret, tickets, views

urlpatterns: list[URLPattern] = [
    *twins("rapportera", "report", views.create, "report"),
    *twins("rapportera/sakerhet", "report/security", secret.create, "report-secret"),
    *twins("rapportera/kvitto.pdf", "report/receipt.pdf", receipt.as_pdf, "report-receipt"),
    *twins("rapportera/blankett", "report/paper", pages.blank, "report-blank"),
    *twins("rapportera/personuppgifter", "report/privacy", pages.privacy, "report-privacy"),
    path("rapportera/supportarende", tickets.create, name="hand-over-ticket"),
    *twins("folj", "follow", follow.by_code, "follow"),
    *twins("rad", "advice", pages.advice, "advice"),
    *twins("rad/<str:kind>", "advice/<str:kind>", pages.advice, "advice-kind"),
    *twins("mina-rapporter", "my-reports", follow.own, "own-reports"),
    *twins("mina-rapporter/<str:report>", "my-reports/<str:report>", follow.own_case, "own-report"),
    path("arenden/<str:number>/uppgifter/<int:pk>", marks.create, name="statement-mark"),
    path("arenden/<str:number>/filer/<int:pk>", files.download, name="attachment"),
]
