"""Whether the product can do its work: for whoever starts, watches or balances it."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from .door import public


@public
def health(request: HttpRequest) -> JsonResponse:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "failing", "database": "unreachable"}, status=503)
    return JsonResponse({"status": "ok", "database": "ok"})
