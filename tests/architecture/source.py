"""The product's own text, read as a tree: what the structure tests look through."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src" / "vardkase"


@cache
def modules() -> dict[Path, ast.Module]:
    """Every module of ours but the migrations."""
    found = sorted(p for p in SRC.rglob("*.py") if "migrations" not in p.parts)
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in found}


def templates() -> list[Path]:
    return sorted(path for path in SRC.rglob("*.html"))


def nodes[N: ast.AST](kind: type[N]) -> Iterator[tuple[str, N]]:
    """Every node of that kind, with where it stands: `events/rules.py:12`."""
    for path, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, kind):
                yield f"{path.relative_to(SRC)}:{getattr(node, 'lineno', 1)}", node


def called(node: ast.Call) -> str:
    """The last word of what is called: `objects.raw(...)` gives `raw`."""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def imported() -> Iterator[tuple[str, str]]:
    """Where, and the full name of everything that is imported."""
    for where, node in nodes(ast.Import):
        yield from ((where, alias.name) for alias in node.names)
    for where, found in nodes(ast.ImportFrom):
        yield from ((where, f"{found.module or '.'}.{alias.name}") for alias in found.names)


def tracked() -> list[Path]:
    """Every file that git knows."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"],  # noqa: S607
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]
