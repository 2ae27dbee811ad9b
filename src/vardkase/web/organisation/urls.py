"""Addresses of units, people, teams, duty and documents."""

from django.urls import path

from . import people, teams, units
from .imports import KINDS, addresses

urlpatterns = [
    path("enheter", units.index, name="units"),
    path("enheter/<int:pk>", units.detail, name="unit"),
    path("enheter/<int:pk>/ny", units.create, name="unit-new"),
    path("enheter/<int:pk>/andra", units.edit, name="unit-edit"),
    path("enheter/<int:pk>/flytta", units.move, name="unit-move"),
    path("enheter/<int:pk>/stang", units.close, name="unit-close"),
    path("enheter/<int:pk>/ansvar", units.give, name="unit-give"),
    path("enheter/<int:pk>/ansvar/<int:row>/avsluta", units.end, name="unit-end"),
    path("personer", people.index, name="people"),
    path("personer/ny", people.create, name="person-new"),
    path("personer/<int:pk>", people.detail, name="person"),
    path("personer/<int:pk>/andra", people.edit, name="person-edit"),
    path("personer/<int:pk>/roller", people.give, name="grant-new"),
    path("personer/<int:pk>/roller/<int:row>/avsluta", people.end, name="grant-end"),
    path("grupper", teams.index, name="teams"),
    path("grupper/ny", teams.create, name="team-new"),
    path("grupper/<int:pk>", teams.detail, name="team"),
    path("grupper/<int:pk>/andra", teams.edit, name="team-edit"),
    path("grupper/<int:pk>/medlemmar", teams.members, name="team-members"),
    path("grupper/<int:pk>/stang", teams.close, name="team-close"),
    path("grupper/<int:pk>/pass", teams.add_turn, name="team-turn"),
    path("beredskap", teams.duty_card, name="duty"),
    path("beredskap/ny", teams.add_turn, name="turn-new"),
    path("beredskap/<int:pk>/stall-in", teams.cancel_turn, name="turn-cancel"),
    path("styrdokument", teams.documents, name="documents"),
    path("styrdokument/ny", teams.add_document, name="document-new"),
    path("styrdokument/<int:pk>/avsluta", teams.end_document, name="document-end"),
    *(address for kind in KINDS for address in addresses(kind)),
]
