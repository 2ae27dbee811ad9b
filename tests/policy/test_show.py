"""A parameter can be shown and taken along: scales are dated, versioned and exportable."""

import json
from datetime import date
from typing import Any

import pytest

from vardkase.policy.parameter import parameter, parameters
from vardkase.policy.show import plain, plain_on


@pytest.mark.parametrize("id", parameters())
@pytest.mark.says(
    "S2-003", "vilka skalor och kriterier som ska gälla vid klassificering och prioritering"
)
def test_every_parameter_can_be_written_as_json(id: str) -> None:
    shown = plain(parameter(id))
    assert json.loads(json.dumps(shown)) == shown
    assert shown["versions"][0]["value"] == _as_json(parameter(id).versions[0].value)
    assert all(shown["versions"][0].values())


def _as_json(value: Any) -> Any:
    return json.loads(json.dumps(value, default=lambda day: day.isoformat()))


def test_a_day_shows_the_row_in_force_and_its_ground() -> None:
    shown = plain_on(parameter("priority.matrix"), date(2026, 11, 22))
    assert shown["version"]["since"] == "2017-03-03"
    assert shown["version"]["source"] == "Region Skåne, dnr 1700202, s. 17"
    assert shown["version"]["status"] == "verified"


def test_a_day_before_the_rule_shows_none() -> None:
    assert plain_on(parameter("priority.matrix"), date(2017, 3, 2))["version"] is None
