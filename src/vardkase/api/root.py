"""The API's one entrance: its version, its errors, and the rooms' routers."""

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from . import (
    actions,
    affected,
    assessment,
    assets,
    communication,
    conclusions,
    detections,
    dpo,
    entities,
    events,
    handling,
    lead,
    log,
    mutings,
    obligations,
    problems,
    requests,
    services,
    sources,
    statistics,
    tickets,
    wording,
)
from .auth import Token

PROBLEM = {"$ref": "#/components/schemas/Problem"}


class Described(NinjaAPI):
    """Says of its errors what they are: problems (RFC 9457), not plain JSON."""

    def get_openapi_schema(self, **words: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**words)
        schema["components"]["schemas"]["Problem"] = problems.Problem.model_json_schema()
        for item in schema["paths"].values():
            for operation in item.values():
                for status, answer in operation["responses"].items():
                    if int(status) >= 400:
                        answer["content"] = {problems.MEDIA_TYPE: {"schema": PROBLEM}}
        return schema


api = Described(
    title="Vårdkase",
    version="1",
    description="Information security incidents, from the first report to the lessons learnt.",
    auth=Token(),
    docs_url=None,
    urls_namespace="api",
)
problems.install(api)
api.add_router("", events.router)
api.add_router("", tickets.router)
api.add_router("", assessment.router)
api.add_router("", log.router)
api.add_router("", handling.router)
api.add_router("", actions.router)
api.add_router("", conclusions.router)
api.add_router("", obligations.router)
api.add_router("", communication.router)
api.add_router("", entities.router)
api.add_router("", services.router)
api.add_router("", wording.router)
api.add_router("", lead.router)
api.add_router("", dpo.router)
api.add_router("", affected.router)
api.add_router("", statistics.router)
api.add_router("", requests.router)
api.add_router("", assets.router)
api.add_router("", detections.router)
api.add_router("", mutings.router)
api.add_router("", sources.router)
