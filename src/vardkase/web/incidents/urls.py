"""Addresses of steps 3 and 4, and of the page that one starts at."""

from django.urls import URLPattern, path

from vardkase.web.twins import twins

from . import actions, case, ending, knowing, lists, log, milestones, parts, start, summary

CASE = "arenden/<str:number>"

urlpatterns: list[URLPattern] = [
    *twins("", "", start.index, "start"),
    path("arenden", lists.index, name="cases"),
    path("atgarder", actions.index, name="actions"),
    path(CASE, case.detail, name="case"),
    path(f"{CASE}/logg", log.index, name="case-log"),
    path(f"{CASE}/anteckning", log.note, name="case-note"),
    path(f"{CASE}/beslut", log.decide, name="case-decide"),
    path(f"{CASE}/laget", knowing.situation, name="case-situation"),
    path(f"{CASE}/samband", knowing.relation, name="case-relation"),
    path(f"{CASE}/tillgangar", parts.assets, name="case-assets"),
    path(f"{CASE}/roller", parts.part, name="case-part"),
    path(f"{CASE}/roller/<int:pk>/lamna", parts.end, name="case-part-end"),
    path(f"{CASE}/atgarder/ny", actions.create, name="action-new"),
    path(f"{CASE}/extra-overvakning", actions.watch, name="watch-new"),
    path(f"{CASE}/atgarder/<int:pk>", actions.detail, name="action"),
    path(f"{CASE}/atgarder/<int:pk>/gang", actions.progress, name="action-progress"),
    path(f"{CASE}/atgarder/<int:pk>/lamna-over", actions.hand_over, name="action-hand-over"),
    path(f"{CASE}/slutsatser", ending.conclusion, name="case-conclusion"),
    path(f"{CASE}/avsluta", ending.end, name="case-close"),
    path(f"{CASE}/ateroppna", ending.again, name="case-reopen"),
    path(f"{CASE}/sammanfattning", summary.page, name="case-summary"),
    path(f"{CASE}/sammanfattning.pdf", summary.as_pdf, name="case-summary-pdf"),
    path(f"{CASE}/sammanfattning.json", summary.as_json, name="case-summary-json"),
    *(
        path(f"{CASE}/{address}", view, {"kind": kind}, name=name)
        for address, view, kind, name in (
            ("under-kontroll", milestones.declare, "under_control", "case-control"),
            ("inte-under-kontroll", milestones.revoke, "under_control", "case-control-revoke"),
            ("aterstalld", milestones.declare, "restored", "case-restored"),
            ("inte-aterstalld", milestones.revoke, "restored", "case-restored-revoke"),
        )
    ),
]
