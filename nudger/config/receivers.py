"""The sections of those who are told what happens to calls."""

from __future__ import annotations

import base64
import binascii
from datetime import time
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, ValidationInfo, WithJsonSchema, field_validator

from nudger.config.sections.section import Section
from nudger.config.values import WebAddress, Zone
from nudger.domain.networks import may_connect
from nudger.domain.notices import NoticeKind

CRMS = ("hubspot", "salesforce")
"""Names of receivers that no webhook can have."""
SHORTEST_SECRET, LONGEST_SECRET = 24, 64
"""Bytes (Standard Webhooks, "Signature scheme")."""


def _free_name(name: str) -> str:
    if name in CRMS:
        raise ValueError("that name is a CRM's: give the webhook another")
    return name


def _secret(value: str) -> str:
    try:
        size = len(base64.b64decode(value.removeprefix("whsec_"), validate=True))
    except binascii.Error:
        size = 0
    if not value.startswith("whsec_") or not SHORTEST_SECRET <= size <= LONGEST_SECRET:
        raise ValueError(
            'a secret as in "whsec_…" of 24 to 64 bytes in base64 is expected; without one, '
            "Nudger makes it: `nudger webhooks secret NAME`"
        )
    return value


FieldName = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,99}$")]


class CrmFields(Section):
    commitment_objective: FieldName | None = Field(
        default=None, description="the CRM's field for what the customer is to agree to"
    )
    next_milestone: FieldName | None = Field(default=None, description="for the milestone")
    fallback: FieldName | None = Field(default=None, description="for what is good as well")
    outcome: FieldName | None = Field(
        default=None, description="for what came of it: `yes`, `partly` or `no`"
    )
    outcome_words: FieldName | None = Field(
        default=None, description="for what the rep wrote beside that"
    )

    @property
    def mapped(self) -> dict[str, str]:
        """The CRM's fields by ours, those that are mapped."""
        return {ours: theirs for ours, theirs in self if theirs is not None}


class HubspotSettings(Section):
    token: str | None = Field(
        default=None,
        min_length=1,
        repr=False,
        description=(
            "the service key or access token; with it, HubSpot is told ([CRM](crm.md#hubspot))"
        ),
    )
    writes_to: Literal["meeting", "deal"] = Field(
        default="meeting", description="the call's meeting, or the one open deal of its people"
    )
    root: WebAddress = Field(
        default="https://api.hubapi.com", description="the server that speaks HubSpot's API"
    )
    fields: CrmFields = Field(
        default=CrmFields(), description="What is written where, by the CRM's own field names."
    )

    @property
    def is_told(self) -> bool:
        return self.token is not None


class SalesforceSettings(Section):
    root: WebAddress | None = Field(
        default=None,
        description=(
            'your My Domain address, as in `"https://yourco.my.salesforce.com"`; with it, '
            "Salesforce is told ([CRM](crm.md#salesforce))"
        ),
    )
    client_id: str | None = Field(
        default=None, min_length=1, description="the External Client App's consumer key"
    )
    client_secret: str | None = Field(
        default=None, min_length=1, repr=False, description="its consumer secret"
    )
    writes_to: Literal["event", "opportunity"] = Field(
        default="event", description="the call's event, or the one open opportunity of its people"
    )
    fields: CrmFields = Field(
        default=CrmFields(), description="What is written where, by the CRM's own field names."
    )

    @property
    def is_told(self) -> bool:
        return self.root is not None

    @field_validator("root")
    @classmethod
    def _is_my_domain(cls, root: str | None) -> str | None:
        """Source: https://help.salesforce.com, "OAuth 2.0 Client Credentials Flow"."""
        if urlsplit(root or "").hostname in ("login.salesforce.com", "test.salesforce.com"):
            raise ValueError(
                "Salesforce signs in programs at your own My Domain alone, as in "
                "https://yourco.my.salesforce.com"
            )
        return root


class CrmSettings(Section):
    hubspot: HubspotSettings = Field(
        default=HubspotSettings(), description="HubSpot, told of answers and outcomes."
    )
    salesforce: SalesforceSettings = Field(
        default=SalesforceSettings(), description="Salesforce, told of answers and outcomes."
    )

    @field_validator("hubspot")
    @classmethod
    def _hubspot_is_whole(cls, given: HubspotSettings) -> HubspotSettings:
        if given.is_told and not given.fields.mapped:
            raise ValueError("[crm.hubspot.fields] maps no field: nothing would be written")
        return given

    @field_validator("salesforce")
    @classmethod
    def _salesforce_is_whole(cls, given: SalesforceSettings) -> SalesforceSettings:
        if given.is_told and not (given.client_id and given.client_secret):
            raise ValueError("client_id and client_secret are expected beside root")
        if given.is_told and not given.fields.mapped:
            raise ValueError("[crm.salesforce.fields] maps no field: nothing would be written")
        return given


class WebhookSettings(Section):
    name: Annotated[
        str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,38}$"), AfterValidator(_free_name)
    ] = Field(description="what commands and `nudger status` call it: `a-z`, digits, `-`")
    events: Annotated[tuple[NoticeKind, ...], Field(min_length=1)] = Field(
        default=tuple(NoticeKind), description="what it is told of"
    )
    allow_private: bool = Field(
        default=False,
        description=(
            "`true`: the address may lead into a private network or to this machine, without TLS "
            "too"
        ),
    )
    url: Annotated[str, WithJsonSchema({"type": "string", "format": "a web address"})] = Field(
        repr=False, description="where it is told"
    )
    secret: Annotated[str, AfterValidator(_secret)] | None = Field(
        default=None,
        repr=False,
        description="what signs; without it, one that Nudger makes and keeps sealed",
    )

    @field_validator("url")
    @classmethod
    def _is_reachable(cls, url: str, info: ValidationInfo) -> str:
        return reachable_address(url, allow_private=info.data.get("allow_private", False))


class TeamsChannelSettings(Section):
    name: Annotated[str, Field(min_length=1, max_length=60)] = Field(
        description="what reps are shown it as, when they choose that their calls stand there"
    )
    allow_private: bool = Field(
        default=False,
        description="`true`: the address may lead into a private network, without TLS too",
    )
    url: Annotated[str, WithJsonSchema({"type": "string", "format": "a web address"})] = Field(
        repr=False, description="the Workflows address, which is all the secret there is"
    )
    time_zone: Zone | None = Field(default=None, description="the channel's; else `time_zone`")
    at: time = Field(default=time(8, 0), description="when the day's plan comes, local")

    @field_validator("url")
    @classmethod
    def _is_reachable(cls, url: str, info: ValidationInfo) -> str:
        return reachable_address(url, allow_private=info.data.get("allow_private", False))


def reachable_address(url: str, *, allow_private: bool) -> str:
    """The address, if something may be sent there. Raises `ValueError`."""
    if not url.isascii() or not url.isprintable() or " " in url:
        raise ValueError("an address without spaces, in ASCII, is expected")
    parts = urlsplit(url)
    try:
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise ValueError("its port is none") from error
    if parts.scheme not in ("https", "http") or not host:
        raise ValueError('an address such as "https://example.com/hooks/nudger" is expected')
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise ValueError("an address without a user, a password or a # is expected")
    if parts.scheme == "http" and not allow_private:
        raise ValueError("https is expected; http is for private networks, with allow_private")
    try:
        may = may_connect(host, allow_private=allow_private, is_encrypted=parts.scheme == "https")
    except ValueError:
        return url
    if not may:
        raise ValueError("nothing may be sent to this address")
    return url
