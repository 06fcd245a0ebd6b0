"""Whether providers can tell of changes, and do: for `nudger doctor`."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from nudger.admin.doctor_checks import Check
from nudger.config import Settings
from nudger.domain.networks import Reach, reach_of
from nudger.jobs.subscribe import gmail_audience
from nudger.providers.base import Unavailable
from nudger.providers.signing_keys import SigningKeys
from nudger.runtime.context import Context, current_time
from nudger.store import push
from nudger.store.push import PushCounts

ADDRESS, GMAIL = "push address", "push for Gmail"
BOTH = (
    "gmail_topic and gmail_account are needed, both: nudger push google prints what makes them "
    "(docs/operations.md#push-for-gmail)"
)
NOTHING_YET = "nothing is told of yet: nudger run opens the channels"


def check_push(ctx: Context) -> Iterator[Check]:
    """Nothing where no push is set up."""
    settings = ctx.settings
    if not settings.push_is_on:
        return
    yield _address(settings.web.public_url or "")
    yield from _channels(ctx)
    yield from _gmail(settings)


def _address(url: str) -> Check:
    if _is_within(urlsplit(url).hostname or ""):
        says = f"no provider can reach {url}: public_url under [web] has to lead here from outside"
        return Check(ADDRESS, ok=True, says=says, warns=True)
    return Check(ADDRESS, ok=True, says=f"providers tell {url}/push/…")


def _is_within(host: str) -> bool:
    """Whether the address itself shows that nobody outside can use it; of a name it does not."""
    if host == "localhost" or ("." not in host and ":" not in host):
        return True
    try:
        return reach_of(host) is not Reach.PUBLIC
    except ValueError:
        return False


def _channels(ctx: Context) -> Iterator[Check]:
    with ctx.database.read() as tx:
        found = push.count(tx, ctx.clock())
    told = {what: one for what, one in found.items() if one.watched}
    if not told:
        yield Check("push", ok=True, says=NOTHING_YET, warns=True)
    for what, one in told.items():
        yield _told_of(what, one)


def _told_of(what: str, one: PushCounts) -> Check:
    """A channel that lapsed is no fault by itself: what it tells of is read as without push."""
    line, says = f"push of {what}", f"{one.open} of {one.watched} are told of"
    if one.failing:
        why = f"{one.failing} cannot be opened, nudger status says why (docs/operations.md#push)"
        return Check(line, ok=False, says=f"{says}; {why}", may_pass=True)
    if one.open < one.watched:
        why = "the channels of the others lapsed or are not open yet: nudger run opens them"
        return Check(line, ok=True, says=f"{says}; {why}", warns=True)
    if one.silent:
        why = f"of {one.silent} something was found that nobody told: can providers reach us?"
        return Check(line, ok=True, says=f"{says}; {why}", warns=True)
    return Check(line, ok=True, says=says)


def _gmail(settings: Settings) -> Iterator[Check]:
    """Nothing where no topic is set up."""
    chosen = settings.push
    if chosen.gmail_topic is None and chosen.gmail_account is None:
        return
    if not chosen.has_gmail:
        yield Check(GMAIL, ok=False, says=BOTH)
        return
    try:
        SigningKeys(settings.google_addon.certificates, current_time).find("")
    except Unavailable as error:
        says = f"whoever calls cannot be verified: {error}"
        yield Check(GMAIL, ok=False, says=says, may_pass=True)
        return
    by = f"{chosen.gmail_account} calls for {gmail_audience(settings)}"
    yield Check(GMAIL, ok=True, says=f"{chosen.gmail_topic}; {by}")
