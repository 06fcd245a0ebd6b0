"""Requests by the hundred that our own description allows and forbids, to the running API: no
answer is one that it does not describe, and none is a fault of ours.

`NUDGER_TEST_API_EXAMPLES=2000` asks for as many of each operation.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime

import hypothesis
import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import positive_data_acceptance

from nudger.admin.api_tokens import add_token
from nudger.domain.api_scopes import Scope
from tests.office import run_once
from tests.web.conftest import served

NOT_HELD = [positive_data_acceptance]
"""A cursor is a text that no schema describes: not every text is one."""
EXAMPLES = int(os.environ.get("NUDGER_TEST_API_EXAMPLES", "30"))


@pytest.fixture
def running(office, monkeypatch):
    """Of each request a second is made without a token: as many wrong ones are let try here."""
    monkeypatch.setattr("nudger.web.api.guard.MOST_WRONG", 10**9)
    with served(office, "api = true\napi_per_minute = 1000000\n") as pages:
        office.meet()
        start = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
        office.meet("call2", title="Another ö", start=start)
        run_once(office.ctx)
        yield pages


@pytest.mark.timeout(1800)
def test_every_operation_keeps_to_its_description(running):
    token = add_token(running.office.ctx, "all", list(Scope), None)
    headers = {"Authorization": f"Bearer {token}"}
    described = running.client.get("/api/v1/openapi.json", timeout=60).json()
    schema = schemathesis.openapi.from_dict(described, config=SchemathesisConfig())
    schema.config.update(base_url=f"{running.url}/api/v1")
    asked = []

    for result in schema.get_all_operations():
        operation = result.ok()
        for mode in schemathesis.GenerationMode:

            @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
            @hypothesis.settings(
                max_examples=EXAMPLES,
                deadline=None,
                database=None,
                derandomize=True,
                phases=[hypothesis.Phase.generate],
                suppress_health_check=list(hypothesis.HealthCheck),
            )
            def holds(case):
                response = case.call_and_validate(headers=headers, excluded_checks=NOT_HELD)
                asked.append(response.status_code)

            try:
                holds()
            except hypothesis.errors.Unsatisfiable:
                continue
    assert max(asked) < 500
    assert {200, 404, 422} <= set(asked)
    assert len(asked) >= EXAMPLES * 3
    print(f"{len(asked)} requests, by status {sorted(set(asked))}")  # noqa: T201
