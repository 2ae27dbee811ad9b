"""Bookkeeping that no case hangs on."""

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone


class Rate(models.Model):
    """How often something was tried, or that it is shut, until second `window` since 1970.

    Unlogged: lost in a crash, harmless.
    """

    key = models.CharField(max_length=120, primary_key=True)
    window = models.BigIntegerField()
    count = models.PositiveIntegerField()

    class Meta:
        verbose_name = "rate"

    def __str__(self) -> str:
        return self.key


class Session(AbstractBaseSession):
    """Somebody's browser, signed in or on its way. The key is a fingerprint of the cookie's value:
    whoever reads the table can enter nobody's session."""

    session_key = models.CharField(max_length=64, primary_key=True)
    person = models.BigIntegerField(null=True, db_index=True)
    begun_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)
    address = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = "session"

    def __str__(self) -> str:
        return self.session_key[:8]


class Beat(models.Model):
    """When a part of the product that works by itself last finished a round."""

    part = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "heartbeat"

    def __str__(self) -> str:
        return self.part
