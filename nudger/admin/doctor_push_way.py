"""Whether what providers tell can come here, as far as it can be seen from this machine.

Gmail is asked to tell its topic as `nudger run` asks it, again and again: it answers with a test
message into the topic, or says why it cannot. Our own addresses are asked from here as a provider
would that knows no secret. That a provider's own way here is open, only what it tells can show.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus

import httpx

from nudger.admin.doctor_checks import Check
from nudger.config import Settings
from nudger.domain.event import Provider
from nudger.jobs.subscribe import gmail_push_address, push_address
from nudger.providers.base import (
    ChannelWish,
    ProviderError,
    ReconnectNeeded,
    SignInFailed,
    Unavailable,
)
from nudger.runtime.context import Context
from nudger.store import people

TOPIC = "Gmail's topic"
PATIENCE_SECONDS = 5.0
REQUEST_ID = "x-request-id"
_OUR_ID = re.compile(r"[0-9a-f]{16}")
_TO_MEND = "nudger push google prints what makes the topic and lets Gmail publish there"


def check_push_way(ctx: Context) -> Iterator[Check]:
    """Nothing where no push is set up."""
    if not ctx.settings.push_is_on:
        return
    with ctx.database.read() as tx:
        reps = people.list_reps(tx)
    yield from _topic(ctx, {ctx.accounts.mailbox_for(rep) for rep in reps})
    for address, refused_by in _asked(ctx.settings, {rep.provider for rep in reps}).items():
        yield _reached(address, refused_by)


def _topic(ctx: Context, mailboxes: set[str]) -> Iterator[Check]:
    """One mailbox at Gmail tells for all: they share the topic."""
    at_gmail = sorted(one for one in mailboxes if _is_gmail(ctx, one))
    if not at_gmail or not ctx.settings.push.has_gmail:
        return
    channels = ctx.accounts.mailbox_channels(at_gmail[0])
    try:
        channels.open(ChannelWish("", "", "", ctx.clock() + channels.longest))
    except Unavailable as error:
        yield Check(TOPIC, ok=False, says=str(error), may_pass=True)
    except (SignInFailed, ReconnectNeeded) as error:
        yield Check(TOPIC, ok=False, says=str(error))
    except ProviderError as error:
        yield Check(TOPIC, ok=False, says=f"{error}: {_TO_MEND}")
    else:
        yield Check(TOPIC, ok=True, says=f"Gmail publishes to {ctx.settings.push.gmail_topic}")


def _is_gmail(ctx: Context, mailbox: str) -> bool:
    return ctx.accounts.provider_of(mailbox) is Provider.GOOGLE


def _asked(settings: Settings, providers: set[Provider]) -> Mapping[str, HTTPStatus]:
    """Each address that a provider calls, with the status by which we refuse a stranger there."""
    url = settings.web.public_url or ""
    refuses = {Provider.GOOGLE: HTTPStatus.NOT_FOUND, Provider.MICROSOFT: HTTPStatus.BAD_REQUEST}
    asked = {push_address(url, one): refuses[one] for one in sorted(providers)}
    if settings.push.has_gmail and Provider.GOOGLE in providers:
        asked[gmail_push_address(settings)] = HTTPStatus.UNAUTHORIZED
    return asked


def _reached(address: str, refused_by: HTTPStatus) -> Check:
    """A warning at most: what is closed from within may be open from outside."""
    line = f"way to /push/{address.rpartition('/')[2]}"
    try:
        answer = httpx.post(address, json={}, timeout=PATIENCE_SECONDS)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return Check(line, ok=True, says=_unanswered(address, error), warns=True)
    is_ours = _OUR_ID.fullmatch(answer.headers.get(REQUEST_ID, "")) is not None
    if answer.status_code == refused_by and is_ours:
        return Check(line, ok=True, says="Nudger answers there, asked from this machine")
    says = (
        f"{address} answers {answer.status_code} and is not Nudger: does nudger run serve there, "
    )
    says += "and does the proxy pass POST on as it is?"
    return Check(line, ok=True, says=says, warns=True)


def _unanswered(address: str, error: Exception) -> str:
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return f"the certificate of {address} is not one that everybody trusts: providers refuse it"
    return (
        f"{address} does not answer this machine ({type(error).__name__}): does nudger run serve, "
        "and does its name lead here? From outside it may be another matter"
    )
