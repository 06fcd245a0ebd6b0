"""What a change of domains, or of what is watched, changes of coming meetings."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nudger.domain.domains import DomainKind, DomainRules
from nudger.domain.eligibility import Policy
from nudger.domain.event import Attendee
from nudger.domain.impact import Coming, Impact, domains_of, impact, outsiders
from nudger.domain.reasons import Reason
from nudger.domain.verdict import Decision, Verdict
from nudger.domain.watching import Watch
from tests.domain.test_eligibility import ANA, event

OURS = {"ourco.com": DomainKind.OURS}
LISTED = OURS | {"acme.com": DomainKind.CUSTOMER, "law.com": DomainKind.NEVER}


def policy(entries=OURS, watch=Watch.REVIEW):
    return Policy(DomainRules(entries), watch=watch)


def asked(*customers, title=""):
    return Coming(customers, asks=True, reason=Reason.OUTSIDE, title=title)


def passed_over(reason, *customers):
    return Coming(customers, asks=False, reason=reason)


NEVER = OURS | {"acme.com": DomainKind.NEVER}
CUSTOMER = OURS | {"acme.com": DomainKind.CUSTOMER}
PARTNER = OURS | {"acme.com": DomainKind.PARTNER}


@pytest.mark.parametrize("after", [NEVER, PARTNER])
def test_a_domain_that_is_listed_as_no_customer_stops_its_meetings(after):
    theirs, both, others = asked("acme.com"), asked("acme.com", "globex.com"), asked("globex.com")
    changed = impact([theirs, both, others], policy(), policy(after))
    assert changed == Impact(stops=(theirs,))


@pytest.mark.parametrize("watch", list(Watch))
def test_the_first_customer_stops_nobody_elses_meetings(watch):
    others = [asked("globex.com"), asked("pat@gmail.com"), asked("globex.com", "acme.com")]
    assert impact(others, policy(watch=watch), policy(CUSTOMER, watch)) == Impact()


@pytest.mark.parametrize(
    "one",
    [
        passed_over(Reason.VENDOR, "acme.com"),
        passed_over(Reason.NOT_WATCHED, "globex.com", "acme.com"),
        passed_over(Reason.NEVER, "acme.com"),
    ],
)
def test_a_new_customer_starts_its_meetings(one):
    assert impact([one], policy(), policy(CUSTOMER)) == Impact(starts=(one,))


@pytest.mark.parametrize("reason", [Reason.PRIVATE, Reason.TITLE_WORD, Reason.ALL_DAY])
def test_what_is_not_asked_about_for_another_reason_stays_so(reason):
    assert impact([passed_over(reason, "acme.com")], policy(), policy(CUSTOMER)) == Impact()


def test_what_a_change_of_the_watch_does():
    bank, unknown, listed = asked("barclays.com"), asked("globex.com"), asked("acme.com")
    demo = asked("barclays.com", title="Demo")
    meetings = [bank, unknown, listed, demo]
    everybody = policy(CUSTOMER, Watch.EVERYBODY)
    to_review = impact(meetings, everybody, policy(CUSTOMER))
    to_listed = impact(meetings, everybody, policy(CUSTOMER, Watch.LISTED))
    assert to_review == Impact(stops=(bank,))
    assert to_listed == Impact(stops=(bank, unknown, demo))
    held = passed_over(Reason.FINANCE, "barclays.com")
    assert impact([held], policy(), everybody) == Impact(starts=(held,))


def test_a_customer_who_is_forgotten_may_be_held_back():
    bank = asked("barclays.com")
    before = policy(OURS | {"barclays.com": DomainKind.CUSTOMER})
    assert impact([bank], before, policy()) == Impact(stops=(bank,))


def test_titles_are_read_as_the_policy_says():
    vacancy = asked("globex.com", title="Vakanz")
    everybody = policy(watch=Watch.EVERYBODY)
    assert impact([vacancy], everybody, policy()) == Impact(stops=(vacancy,))
    unread = replace(policy(), title_tells_trade=False)
    assert impact([vacancy], everybody, unread) == Impact()


def test_domains_are_named_once():
    assert domains_of([asked("b.com", "a.com"), asked("a.com")]) == ["a.com", "b.com"]


@pytest.mark.parametrize(
    ("decision", "reason", "kept"),
    [
        (Decision.SKIP, Reason.VENDOR, ("globex.com", "law.com")),
        (Decision.SKIP, Reason.NOT_WATCHED, ("globex.com", "law.com")),
        (Decision.SKIP, Reason.NEVER, ("globex.com", "law.com")),
        (Decision.SKIP, Reason.PRIVATE, ()),
        (Decision.ASK, Reason.OUTSIDE, ()),
    ],
)
def test_what_is_kept_of_who_comes(decision, reason, kept):
    seen = event("sam@globex.com", "joe@eu.globex.com", "eve@law.com", "pat@gmail.com", "no-at")
    rules = DomainRules(LISTED)
    assert outsiders(seen, Verdict(decision, reason), rules) == kept


def test_who_invites_is_kept_too():
    seen = event(organizer=Attendee("sam@globex.com"), attendees=(Attendee(ANA),))
    verdict = Verdict(Decision.SKIP, Reason.VENDOR)
    assert outsiders(seen, verdict, DomainRules(LISTED)) == ("globex.com",)
    assert outsiders(event(organizer=None), verdict, DomainRules(LISTED)) == ()
