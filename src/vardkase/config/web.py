"""The web server: Django loaded once, with every address, and then served."""

from django.urls import get_resolver

from vardkase.config.wsgi import application
from vardkase.lib import logs

from .server import run


def main() -> None:
    logs.set_up()
    get_resolver().url_patterns  # noqa: B018  loaded here, and so shared by the processes
    run(application)


if __name__ == "__main__":
    main()
