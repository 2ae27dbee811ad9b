"""What sort of mail it is, before anybody reads it: a bounce, a loop, an automatic answer, or a
person's. Decided by headers (RFC 3464, 3834) and, where senders set none, by habits of theirs."""

import re
from email.message import Message as Mail
from enum import StrEnum

from .letter import header, headers, parts

LOOP_MARK = "vardkase"  # what our own mail carries in X-Loop
MOST_HOPS = 40  # servers that a mail may have passed
_DAEMON = re.compile(r"\b(?:mailer|mail)[- ]daemon\b|\bmdaemon@", re.I)
_UNDELIVERED = re.compile(
    r"undeliver|undelivrable|not (?:be )?delivered|delivery (?:status|fail|has failed|problem"
    r"|report|error|delayed)|returned mail|return(?:ed)? to sender|failure (?:notice|notification)"
    r"|failed:? mail|mail (?:delivery|system error|could not be)|message (?:status|you sent blocked"
    r"|not delivered)|non[- ]?deliver|kunde inte levereras|olevererbar|could not send"
    r"|error sending|rejected:|host unknown",
    re.I,
)
_POSTMASTER = re.compile(r"\bpostmaster@|\bmailadmin@|\bmail(?:er)?[- ](?:admin|system)", re.I)
_AWAY = re.compile(
    r"^\s*(?:automatiskt svar|automatisk svar|autosvar|frånvaro|ej på kontoret|jag är ledig"
    r"|out of (?:the )?office|automatic reply|auto(?:matic)?[- ]?repl|auto[- ]?response"
    r"|vacation|away from|abwesenheit|autosvar)",
    re.I,
)


class Sort(StrEnum):
    REPORT = "report"
    BOUNCE = "bounce"
    AUTOMATIC = "automatic"
    LOOP = "loop"


WORDS = {
    Sort.BOUNCE: "A bounce: mail of ours that could not be delivered.",
    Sort.AUTOMATIC: "An automatic message, not written by a person.",
    Sort.LOOP: "Our own mail come back, or a mail that has gone in circles.",
}


def sort_of(mail: Mail, sender: str | None = None) -> Sort:
    """The sort of `mail`; `sender` is the envelope's, empty for a bounce, None if not known."""
    if _is_bounce(mail, sender):
        return Sort.BOUNCE
    if _is_loop(mail):
        return Sort.LOOP
    return Sort.AUTOMATIC if _is_automatic(mail, sender) else Sort.REPORT


def _is_bounce(mail: Mail, sender: str | None) -> bool:
    kinds = {kind for _, kind in parts(mail)}
    if "message/delivery-status" in kinds or "message/global-delivery-status" in kinds:
        return True
    if headers(mail, "X-Failed-Recipients"):
        return True
    written_by = header(mail, "From")
    if _DAEMON.search(written_by):
        return True
    is_told = bool(_UNDELIVERED.search(header(mail, "Subject")))
    is_empty = sender == "" or header(mail, "Return-Path") == "<>"
    return is_told and (is_empty or bool(_POSTMASTER.search(written_by)))


def _is_loop(mail: Mail) -> bool:
    marked = any(LOOP_MARK in told.lower() for told in headers(mail, "X-Loop"))
    return marked or len(headers(mail, "Received")) > MOST_HOPS


def _is_automatic(mail: Mail, sender: str | None) -> bool:
    told = header(mail, "Auto-Submitted").lower()
    if told and not told.startswith("no"):
        return True
    if any(headers(mail, name) for name in ("X-Autoreply", "X-Autorespond", "X-Autoresponse")):
        return True
    precedence = header(mail, "Precedence").lower()
    if precedence in ("auto_reply", "auto-reply", "junk"):
        return True
    return sender == "" or bool(_AWAY.search(header(mail, "Subject")))
