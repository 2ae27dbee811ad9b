"""Brings the tables up to this version in one transaction: killed half-way, they are as before."""

import gc

import django
from django.core.management import call_command
from django.db import connection, transaction

from .instance import TABLES_VERSION, migrations_hash

ONE_AT_A_TIME = 0x7A72646B  # the advisory lock of those who migrate


def main() -> None:
    gc.disable()  # a short life, whose many models would be looked through again and again
    django.setup()
    version = migrations_hash()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
        cursor.execute(TABLES_VERSION)
        if cursor.fetchone() == (version,):
            return
        call_command("migrate", interactive=False, verbosity=0)
        cursor.execute(f"COMMENT ON TABLE django_migrations IS '{version}'")


if __name__ == "__main__":
    main()
