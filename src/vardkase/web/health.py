"""Whether the product can do its work: for whoever starts, watches or balances it."""

from django.db import DatabaseError, connection
from django.db.models import Min
from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from vardkase.lib.beats import still
from vardkase.lib.models import Beat

from .door import public


@public
def health(request: HttpRequest) -> JsonResponse:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        slowest = Beat.objects.aggregate(at=Min("at"))["at"]
    except DatabaseError:
        return JsonResponse({"status": "failing", "database": "unreachable"}, status=503)
    background = "late" if still(slowest, timezone.now()) else "ok"
    return JsonResponse({"status": "ok", "database": "ok", "background": background})
