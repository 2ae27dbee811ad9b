"""What waits for a second person, over HTTP: to be told of. A program asks and confirms nothing."""

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema

from vardkase.decisionlog.models import Request
from vardkase.workflow.four_eyes import waiting_for

from .door import needs
from .problems import FAULTS

router = Router(tags=["two persons"])


class RequestOut(Schema):
    id: int
    kind: str
    about: str
    asked_by: str
    asked_at: datetime
    until: datetime

    @staticmethod
    def resolve_about(row: Request) -> str:
        return row.chain if row.about is None else f"p{row.about}"


class Requests(Schema):
    items: list[RequestOut]


@router.get("/requests", response={200: Requests, **FAULTS})
@needs("read_log")
def list_requests(request: HttpRequest) -> dict[str, list[Request]]:
    """What waits for a second person of the token's own role; he answers on his page."""
    return {"items": waiting_for(request.auth, timezone.now())}  # type: ignore[attr-defined]
