"""Who knocks and from where: what limits ask about."""

from django.conf import settings
from django.http import HttpRequest

from vardkase.lib.rate import sender
from vardkase.workflow.rates import Caller

from .actor import actor


def caller(request: HttpRequest) -> Caller:
    return Caller(actor(request), sender(request.META, proxies=settings.PROXIES))
