"""What the front says when it takes no request in; whoever reads it learns what to do."""

import json
from http import HTTPStatus

WORDS = {
    400: (
        "Förfrågan kom inte fram hel. Skicka den igen.",
        "The request did not arrive whole. Send it again.",
    ),
    408: (
        "Förfrågan kom för långsamt. Kontrollera nätet och skicka den igen.",
        "The request came too slowly. Check the network and send it again.",
    ),
    413: (
        "Det du skickar är för stort. Dela upp det, eller skicka utan bilaga.",
        "What you send is too large. Divide it, or send it without the attachment.",
    ),
    503: (
        "Systemet är överlastat eller disken är full. Ingenting sparades. Försök igen om en minut,"
        " eller ring.",
        "The system is overloaded or its disk is full. Nothing was stored. Try again in a minute,"
        " or telephone.",
    ),
}


RETRY = "5"  # seconds


class Refused(Exception):
    """A request that never reaches the application."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def refusal(refused: Refused, *, path: str) -> tuple[int, list[tuple[str, str]], bytes]:
    """Status, headers and body: a problem document for programs, plain words for people."""
    swedish, english = WORDS[refused.status]
    if path.startswith("/api/"):
        kind, text = "application/problem+json", problem(refused.status, english)
    else:
        kind, text = "text/plain; charset=utf-8", f"{swedish}\n\n{english}\n"
    headers = [("content-type", kind), ("cache-control", "no-store"), ("connection", "close")]
    if refused.status == 503:
        headers.append(("retry-after", RETRY))
    return refused.status, headers, text.encode()


def problem(status: int, detail: str) -> str:
    title = HTTPStatus(status).phrase
    return json.dumps({"type": "about:blank", "title": title, "status": status, "detail": detail})
