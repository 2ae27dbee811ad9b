"""What Microsoft's formats have in common: keys whose case differs, entities, lists and records."""

from collections.abc import Iterator
from typing import Any

from .apart import Alerts
from .inside import ReadOne, within
from .json_text import loads
from .source import NotUnderstood, Unreadable
from .values import TEXT, rows, table, text

FRAMES = ("properties", "tables", "value")
ENTITIES = 200  # of one alert that are looked at


def low(value: Any) -> dict[str, Any]:
    """An object by its keys in lower case: `severity`, `Severity` and `SEVERITY` are one."""
    return {str(key).lower(): inner for key, inner in table(value).items()}


def carried(document: Any, read: ReadOne, marks: tuple[str, ...]) -> Alerts:
    """What `read` makes of a document, or of one in the envelopes of others that bears a mark: a
    title with a severity is enough to know the outermost by, not what another tool may hold."""

    def read_one(each: Any) -> Alerts:
        if each is not document and not any(mark in low(each) for mark in (*marks, *FRAMES)):
            raise NotUnderstood("Nothing that only Microsoft tells.")
        return read(each)

    return within(document, read_one)


def get(record: dict[str, Any], *names: str) -> str:
    """The first of the names, in lower case, that holds a text or number."""
    for name in names:
        found = record.get(name)
        if not isinstance(found, dict | list) and (told := text(found)):
            return told
    return ""


def unpacked(value: Any) -> Any:
    """JSON within a text, as Log Analytics keeps Entities; else the value itself."""
    if isinstance(value, str) and value.lstrip()[:1] in ("[", "{"):
        try:
            return loads(value.encode("utf-8", "replace"))
        except (NotUnderstood, Unreadable):
            return None
    return value


def entities(*values: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Kind, in lower case, and properties of each entity, whatever form they are told in."""
    for value in values:
        for each in rows(unpacked(value))[:ENTITIES]:
            entity = low(each)
            kind = get(entity, "kind", "type", "entitytype", "@odata.type", "$type")
            if inner := low(entity.get("properties")):  # around them stand the resource's own names
                entity, kind = inner, kind or get(inner, "kind", "type")
            yield kind.lower().rpartition(".")[2].removesuffix("evidence"), entity


HOSTS = ("devicednsname", "dnsname", "fqdn", "devicename", "computerdnsname", "hostname",
         "netbiosname", "azurevmname", "name")  # fmt: skip
PEOPLE = ("userprincipalname", "upn", "upnsuffix", "accountupn", "useraccountname",
          "primaryaddress", "mailboxprimaryaddress", "mailboxaddress", "recipientemailaddress",
          "recipient", "accountname", "samaccountname", "displayname", "name", "username", "label",
          "aaduserid")  # fmt: skip
ADDRESSES = ("ipaddress", "address", "remoteip", "localip", "label")
SERVICES = ("system", "local service", "network service")  # Windows' own accounts
HOST_KINDS = ("host", "device", "machine", "microsoft.compute/virtualmachines", "azureresource")
USER_KINDS = ("account", "user", "mailbox", "mailmessage", "analyzedmessage")


def concerned(found: Iterator[tuple[str, dict[str, Any]]]) -> dict[str, str]:
    """The first host, account and address among entities."""
    told = {"host": "", "user": "", "ip": ""}
    beside = ""  # who was logged on to the host, or owned the process
    for kind, entity in found:
        beside = beside or owner(entity)
        if kind in HOST_KINDS:
            told["host"] = told["host"] or get(entity, *HOSTS)
        elif kind in USER_KINDS:
            told["user"] = told["user"] or _person(entity)
        elif kind in ("ip", "ipaddress"):
            told["ip"] = told["ip"] or get(entity, *ADDRESSES)
        elif not kind:  # an export without kinds: whatever stands there
            told["host"] = told["host"] or get(entity, *HOSTS[:6])
            told["user"] = told["user"] or get(entity, "userprincipalname", "accountname")
            told["ip"] = told["ip"] or get(entity, *ADDRESSES)
    return told | {"user": told["user"] or beside}


def owner(entity: dict[str, Any]) -> str:
    """Whose process it is, or who was logged on to the device."""
    for each in (entity.get("useraccount"), *rows(entity.get("loggedonusers"))):
        account = low(each)
        name = get(account, "userprincipalname", "accountname")
        if name and name.lower() not in SERVICES:
            return name
    return ""


def _person(entity: dict[str, Any]) -> str:
    account = entity | low(entity.get("useraccount"))
    name, suffix = get(account, "name", "accountname"), get(account, "upnsuffix")
    if name and suffix and "@" not in name:
        return f"{name}@{suffix}"[:TEXT]
    return get(account, *(word for word in PEOPLE if word != "upnsuffix"))
