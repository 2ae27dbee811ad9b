"""What the house forbids itself, looked for in its own text (style.md section 2)."""

import ast
import re
import tomllib
import warnings
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from tests.architecture.source import (
    ROOT,
    SRC,
    called,
    imported,
    modules,
    nodes,
    templates,
    tracked,
)
from vardkase.policy.parameter import parameter, parameters

OURS = [model for model in apps.get_models() if model.__module__.startswith("vardkase.")]
FORBIDDEN_NAMES = {
    "core", "common", "utils", "helpers", "reports", "cases", "notifications", "manager",
}  # fmt: skip


def layers() -> dict[str, int]:
    """Each room's storey, 0 the ground, as the import contract has it."""
    raw = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    rows = raw["tool"]["importlinter"]["contracts"][0]["layers"]
    storeys = [row.replace("|", " ").split() for row in reversed(rows)]
    return {room: storey for storey, rooms in enumerate(storeys) for room in rooms}


def foreign_keys() -> list[Any]:
    fields = [field for model in OURS for field in model._meta.get_fields()]
    return [field for field in fields if isinstance(field, models.ForeignKey)]


@pytest.mark.parametrize("key", foreign_keys(), ids=str)
def test_a_foreign_key_points_upstream_and_protects(key: Any) -> None:
    assert key.remote_field.on_delete is models.PROTECT
    room, target = (model._meta.app_label for model in (key.model, key.related_model))
    storeys = layers()
    assert room == target or storeys[room] > storeys[target], "it points to a later step"


def test_no_table_joins_two_others_unseen() -> None:
    assert not [f for m in OURS for f in m._meta.get_fields() if f.many_to_many]


def test_no_generic_foreign_keys_and_no_signals() -> None:
    banned = ("django.contrib.contenttypes", "django.dispatch", "django.db.models.signals")
    assert not [(w, name) for w, name in imported() if name.startswith(banned)]


def test_no_model_hides_behaviour_in_save_or_delete() -> None:
    assert not [m for m in OURS if {"save", "delete", "bulk_create"} & set(vars(m))]


def test_an_init_holds_nothing_but_its_words() -> None:
    def is_docstring(node: ast.stmt) -> bool:
        return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)

    inits = [tree for path, tree in modules().items() if path.name == "__init__.py"]
    assert not [ast.dump(s) for tree in inits for s in tree.body if not is_docstring(s)]


def test_every_module_says_its_place() -> None:
    silent = [
        p for p, t in modules().items() if p.name != "__init__.py" and not ast.get_docstring(t)
    ]
    assert not silent


def test_no_name_that_means_two_things_or_nothing() -> None:
    assert not {p for p in SRC.rglob("*") if p.stem in FORBIDDEN_NAMES}


def test_everything_is_caught_only_where_a_job_must_go_on() -> None:
    """Elsewhere it is passed on at once, after tidying up. One message stops no other."""

    def is_broad(node: ast.ExceptHandler) -> bool:
        return node.type is None or ast.unparse(node.type) in {"Exception", "BaseException"}

    def passes_on(node: ast.ExceptHandler) -> bool:
        last = node.body[-1]
        return isinstance(last, ast.Raise) and last.exc is None

    broad = {w for w, n in nodes(ast.ExceptHandler) if is_broad(n) and not passes_on(n)}
    assert not {
        where
        for where in broad
        if not where.startswith(("jobs/", "intake/", "lib/each.py", "delivery/outbox.py"))
    }


def test_no_layer_is_missing_from_the_contract() -> None:
    rooms = {p.name for p in SRC.iterdir() if p.is_dir() and not p.name.startswith("_")}
    assert rooms <= set(layers())


def test_no_file_names_a_registry_or_somebody_s_machine() -> None:
    """A lock or a script that does would work here only, or send others to a stranger."""
    words = ("pythonhosted" + r"\.org", r"pypi\." + "org", "--index" + "-url", "/ro" + "ot/")
    words += ("registry\\." + "npmjs", "/wo" + "rk/", "/ho" + r"me/\w+/")
    banned = re.compile("|".join(words))
    found = {}
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        if hit := banned.search(text):
            found[str(path.relative_to(ROOT))] = hit[0]
    assert not found


def test_a_policy_unchecked_for_a_year_is_a_warning() -> None:
    today = date.today()  # noqa: DTZ011
    for id in parameters():
        checked = parameter(id).versions[-1].checked
        assert checked <= today, f"{id} was checked in the future"
        if today - checked > timedelta(days=365):
            warnings.warn(
                f"{id}: nobody has compared it with its source since {checked}", stacklevel=1
            )


# What peers were broken into by (PH06, PH08, PH10, PH11, PH12)


def test_text_is_never_declared_safe() -> None:
    """PH06: what is escaped cannot be undone, by any filter or flag."""
    filters = re.compile(r"\|\s*safe(seq)?\b|autoescape\s+off")
    assert not [path for path in templates() if filters.search(path.read_text(encoding="utf-8"))]
    makers = {"mark_safe", "SafeString", "SafeText"}
    assert not [where for where, node in nodes(ast.Call) if called(node) in makers]


def test_markup_is_built_from_constants_only() -> None:
    """PH06: format_html escapes what it is given, but trusts its first word."""
    of_tables = {"web/templatetags/vardkase.py"}
    loose = {
        where
        for where, node in nodes(ast.Call)
        if called(node) == "format_html" and not isinstance(node.args[0], ast.Constant)
    }
    assert {where.split(":")[0] for where in loose} <= of_tables


def test_nobody_writes_templates_but_us() -> None:
    """PH08: IRIS CVE-2024-25624, Zammad CVE-2026-34724, Dispatch c1626bfde."""
    makers = {"from_string", "Template", "render_template_string", "Environment"}
    assert not [where for where, node in nodes(ast.Call) if called(node) in makers]


def test_nothing_outside_chooses_a_class_or_a_command() -> None:
    """PH10: MISP CVE-2019-12868, CVE-2018-19908, Zammad CVE-2024-33667."""
    banned = ("pickle", "marshal", "shelve", "yaml", "dill", "jsonpickle", "code", "runpy")
    assert not [(w, name) for w, name in imported() if name.split(".")[0] in banned]
    calls = {"eval", "exec", "__import__", "import_string", "os.system", "os.popen"}
    assert not [where for where, node in nodes(ast.Call) if ast.unparse(node.func) in calls]
    shells = [w for w, n in nodes(ast.keyword) if n.arg == "shell"]
    assert not shells


def test_no_query_is_built_of_words() -> None:
    """PH11: GLPI CVE-2025-24799, MISP CVE-2022-48329, OTRS CVE-2022-4427."""
    assert not [
        where for where, node in nodes(ast.Call) if called(node) in {"raw", "extra", "RawSQL"}
    ]


def test_a_request_s_words_never_name_a_field() -> None:
    """PH11: `filter(**request.GET)` lets a stranger ask for `password__startswith`."""
    found = []
    for where, node in nodes(ast.Call):
        if called(node) in {"filter", "exclude", "get", "order_by", "values", "annotate"}:
            loose = [k.value for k in node.keywords if k.arg is None] + [
                a.value for a in node.args if isinstance(a, ast.Starred)
            ]
            found += [where for value in loose if "request" in ast.unparse(value)]
    assert not found


def test_nothing_calls_out() -> None:
    """PH12: no client of any kind yet. The first one checks the connected address, in one place."""
    banned = ("urllib.request", "http.client", "requests", "httpx", "aiohttp", "urllib3", "ftplib")
    of_itself = {"config/serve.py"}  # asks its own server on the loopback whether it is ready
    found = {where.split(":")[0] for where, name in imported() if name.startswith(banned)}
    assert found <= of_itself
