"""Addresses of step 2."""

from django.urls import URLPattern, path

from vardkase.events import circle as events
from vardkase.events import hits

from . import assess, circle, passing, queue

CASE = "handelser/<str:number>/"

urlpatterns: list[URLPattern] = [
    path("att-bedoma", queue.index, name="queue"),
    path("att-bedoma/overforda", queue.passed_on, name="referred"),
    path(f"{CASE}bedom", assess.assess, name="assess"),
    path(f"{CASE}sla-ihop", passing.merge, name="merge"),
    path(f"{CASE}sla-ihop/<int:pk>/hav", passing.unmerge, name="unmerge"),
    path(f"{CASE}overfor", passing.refer, name="refer"),
    path(f"{CASE}overforingar/<int:pk>", passing.answer, name="referral"),
    path(f"{CASE}fraga", passing.ask, name="ask"),
    path(f"{CASE}behoriga", circle.index, name="circle"),
    path(f"{CASE}oppna", circle.unseal, name="unseal"),
    path(f"{CASE}markning", circle.label, name="label"),
    *(
        path(f"{CASE}{rest}", view, {"change": change}, name=name)
        for rest, view, change, name in (
            ("medlemmar", circle.person, events.add_member, "member-add"),
            ("medlemmar/bort", circle.person, events.remove_member, "member-remove"),
            ("jav", circle.person, events.add_conflict, "conflict-add"),
            ("jav/bort", circle.person, events.remove_conflict, "conflict-remove"),
            ("forsegla", circle.seal, events.seal, "seal"),
            ("tillgangar", circle.asset, hits.link, "asset-link"),
            ("tillgangar/bort", circle.asset, hits.unlink, "asset-unlink"),
        )
    ),
]
