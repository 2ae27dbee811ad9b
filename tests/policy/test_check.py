"""Every check, on a file of ours broken in one place: it speaks, alone, and points at the line."""

import tomllib
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from vardkase.policy.check import CHECKS, check, faults, names
from vardkase.policy.lint import (
    access,
    communication,
    files,
    lists,
    regime_facts,
    regime_reach,
    regimes,
    report,
    scales,
)
from vardkase.policy.lint.page import Book, Check, Finding, Page
from vardkase.policy.parameter import DATA, file_of, files_of, id_of

TODAY = date(2026, 11, 22)


class Broken(NamedTuple):
    """What is changed in which file of ours, and how the line pointed at begins."""

    check: str
    id: str
    old: str
    new: str
    line: str


CASES = [
    Broken(**row)
    for row in tomllib.loads(Path(__file__).with_name("broken.toml").read_text("utf-8"))["case"]
]
MODULES = (
    access, communication, files, lists, regime_facts, regime_reach, regimes, report, scales,
)  # fmt: skip
SEEN_TWICE = {  # by another check too
    "belongs-to-the-program",
    "everyone-may-report",
    "examples-of-a-category-are-kept",
    "criteria-can-hold",
    "facts-keep-their-type",
    "no-step-waits-for-itself",
}


def laid(folder: Path, id: str, text: str) -> Path:
    path = file_of(id, folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def ours(id: str) -> str:
    return file_of(id, DATA).read_text(encoding="utf-8")


@pytest.mark.parametrize("broken", CASES, ids=lambda broken: f"{broken.check}-{broken.id}")
def test_a_broken_file_is_found_with_its_line(broken: Broken, tmp_path: Path) -> None:
    text = ours(broken.id)
    assert broken.old in text, "the case no longer fits our file"
    text = text.replace(broken.old, broken.new, 1)
    path = laid(tmp_path, broken.id, text)
    findings = check(tmp_path, today=TODAY)
    assert {finding.check for finding in findings} <= {broken.check} | SEEN_TWICE
    found = [finding for finding in findings if finding.check == broken.check]
    assert {finding.file for finding in found} == {path}
    assert any(points_at(broken.line, text, finding) for finding in found), found


def points_at(wanted: str, text: str, finding: Finding) -> bool:
    from_there = "".join(text.splitlines(keepends=True)[finding.line - 1 :])
    return from_there.lstrip().startswith(wanted) and (wanted != "" or finding.line == 1)


def test_every_check_has_its_broken_file() -> None:
    apart = {"unknown-id", "every-decision-has-someone", "level-has-criteria"}
    assert {broken.check for broken in CASES} | apart == set(names())


def test_no_check_is_written_and_forgotten() -> None:
    written = [
        value for module in MODULES for value in vars(module).values() if isinstance(value, Check)
    ]
    assert sorted(c.name for c in written) == sorted(c.name for c in CHECKS)


def test_our_own_files_are_without_a_fault() -> None:
    assert check(DATA, today=TODAY) == []


def test_an_empty_folder_and_no_folder_are_without_a_fault(tmp_path: Path) -> None:
    assert check(tmp_path, today=TODAY) == []
    assert check(tmp_path / "none", today=TODAY) == []


def test_a_file_that_nothing_reads_is_told_what_it_may_have_meant(tmp_path: Path) -> None:
    path = laid(tmp_path, "priority.matrx", ours("priority.matrix"))
    unknown = next(f for f in check(tmp_path, today=TODAY) if f.check == "unknown-id")
    assert (unknown.file, unknown.line) == (path, 1 + ours("priority.matrix").startswith("#"))
    assert "priority.matrix" in unknown.sv
    assert "priority.matrix" in unknown.en


def test_a_decision_that_nobody_may_make_is_found(tmp_path: Path) -> None:
    text = ours("delegation").replace('  "organisation.founded",\n', "")
    laid(tmp_path, "delegation", text)
    (found,) = check(tmp_path, today=TODAY)
    assert found.check == "every-decision-has-someone"
    assert points_at("[version.value]", text, found)


def test_a_level_without_criteria_is_found(tmp_path: Path) -> None:
    """Nobody could say why that level was chosen."""
    text = ours("scales.urgency")
    last = text.index("[[version.value.criteria]]", text.index('code    = "normal"'))
    text = text[:last] + "criteria = []\n"
    laid(tmp_path, "scales.urgency", text)
    (found,) = check(tmp_path, today=TODAY)
    assert found.check == "level-has-criteria"
    assert points_at("criteria = []", text, found)


def test_an_overlay_is_read_with_ours_behind_it(tmp_path: Path) -> None:
    """A suggestion may name a question that only the organisation asks."""
    asked = ours("report.questions").replace('code = "hours"', 'code = "minutes"')
    laid(tmp_path, "report.questions", asked)
    assert check(tmp_path, today=TODAY) == []
    rule = ours("report.suggestion").replace('["hours"]', '["minutes"]')
    laid(tmp_path, "report.suggestion", rule)
    assert check(tmp_path, today=TODAY) == []
    file_of("report.questions", tmp_path).unlink()
    assert [f.check for f in check(tmp_path, today=TODAY)] == ["suggestions-ask-what-is-asked"]


def test_an_organisation_may_add_examples_to_a_locked_category(tmp_path: Path) -> None:
    added = '{ code = "zip_bomb", sv = "Zipbomb", en = "Zip bomb" },\n  { code = "virus"'
    laid(tmp_path, "categories", ours("categories").replace('{ code = "virus"', added))
    assert check(tmp_path, today=TODAY) == []


def test_every_finding_says_what_to_do_in_both_languages(tmp_path: Path) -> None:
    for broken in CASES:
        laid(tmp_path, broken.id, ours(broken.id).replace(broken.old, broken.new, 1))
    for finding in check(tmp_path, today=TODAY):
        assert finding.sv != finding.en
        assert finding.sv.endswith(".") or finding.sv.endswith("?")
        assert finding.sentence == finding.sv


def test_a_warning_does_not_keep_a_file_from_use(tmp_path: Path) -> None:
    laid(tmp_path, "priority.matrix", ours("priority.matrix").replace("2026-11-22", "2020-01-01"))
    found = check(tmp_path, today=TODAY)
    assert [finding.severity for finding in found] == ["warning"]
    assert faults(found) == []


@pytest.mark.parametrize(
    "content",
    [b"\xff\xfe", b"a = 1\n\xe5 = 2\n", b"[" * 100_000, b"\0", b"x", "\ufeffa = 1".encode()],
)
def test_a_file_that_cannot_be_read_is_a_finding(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "terms.toml").write_bytes(content)
    (found,) = check(tmp_path, today=TODAY)
    assert found.check == "readable"
    assert found.line == 1 + content[: content.find(b"\xe5")].count(b"\n")


def test_a_file_that_looks_like_a_rule_and_is_not_read_is_told_of(tmp_path: Path) -> None:
    for name in ("own-board.yaml", "own-board.TOML", "notes.md"):
        (tmp_path / name).write_text("id: own-board", encoding="utf-8")
    found = check(tmp_path, today=TODAY)
    assert [each.file.name for each in found] == ["own-board.TOML", "own-board.yaml"]
    assert {each.severity for each in found} == {"warning"}


# --- any matrix


@st.composite
def matrices(draw: st.DrawFn) -> list[list[int]]:
    """Symmetric, with 1-5, never lower to the right or below."""
    cells = [[0] * 4 for _ in range(4)]
    for y in range(4):
        for x in range(y, 4):
            least = max(cells[y - 1][x] if y else 1, cells[y][x - 1] if x > y else 1)
            cells[y][x] = cells[x][y] = draw(st.integers(least, 5))
    return cells


def found_in(matrix: list[list[int]]) -> set[str]:
    return {
        look.name
        for look in scales.CHECKS
        if look.name.startswith("matrix")
        for _ in look.findings(page_of(matrix), Book(TODAY, {}))
    }


def page_of(matrix: list[list[int]]) -> Page:
    return Page(Path("m.toml"), "priority.matrix", {"version": [{"value": matrix}]}, {(): 1})


@given(matrices())
def test_any_symmetric_monotone_matrix_passes(matrix: list[list[int]]) -> None:
    assert found_in(matrix) == set()


@given(matrices(), st.integers(0, 3), st.integers(0, 3), st.integers(-1, 7))
def test_a_matrix_broken_in_one_cell_off_its_diagonal_is_found(
    matrix: list[list[int]], y: int, x: int, cell: int
) -> None:
    assume(x != y and matrix[y][x] != cell)
    matrix[y][x] = cell
    assert "matrix-is-symmetric" in found_in(matrix)


@given(matrices(), st.integers(0, 3), st.integers(0, 3), st.integers(1, 4))
def test_a_matrix_that_falls_is_found(matrix: list[list[int]], y: int, x: int, drop: int) -> None:
    assume(y + x > 0)
    worse = [matrix[y - 1][x]] * (y > 0) + [matrix[y][x - 1]] * (x > 0)
    matrix[y][x] = matrix[x][y] = max(worse) - drop
    assert found_in(matrix) & {"matrix-is-monotone", "matrix-holds-priorities"}


@given(st.lists(st.lists(st.integers(-2, 9), max_size=5), max_size=5))
def test_what_passes_is_symmetric_monotone_and_within_one_to_five(matrix: list[list[int]]) -> None:
    passes = (
        [len(row) for row in matrix] == [4] * 4
        and all(1 <= cell <= 5 for row in matrix for cell in row)
        and matrix == [list(column) for column in zip(*matrix, strict=True)]
        and all(row == sorted(row) for row in matrix)
    )
    assert (found_in(matrix) == set()) == passes


# --- any damage

TEXTS = {id_of(path, DATA): path.read_text(encoding="utf-8") for path in files_of(DATA)}
JUNK = st.sampled_from(["", "1", "[]", '""', "{}", "true", "2020-01-01", "[[]]", "x = 1", "\0"])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(TEXTS)), st.data())
def test_no_damage_to_a_file_stops_the_check(id: str, data: st.DataObject) -> None:
    """A line lost, doubled or with another value: findings perhaps, an exception never."""
    lines = TEXTS[id].splitlines()
    at = data.draw(st.integers(0, len(lines) - 1))
    key, equals, _ = lines[at].partition("=")
    lines[at : at + 1] = data.draw(
        st.sampled_from([[], [lines[at]] * 2])
        | JUNK.map(lambda junk: [f"{key}={junk}"] if equals else [junk])
    )
    with TemporaryDirectory() as folder:
        laid(Path(folder), id, "\n".join(lines))
        for finding in check(Path(folder), today=TODAY):
            assert 1 <= finding.line <= max(len(lines), 1)
