"""What a webhook is sent, as it stands in the message."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from nudger.domain.notices import NoticeKind
from nudger.jobs.telling.call import read_calls
from nudger.jobs.telling.payload import payload_of, trial_payload
from nudger.store.notices import Notice
from tests.office import NOW, run_once


def test_what_only_tries_a_webhook_says_of_nobody_anything():
    assert json.loads(trial_payload(NOW)) == {
        "type": "nudger.test", "version": 1, "timestamp": "2026-11-23T08:05:00Z", "data": {},
    }  # fmt: skip


def test_a_message_says_what_happened_when_and_to_which_call(office):
    office.meet()
    run_once(office.ctx)
    with office.ctx.database.read() as tx:
        (call,) = read_calls(office.ctx, tx, [1])
    at = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    notice = Notice("msg_1", "outcome:1", NoticeKind.OUTCOME_RECORDED, 1, at)
    told = json.loads(payload_of(notice, call))
    assert told["data"].pop("call") == call.as_json()
    assert told == {
        "type": "outcome.recorded", "version": 1, "timestamp": "2026-11-23T09:00:00Z", "data": {},
    }  # fmt: skip
