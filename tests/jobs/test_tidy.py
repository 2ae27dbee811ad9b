"""Housekeeping takes what nobody needs, and nothing else."""

import os
import time
from pathlib import Path

import pytest
from django.conf import LazySettings
from tests.conftest import LONG_AGO, NOW

from vardkase.jobs.tidy import tidy
from vardkase.lib.models import Rate, Session


@pytest.fixture
def incoming(tmp_path: Path, settings: LazySettings) -> Path:
    settings.FILES = tmp_path
    (tmp_path / "incoming").mkdir()
    return tmp_path / "incoming"


def test_expired_things_go(db: None, incoming: Path) -> None:
    Session.objects.create(session_key="a", session_data="", expire_date=LONG_AGO)
    Rate.objects.create(key="x", window=1, count=5)
    old, new = incoming / "old", incoming / "new"
    for path in (old, new):
        path.touch()
    os.utime(old, (time.time() - 100_000,) * 2)
    tidy(NOW)
    assert not Session.objects.exists()
    assert not Rate.objects.exists()
    assert [old.exists(), new.exists()] == [False, True]
