"""Bookkeeping that no case hangs on."""

from django.db import models


class Rate(models.Model):
    """How often something was tried in one window of time. Unlogged: lost in a crash, harmless."""

    key = models.CharField(max_length=120, primary_key=True)
    window = models.BigIntegerField()
    count = models.PositiveIntegerField()

    class Meta:
        verbose_name = "rate"

    def __str__(self) -> str:
        return self.key
