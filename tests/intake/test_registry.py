"""Adding a source touches one folder: the registry finds it by itself."""

import pytest

from vardkase.intake import registry


def test_an_unknown_source_is_told_with_the_names_that_are_known() -> None:
    with pytest.raises(registry.UnknownSource) as told:
        registry.source("telepathy")
    assert told.value.names == registry.names()


@pytest.mark.parametrize("name", [n for n in registry.names() if not n.endswith(":")])
def test_each_source_is_called_what_its_folder_says(name: str) -> None:
    found = registry.source(name)
    assert found.name == name
    assert found.fingerprint
