"""What packet filters of pfSense and OPNsense write: values between commas, known by their places.

Netgate, pfSense Documentation, Raw Filter Log Format.
"""

from .about import About
from .log import Log

_BOTH = ("", "", "", "tracker", "interface", "reason", "action", "direction", "version")
_V4 = ("", "", "ttl", "", "", "", "", "proto", "length", "src", "dst")
_V6 = ("", "", "", "proto", "", "length", "src", "dst")
_PORTS = ("sport", "dport")
LONGEST = 2_000  # characters that are read


def filterlog(text: str) -> Log | None:
    """The filter's decision that the message is; None if it is none."""
    values = text[:LONGEST].split(",")
    version = values[8] if len(values) > 8 else ""
    names = _BOTH + (_V6 if version == "6" else _V4)
    if version not in ("4", "6") or len(values) < len(names):
        return None
    if values[names.index("proto")].lower() in ("tcp", "udp", "sctp"):
        names += _PORTS
    told = {name: value for name, value in zip(names, values, strict=False) if name and value}
    what = " ".join(told.get(name, "") for name in ("action", "direction", "interface", "proto"))
    port = f" port {told['dport']}" if "dport" in told else ""
    return Log(
        title=f"filterlog: {what} {told.get('src', '')} > {told.get('dst', '')}{port}",
        rule="/".join(("filterlog", *(told.get(name, "") for name in ("action", "direction",
                       "interface", "tracker")))),
        severity="",
        about=About(told.get("src", ""), told.get("dst", ""), ""),
        fields=told,
    )  # fmt: skip
