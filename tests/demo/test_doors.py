"""Where a visitor of the demonstration comes in."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from nudger.admin.console_access import Began, enter_code
from nudger.demo.stage import stage
from tests.waiting import PATIENCE


@pytest.fixture(scope="module")
def on_stage():
    with stage() as on_stage:
        yield on_stage


def use_up(on_stage):
    with on_stage.ctx.database.begin() as tx:
        assert isinstance(enter_code(on_stage.ctx, tx, on_stage.doors.code), Began)


def grow_old(on_stage):
    on_stage.server.world.run_from(on_stage.ctx.clock() + timedelta(minutes=11))


@pytest.mark.parametrize("spend", [use_up, grow_old])
def test_a_code_that_counts_no_more_is_said_to_be_spent(on_stage, spend):
    with httpx.Client(
        base_url=on_stage.server.url, follow_redirects=True, timeout=PATIENCE
    ) as visitor:
        assert f"opens with the code <code>{on_stage.doors.code}" in visitor.get("/").text
        spend(on_stage)
        spent = on_stage.doors.code
        page = visitor.get("/").text
        assert f"The code <s>{spent}</s> was used, or its ten minutes are over" in page
        fresh = visitor.post("/console-code").text
        assert f"opens with the code <code>{on_stage.doors.code}" in fresh
        assert on_stage.doors.code != spent
