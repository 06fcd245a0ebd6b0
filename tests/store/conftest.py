"""What is stored is stored on both databases."""

from __future__ import annotations

import pytest

from tests.databases import BOTH


@pytest.fixture(params=BOTH)
def kept_in(request: pytest.FixtureRequest) -> str:
    return request.param
