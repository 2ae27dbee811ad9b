"""Addresses of reporting to authorities."""

from django.urls import path

from . import deciding, entities, level, reporting, services, sisters, striking, views

CASE = "arenden/<str:number>/rapportering"
ENTITY = "juridiska-personer"

urlpatterns = [
    path(CASE, views.index, name="case-duties"),
    path(f"{CASE}/svar", views.answers, name="case-facts"),
    path(f"{CASE}/enisa-niva", level.decide, name="case-level"),
    path(f"{CASE}/juridiska-personer", striking.strike, name="case-strike"),
    path(f"{CASE}/juridiska-personer/<int:pk>/bort", striking.unstrike, name="case-unstrike"),
    path(f"{CASE}/skickat/<int:pk>/svar", deciding.reply, name="duty-reply"),
    path(f"{CASE}/andras-rapporter", sisters.link, name="case-sister"),
    path(f"{CASE}/andras-rapporter/<int:pk>/bort", sisters.unlink, name="case-sister-end"),
    path(f"{CASE}/<str:regime>/<str:step>/fil/<str:kind>", reporting.taken_out, name="duty-file"),
    path(f"{CASE}/<str:regime>/beslut", deciding.decide, name="duty-decide"),
    path(f"{CASE}/<str:regime>/<str:step>/rapport", reporting.prefilled, name="duty-report"),
    path(f"{CASE}/<str:regime>/<str:step>/rapport/<str:field>", reporting.reword, name="duty-word"),
    path(f"{CASE}/<str:regime>/<str:step>/skickad", deciding.sent, name="duty-sent"),
    path("tjanster", services.index, name="services"),
    path("tjanster/roll", services.add_role, name="role-new"),
    path("tjanster/roll/<int:pk>/avsluta", services.end_role, name="role-end"),
    path("tjanster/beroende", services.add_need, name="need-new"),
    path("tjanster/beroende/<int:pk>/avsluta", services.end_need, name="need-end"),
    path(ENTITY, entities.index, name="entities"),
    path(f"{ENTITY}/ny", entities.create, name="entity-new"),
    path(f"{ENTITY}/<int:pk>", entities.detail, name="entity"),
    path(f"{ENTITY}/<int:pk>/andra", entities.edit, name="entity-edit"),
    path(f"{ENTITY}/<int:pk>/galler", entities.say, name="entity-facts"),
    path(f"{ENTITY}/<int:pk>/avsluta", entities.end, name="entity-end"),
    path(f"{ENTITY}/<int:pk>/registrering", entities.register, name="entity-register"),
    path(
        f"{ENTITY}/<int:pk>/registrering/<int:row>/avsluta",
        entities.end_registration,
        name="registration-end",
    ),
]
