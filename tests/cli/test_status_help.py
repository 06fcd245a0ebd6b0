"""What the help of `nudger status` says of its exit codes."""

from __future__ import annotations

import inspect

import pytest

from nudger.cli.status import status
from nudger.domain.health import Concern


@pytest.mark.parametrize("concern", list(Concern), ids=lambda concern: concern.code)
def test_every_exit_code_is_told(concern):
    lines = [line.strip() for line in inspect.getdoc(status).splitlines()]
    assert [line for line in lines if line.startswith(f"{concern.exit_code} ")]
