"""Addresses of information and communication in a case."""

from django.urls import path

from . import affected, dpo, lead, paper, views

CASE = "arenden/<str:number>/information"

LEAD = "arenden/<str:number>/ledning"

OFFICER = "arenden/<str:number>/dataskyddsombud"

PEOPLE = "arenden/<str:number>/drabbade"

urlpatterns = [
    path(PEOPLE, affected.index, name="case-affected"),
    path(f"{PEOPLE}/lista", affected.enlist, name="affected-list"),
    path(f"{PEOPLE}/antal", affected.count, name="affected-count"),
    path(f"{PEOPLE}/alla", affected.reach_all, name="affected-all"),
    path(f"{PEOPLE}/gallra", affected.erase, name="affected-erase"),
    path(f"{PEOPLE}/<int:pk>/skyddad", affected.protect, name="affected-protect"),
    path(f"{PEOPLE}/<int:pk>", affected.reach, name="affected-reach"),
    path(OFFICER, dpo.index, name="case-dpo"),
    path(f"{OFFICER}/underlag", dpo.hand_over, name="dpo-hand-over"),
    path(f"{OFFICER}/mottaget", dpo.receive, name="dpo-receive"),
    path(f"{OFFICER}/bedomning", dpo.opine, name="dpo-opine"),
    path(LEAD, lead.index, name="case-lead"),
    path(f"{LEAD}/lamna-over", lead.hand_over, name="lead-hand-over"),
    path(f"{LEAD}/ta-over", lead.take, name="lead-take"),
    path(CASE, views.index, name="case-information"),
    path(f"{CASE}/ny", views.new, name="information-new"),
    path(f"{CASE}/<int:pk>", views.detail, name="information"),
    path(f"{CASE}/<int:pk>/andra", views.change, name="information-change"),
    path(f"{CASE}/<int:pk>/granska", views.judge, name="information-judge"),
    path(f"{CASE}/<int:pk>/lamnad", views.sent, name="information-sent"),
    path(f"{CASE}/<int:pk>/alla", views.complete, name="information-complete"),
    path(f"{CASE}/<int:pk>/pdf", paper.as_pdf, name="information-pdf"),
    path(
        f"{CASE}/behovs-inte/<str:milestone>/<str:audience>", views.waive, name="information-waive"
    ),
]
