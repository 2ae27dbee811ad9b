"""Dated values: what was in force on a day, and the organisation's rows over ours."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from vardkase.policy.parameter import (
    DATA,
    NotInForce,
    UnknownParameter,
    file_of,
    files_of,
    id_of,
    merged,
    overlay,
    overlay_folder,
    parameter,
    parameters,
    parse,
)

FILES = files_of(DATA)
TODAY = date(2026, 11, 22)
REPEALED = {"regimes.se-nis1"}


def text_of(id: str = "x", *rows: tuple[str, str]) -> str:
    head = f'id="{id}"\nunit="h"\nsv="x"\nen="x"\n'
    return head + "".join(
        f'[[version]]\nsince={since}\n{value}\nsource="s"\nchecked=2026-01-01\nstatus="verified"\n'
        for since, value in rows
    )


@pytest.fixture
def ours_alone() -> Iterator[None]:
    yield
    overlay(None)


@pytest.mark.parametrize("path", FILES, ids=lambda path: id_of(path, DATA))
def test_a_policy_file_loads_under_its_own_name_and_is_in_force(path: Path) -> None:
    id = id_of(path, DATA)
    assert parameter(id).id == id
    assert id in REPEALED or parameter(id).on(TODAY).value is not None


@pytest.mark.parametrize("key", ["source", "checked", "status", "since", "unit", "sv", "en"])
def test_a_value_without_its_ground_does_not_load(key: str) -> None:
    kept = [
        line
        for line in text_of("x", ("2020-01-01", "value=1")).splitlines()
        if not line.startswith(key)
    ]
    with pytest.raises(KeyError, match=key):
        parse("\n".join(kept))


def test_a_status_is_one_of_two_words() -> None:
    with pytest.raises(ValueError, match="status is one of verified, unverified"):
        parse(text_of("x", ("2020-01-01", "value=1")).replace('"verified"', '"sure"'))


def test_versions_come_in_date_order() -> None:
    with pytest.raises(ValueError, match="date order"):
        parse(text_of("x", ("2024-01-01", "value=1"), ("2020-01-01", "value=2")))
    with pytest.raises(ValueError, match="one a day"):
        parse(text_of("x", ("2024-01-01", "value=1"), ("2024-01-01", "value=2")))


def test_a_file_says_its_own_name() -> None:
    with pytest.raises(ValueError, match="y lies in a file that says x"):
        parse(text_of("x", ("2024-01-01", "value=1")), name="y")


def test_a_value_holds_from_its_first_day() -> None:
    found = parse(text_of("x", ("2018-05-25", "value=72")))
    assert found.on(date(2018, 5, 25)).value == 72
    with pytest.raises(NotInForce, match="no value on 2018-05-24"):
        found.on(date(2018, 5, 24))


def test_a_law_changes_at_midnight_in_sweden() -> None:
    limit = parse(text_of("x", ("2018-05-25", "value=72")))
    assert limit.at(datetime(2018, 5, 24, 22, 0, tzinfo=UTC)).value == 72
    with pytest.raises(NotInForce):
        limit.at(datetime(2018, 5, 24, 21, 59, tzinfo=UTC))


def test_a_repealed_value_is_not_in_force() -> None:
    repealed = parse(text_of("x", ("2020-01-01", "value=1"), ("2024-01-01", "")))
    assert repealed.on(date(2023, 12, 31)).value == 1
    with pytest.raises(NotInForce):
        repealed.on(date(2024, 1, 1))


@pytest.mark.parametrize("id", ["no.such", "", "..", "../x", "a/b", "A", "a..b", "a\0b", "å"])
def test_an_id_names_a_file_and_nothing_else(id: str) -> None:
    with pytest.raises(UnknownParameter):
        parameter(id)


def test_an_id_is_the_path_of_its_file() -> None:
    path = DATA / "scales" / "impact.toml"
    assert id_of(path, DATA) == "scales.impact"
    assert file_of("scales.impact", DATA) == path
    assert "scales.impact" in parameters()


@pytest.mark.usefixtures("ours_alone")
def test_an_organisation_rules_from_its_first_day_and_ours_before_it(tmp_path: Path) -> None:
    """Or an assessment made before the organisation's own scales could not be computed again."""
    file = tmp_path / "priority" / "care_harm_raise.toml"
    file.parent.mkdir()
    file.write_text(text_of("priority.care_harm_raise", ("2026-07-01", "value=2")))
    overlay(tmp_path)
    found = parameter("priority.care_harm_raise")
    assert found.on(date(2026, 6, 30)).value == 1
    assert found.on(date(2026, 7, 1)).value == 2
    assert parameter("priority.matrix").on(TODAY).value[0] == [1, 2, 3, 3]
    overlay(None)
    assert parameter("priority.care_harm_raise").on(TODAY).value == 1


@pytest.mark.usefixtures("ours_alone")
def test_the_folder_may_be_named_in_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "house.toml").write_text(text_of("house", ("2020-01-01", "value=1")))
    monkeypatch.setenv("VARDKASE_POLICY", str(tmp_path))
    overlay(None)
    assert overlay_folder() == tmp_path
    assert parameter("house").on(TODAY).value == 1


def test_what_an_organisation_says_first_leaves_nothing_of_ours_after_it() -> None:
    ours = parse(text_of("x", ("2017-01-01", "value=1"), ("2020-01-01", "value=2")))
    theirs = parse(text_of("x", ("2018-01-01", "value=9")))
    assert [v.value for v in merged(ours, theirs).versions] == [1, 9]
