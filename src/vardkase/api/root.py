"""The API's one entrance: its version, its errors, and the rooms' routers."""

from ninja import NinjaAPI

from . import assessment, events, problems, statistics
from .auth import Token

api = NinjaAPI(
    title="Vårdkase",
    version="1",
    description="Information security incidents, from the first report to the lessons learnt.",
    auth=Token(),
    docs_url=None,
    urls_namespace="api",
)
problems.install(api)
api.add_router("", events.router)
api.add_router("", assessment.router)
api.add_router("", statistics.router)
