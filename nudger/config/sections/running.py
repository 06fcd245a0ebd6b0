"""What the worker does and when, who watches over it, and how it logs."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from nudger.config.sections.section import Section
from nudger.config.values import BrokerAddress, ExactAddress, MailAddress, Weekday


class ScanSettings(Section):
    every_seconds: int = Field(
        default=120,
        ge=5,
        le=86_400,
        description="how often a calendar is read",
    )
    horizon_days: int = Field(
        default=14,
        ge=1,
        le=90,
        description="how far ahead meetings are planned",
    )
    calendars_at_once: int | None = Field(
        default=None,
        ge=1,
        le=256,
        description="fewer calendars at a time than `at_once`",
    )


class WeeklySettings(Section):
    enabled: bool = Field(
        default=True,
        description="each rep's own numbers once a week, and a manager's of the reps who were told",
    )
    day: Weekday = Field(default="mon", description="when; the next working day where it is none")


class AdminSettings(Section):
    mail: MailAddress | None = Field(
        default=None,
        description=(
            "who gets the [weekly mail about new "
            "domains](how-it-works.md#weekly-mail-to-the-admin), and whom the "
            "[announcement](how-it-works.md#announcement) tells reps to ask; without it there is "
            "neither"
        ),
    )


class WatchSettings(Section):
    ping_url: ExactAddress | None = Field(
        default=None,
        repr=False,
        description=(
            "an address that the worker asks for, without any data, as long as all is well "
            "([how](operations.md#watching-over-it))"
        ),
    )
    ping_every_minutes: int = Field(
        default=5,
        ge=1,
        le=24 * 60,
        description="how often it looks how things stand, logs it and pings",
    )


class CelerySettings(Section):
    broker: BrokerAddress | None = Field(
        default=None,
        repr=False,
        description=(
            "RabbitMQ's address with its user and password, best as `NUDGER_CELERY__BROKER` in the "
            "environment"
        ),
    )


class LogSettings(Section):
    format: Literal["text", "json"] = Field(
        default="text",
        description=(
            'one line an event, for people; or, `"json"`, [one object a '
            "line](operations.md#logs). `--log-format` goes before it"
        ),
    )
