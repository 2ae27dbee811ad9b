"""The web server: Django loaded once, with every address, and then served."""

import os
from typing import Any

from django.conf import settings
from django.urls import get_resolver

from vardkase.config.wsgi import application
from vardkase.lib import logs

from .server import run

SECONDS = int(os.environ.get("VARDKASE_STATEMENT_SECONDS", "10"))  # 0: no bound


def main() -> None:
    logs.set_up()
    bound_statements()
    get_resolver().url_patterns  # noqa: B018  loaded here, and so shared by the processes
    run(application)


def bound_statements() -> None:
    """No page's question holds the database longer. Commands and jobs may take their time."""
    options: Any = settings.DATABASES["default"]["OPTIONS"]
    given = options.get("options", "")
    if SECONDS:
        options["options"] = f"{given} -c statement_timeout={SECONDS * 1000}".strip()


if __name__ == "__main__":
    main()
