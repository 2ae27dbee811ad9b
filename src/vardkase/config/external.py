"""A PostgreSQL server of the operator's own: checked, and given the role that owns nothing."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

import psycopg
from psycopg.conninfo import conninfo_to_dict

from vardkase.lib.console import gettext as _
from vardkase.lib.trouble import Trouble

from .binaries import OLDEST
from .roles import APP, create_extensions, create_role, exists, grant_work


@dataclass(frozen=True, slots=True)
class External:
    app: str
    owner: str
    warnings: tuple[str, ...] = ()


def prepare(address: str, owner_address: str | None) -> External:
    """Addresses for work and for migrating; makes the working role where it may."""
    owner_address = owner_address or address
    with connect(owner_address) as connection:
        if connection.info.server_version < OLDEST * 10_000:
            raise Trouble(
                _("The database server is older than PostgreSQL %(oldest)s.") % {"oldest": OLDEST},
                fix=_("DATABASE_URL=postgresql://... of a server of version %(oldest)s or newer")
                % {"oldest": OLDEST},
            )
        why = give_the_role(connection, to=str(conninfo_to_dict(address).get("user", "")))
    if why:
        told = _(
            "The web and the worker own the tables, because the role %(role)s is not used: %(why)s"
        )
        return External(address, owner_address, (told % {"role": APP, "why": why},))
    return External(acting_as_app(address), owner_address)


def connect(address: str) -> psycopg.Connection:
    try:
        return psycopg.connect(address, autocommit=True, connect_timeout=10)
    except psycopg.OperationalError as error:
        where = conninfo_to_dict(address)
        raise Trouble(
            _("No answer from the database server at %(host)s: %(why)s")
            % {"host": where.get("host", "localhost"), "why": error},
            fix=_("correct DATABASE_URL, then try it with: psql DATABASE_URL -c 'select 1'"),
        ) from None


def acting_as_app(address: str) -> str:
    """The same login, which from the first statement on has the working role's rights only."""
    parts = urlsplit(address)
    query = dict(parse_qsl(parts.query))
    query["options"] = f"{query.get('options', '')} -c role={APP}".strip()
    return urlunsplit(parts._replace(query=urlencode(query, quote_via=quote)))


def give_the_role(connection: psycopg.Connection, *, to: str) -> str:
    """Let the login `to` act as the working role; the answer is why not, empty when it may."""
    login = to or connection.info.user
    if may_act(connection, login):
        return ""
    if exists(connection, "SELECT 1 FROM pg_tables WHERE tablename = %s", "django_migrations"):
        return _(
            "the tables were made before it was. Mend: vardkase backup, then restore elsewhere"
        )
    try:
        create_role(connection, APP, login=False)
        connection.execute(
            psycopg.sql.SQL("GRANT {} TO {}").format(
                psycopg.sql.Identifier(APP), psycopg.sql.Identifier(login)
            )
        )
        create_extensions(connection)
        grant_work(connection, owner=connection.info.user)
    except psycopg.errors.InsufficientPrivilege as error:
        why = {"why": error.diag.message_primary, "login": login}
        return _("%(why)s. Mend: give %(login)s CREATEROLE once") % why
    return ""


def may_act(connection: psycopg.Connection, login: str) -> bool:
    """Whether the role was given to `login` for this very database."""
    return exists(
        connection,
        "SELECT 1 FROM pg_roles WHERE rolname = 'vardkase_app'"
        " AND pg_has_role(%s, oid, 'member') AND has_schema_privilege(oid, 'public', 'USAGE')"
        " AND EXISTS (SELECT FROM pg_default_acl, aclexplode(defaclacl) AS given"
        "             WHERE given.grantee = pg_roles.oid)",
        login,
    )
