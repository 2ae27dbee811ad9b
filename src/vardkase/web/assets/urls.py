"""Addresses of assets and suppliers."""

from django.urls import path

from . import assets, suppliers

urlpatterns = [
    path("tillgangar", assets.index, name="assets"),
    path("tillgangar/ny", assets.create, name="asset-new"),
    path("tillgangar/<int:pk>", assets.detail, name="asset"),
    path("tillgangar/<int:pk>/andra", assets.edit, name="asset-edit"),
    path("tillgangar/<int:pk>/stang", assets.close, name="asset-close"),
    path("tillgangar/<int:pk>/beroende", assets.depend, name="dependant-new"),
    path(
        "tillgangar/<int:pk>/beroende/<int:row>/avsluta",
        assets.depend_no_more,
        name="dependant-end",
    ),
    path("tillgangar/<int:pk>/ansvar", assets.give, name="asset-give"),
    path("tillgangar/<int:pk>/ansvar/<int:row>/avsluta", assets.end, name="asset-end"),
    path("leverantorer", suppliers.index, name="suppliers"),
    path("leverantorer/ny", suppliers.create, name="supplier-new"),
    path("leverantorer/<int:pk>", suppliers.detail, name="supplier"),
    path("leverantorer/<int:pk>/andra", suppliers.edit, name="supplier-edit"),
    path("leverantorer/<int:pk>/stang", suppliers.close, name="supplier-close"),
    path("leverantorer/<int:pk>/bekrafta", suppliers.confirm, name="supplier-confirm"),
    path("leverantorer/<int:pk>/konto", suppliers.speak, name="supplier-account"),
    path(
        "leverantorer/<int:pk>/konto/<int:row>/avsluta",
        suppliers.silence,
        name="supplier-account-end",
    ),
]
