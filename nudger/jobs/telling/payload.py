"""What a webhook is sent, as a type; its JSON schema is docs/webhooks.schema.json."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from nudger.domain.notices import NoticeKind
from nudger.jobs.telling.call import Call
from nudger.store.notices import Notice


class Data(BaseModel):
    """What happened to whom: the call as it is known when it is told, not as it was."""

    call: Call


class Payload(BaseModel):
    """One message. Fields may be added within a version; none changes its meaning."""

    model_config = ConfigDict(title="What Nudger tells a webhook")

    type: NoticeKind = Field(description="what happened")
    version: Literal[1] = 1
    timestamp: datetime = Field(description="when it happened, UTC")
    data: Data


def payload_of(notice: Notice, call: Call) -> str:
    """The body of the message, as JSON."""
    told = Payload(type=notice.kind, timestamp=notice.at, data=Data(call=call))
    return told.model_dump_json()


def trial_payload(now: datetime) -> str:
    """A body that says of nobody anything."""
    return TrialPayload(timestamp=now).model_dump_json()


class TrialPayload(BaseModel):
    """What only tries a webhook."""

    type: Literal["nudger.test"] = "nudger.test"
    version: Literal[1] = 1
    timestamp: datetime
    data: dict[str, Any] = {}


def payload_schema() -> dict[str, Any]:
    return Payload.model_json_schema(mode="serialization")
