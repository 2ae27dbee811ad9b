"""The numbers and words of syslog's priorities (RFC 5424, 6.2.1, and what daemons call them)."""

FACILITIES = (
    *("kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron"),
    *("authpriv", "ftp", "ntp", "audit", "alert", "clock", *(f"local{n}" for n in range(8))),
)
SEVERITIES = ("emerg", "alert", "crit", "err", "warning", "notice", "info", "debug")
LEVEL_WORDS = {word: n for n, word in enumerate(SEVERITIES)} | {
    "emergency": 0, "panic": 0, "fatal": 2, "critical": 2, "severe": 3, "error": 3, "warn": 4,
    "information": 6, "informational": 6, "trace": 7,
}  # fmt: skip
KIND_WORDS = {word: n for n, word in enumerate(FACILITIES)} | {"kernel": 0}
