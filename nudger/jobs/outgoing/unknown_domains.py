"""The outside domains that nobody has listed, and how many meetings they have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from nudger.domain.domains import DomainRules, PartyKind
from nudger.domain.impact import kind_of
from nudger.domain.watching import HELD_BACK
from nudger.runtime.context import Context
from nudger.runtime.policies import load_domain_rules
from nudger.store import outside
from nudger.store.outside import SeenMeeting

MOST_TITLES = 3
PUT_OFF_FOR = timedelta(days=30)


@dataclass
class UnknownDomain:
    """A domain, or an address at a freemail service, that nobody listed.

    `meetings` are those that are kept, `coming` those ahead; `is_asked` says that any of them is or
    was asked about; if none, `reason` tells why not. `titles` are of meetings that are asked about
    alone, the latest first.
    """

    domain: str
    meetings: int = 0
    coming: int = 0
    is_asked: bool = False
    reason: str | None = None
    titles: list[str] = field(default_factory=list, repr=False)
    is_told: bool = False
    put_off_until: datetime | None = None

    @property
    def is_held_back(self) -> bool:
        """Whether the start list keeps it from being asked about."""
        return self.reason in HELD_BACK


def unknown_domains(ctx: Context) -> list[UnknownDomain]:
    """Every one, by how many meetings they have; those that the start list holds back come last."""
    now = ctx.clock()
    with ctx.database.read() as tx:
        rules = _rules(ctx)
        seen = outside.seen_meetings(tx)
        reviews = outside.reviews(tx)
    found: dict[str, UnknownDomain] = {}
    shown: dict[str, list[SeenMeeting]] = {}
    for one in sorted(seen, key=lambda one: one.start, reverse=True):
        for domain in one.customers:
            if not all(kind_of(domain, known) is PartyKind.OUTSIDE for known in rules):
                continue
            _count(found.setdefault(domain, UnknownDomain(domain)), one, now)
            if one.id is not None and len(shown.setdefault(domain, [])) < MOST_TITLES:
                shown[domain].append(one)
    for domain, review in reviews.items():
        if domain in found:
            found[domain].is_told = review.told_at is not None
            found[domain].put_off_until = review.put_off_until
    _add_titles(ctx, found, shown)
    return sorted(found.values(), key=lambda one: (one.is_held_back, -one.meetings, one.domain))


def waiting_for_review(ctx: Context) -> list[UnknownDomain]:
    """Those that were not put off."""
    now = ctx.clock()
    return [
        one for one in unknown_domains(ctx) if one.put_off_until is None or one.put_off_until <= now
    ]


def _rules(ctx: Context) -> Sequence[DomainRules]:
    """What the domains are for everybody and as each team sees them: whom a team lists is known."""
    teams = (None, *(team.name for team in ctx.settings.teams))
    with ctx.database.read() as tx:
        return [load_domain_rules(tx, ctx.settings, team) for team in teams]


def _count(one: UnknownDomain, meeting: SeenMeeting, now: datetime) -> None:
    one.meetings += 1
    one.coming += meeting.start > now
    if meeting.id is not None:
        one.is_asked, one.reason = True, None
    elif not one.is_asked:
        one.reason = meeting.reason


def _add_titles(
    ctx: Context, found: dict[str, UnknownDomain], shown: dict[str, list[SeenMeeting]]
) -> None:
    ids = {one.id for some in shown.values() for one in some if one.id is not None}
    with ctx.database.read() as tx:
        meetings = ctx.meetings.find_ids(tx, ids)
    for domain, some in shown.items():
        titles = [meetings[one.id].known_title for one in some if one.id in meetings]
        found[domain].titles = list(dict.fromkeys(title for title in titles if title))
