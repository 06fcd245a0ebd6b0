"""What is written into HubSpot and Salesforce, where, and what their refusals mean."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from nudger.admin import webhooks
from nudger.admin.explain import explain_event
from nudger.admin.overview import overview
from nudger.domain.notices import DeliveryState
from nudger.domain.reasons import Reason
from nudger.jobs.telling.deliver import deliver_all
from nudger.receivers.crm import addresses_in, domains_in
from nudger.sandbox.faults import Fault
from tests.office import DANA, run_once

GOOD = "Dana, the CFO, agrees to a pilot by Friday\n1"
OBJECTIVE = "Dana, the CFO, agrees to a pilot by Friday"
START = "2026-11-24T13:00:00+00:00"
FIELDS = {
    "hubspot": {"commitment_objective": "nudger_co", "outcome": "nudger_outcome"},
    "salesforce": {"commitment_objective": "Nudger_CO__c", "outcome": "Nudger_Outcome__c"},
}


def configure(office, name, writes_to, **changes):
    server = getattr(office.server, name)
    if name == "hubspot":
        server.known |= set(FIELDS[name].values())
        given = {"token": server.token, "root": office.server.url}
    else:
        server.writable = dict.fromkeys(FIELDS[name].values(), 255)
        given = {"client_id": server.client_id, "client_secret": server.client_secret,
                 "root": office.server.url}  # fmt: skip
    lines = [
        f'{key} = "{value}"' for key, value in {**given, "writes_to": writes_to, **changes}.items()
    ]
    fields = [f'{ours} = "{theirs}"' for ours, theirs in FIELDS[name].items()]
    text = [f"[crm.{name}]", *lines, f"[crm.{name}.fields]", *fields]
    office.configure("\n" + "\n".join(text) + "\n")


class Hubspot:
    name, field, other = "hubspot", "nudger_co", "deal"
    record = "meeting"

    def __init__(self, office):
        self.server = office.server.hubspot

    def contact(self, email=DANA):
        return self.server.add("contacts", {"email": email}).id

    def company(self, domain="acme.example"):
        return self.server.add("companies", {"domain": domain}).id

    def meeting(self, contact=None, company=None, start=START):
        linked = {"contacts": {contact} - {None}, "companies": {company} - {None}}
        return self.server.add("meetings", {"hs_meeting_start_time": start}, **linked).id

    def deal(self, contact=None, company=None, closed=False):
        linked = {"contacts": {contact} - {None}, "companies": {company} - {None}}
        return self.server.add("deals", {"hs_is_closed": str(closed).lower()}, **linked).id


class Salesforce:
    name, field, other = "salesforce", "Nudger_CO__c", "opportunity"
    record = "event"

    def __init__(self, office):
        self.server = office.server.salesforce

    def contact(self, email=DANA):
        return self.server.add("Contact", Email=email)

    def company(self, domain="acme.example"):
        return self.server.add("Account", Website=f"https://www.{domain}/en")

    def meeting(self, contact=None, company=None, start=START):
        return self.server.add("Event", WhoId=contact, AccountId=company, StartDateTime=start)

    def deal(self, contact=None, company=None, closed=False):
        made = self.server.add("Opportunity", AccountId=company, IsClosed=closed)
        if contact is not None:
            role = {"OpportunityId": made, "ContactId": contact, "Opportunity.IsClosed": closed}
            self.server.add("OpportunityContactRole", **role)
        return made


@pytest.fixture(params=[Hubspot, Salesforce], ids=["hubspot", "salesforce"])
def crm(request, office):
    return request.param(office)


@pytest.fixture
def answered(office, crm):
    """The rep has answered; nobody was told yet."""
    configure(office, crm.name, crm.record)
    answer(office)
    return office


def answer(office):
    office.meet()
    run_once(office.ctx)
    say(office, GOOD)


def say(office, text):
    office.reply(text)
    office.later(minutes=2)
    run_once(office.ctx)


def standing(office, name):
    (one,) = [one for one in webhooks.list_receivers(office.ctx) if one.name == name]
    return one


def written(crm):
    return [(number, fields[crm.field]) for _, number, fields in crm.server.writes]


def reasons(office):
    (event,) = explain_event(office.ctx, "ACME")
    return [one["reason"] for one in event["meeting"]["steps"] if one["step"] == "tell"]


class TestMeeting:
    def test_by_who_takes_part_and_when(self, answered, crm):
        dana = crm.contact()
        crm.meeting(crm.contact("somebody@else.example"))
        crm.meeting(dana, start="2026-11-24T14:00:00+00:00")
        meeting = crm.meeting(dana, start="2026-11-24T13:00:30+00:00")
        assert deliver_all(answered.ctx) == 1
        assert written(crm) == [(meeting, OBJECTIVE)]
        assert reasons(answered) == ["delivered"]

    def test_by_the_company_where_nobody_is_known(self, answered, crm):
        crm.company("notacme.example")
        meeting = crm.meeting(company=crm.company())
        deliver_all(answered.ctx)
        assert written(crm) == [(meeting, OBJECTIVE)]

    def test_the_outcome_comes_to_it_as_well(self, answered, crm):
        crm.meeting(crm.contact())
        answered.at(datetime(2026, 11, 24, 14, 0, tzinfo=UTC))
        run_once(answered.ctx)
        say(answered, "yes")
        deliver_all(answered.ctx)
        assert crm.server.writes[-1][2][FIELDS[crm.name]["outcome"]] == "yes"

    def test_what_becomes_private_goes_out_of_it(self, answered, crm):
        crm.meeting(crm.contact())
        deliver_all(answered.ctx)
        say(answered, "private")
        deliver_all(answered.ctx)
        assert [text or None for _, text in written(crm)] == [OBJECTIVE, None]

    def test_no_record_is_said_and_nothing_guessed(self, answered, crm):
        crm.meeting(crm.contact("somebody@else.example"))
        deliver_all(answered.ctx)
        assert (written(crm), reasons(answered)) == ([], ["crm_no_match"])
        answered.later(hours=2)
        crm.meeting(crm.contact())
        deliver_all(answered.ctx)
        assert [text for _, text in written(crm)] == [OBJECTIVE]

    def test_two_records_are_one_too_many(self, answered, crm):
        dana = crm.contact()
        crm.meeting(dana)
        crm.meeting(dana)
        for _ in range(30):
            deliver_all(answered.ctx)
            answered.later(hours=1, minutes=20)
        assert written(crm) == []
        assert reasons(answered) == ["crm_ambiguous", "crm_ambiguous"]
        (one,) = webhooks.recent_deliveries(answered.ctx, crm.name)
        assert one["state"] == DeliveryState.SKIPPED
        assert "2 records" in one["error"]

    def test_no_record_is_no_failure_of_the_crm(self, answered, crm):
        deliver_all(answered.ctx)
        assert standing(answered, crm.name).fare.failures == 0


class TestDeal:
    @pytest.fixture
    def answered(self, office, crm):
        configure(office, crm.name, crm.other)
        answer(office)
        return office

    def test_the_one_that_is_open(self, answered, crm):
        dana = crm.contact()
        crm.deal(dana, closed=True)
        deal = crm.deal(dana)
        deliver_all(answered.ctx)
        assert written(crm) == [(deal, OBJECTIVE)]

    def test_by_the_company(self, answered, crm):
        company = crm.company()
        deal = crm.deal(company=company)
        crm.deal(company=company, closed=True)
        deliver_all(answered.ctx)
        assert written(crm) == [(deal, OBJECTIVE)]

    def test_two_open_ones_are_not_chosen_from(self, answered, crm):
        dana = crm.contact()
        crm.deal(dana)
        crm.deal(dana)
        deliver_all(answered.ctx)
        assert (written(crm), reasons(answered)) == ([], ["crm_ambiguous"])


class TestRefusals:
    def tell(self, office, crm):
        crm.meeting(crm.contact())
        deliver_all(office.ctx)
        fare = standing(office, crm.name).fare
        return fare.reason, fare.detail

    def test_a_field_that_is_none_is_said_in_status(self, answered, crm):
        crm.server.known = {"email"}
        crm.server.writable = {}
        assert self.tell(answered, crm)[0] is Reason.CRM_FIELD
        assert {"what": f"telling {crm.name}", "error": Reason.CRM_FIELD.words} in overview(
            answered.ctx
        )["failures"]

    def test_a_limit_is_waited_for(self, answered, crm):
        fault = {
            "hubspot": Fault("hubspot.search", status=429, reason="RATE_LIMITS", retry_after=7200),
            "salesforce": Fault("salesforce.query", status=403, reason="REQUEST_LIMIT_EXCEEDED"),
        }[crm.name]
        answered.world.faults.add(fault)
        assert self.tell(answered, crm)[0] is Reason.RECEIVER_FAILS
        answered.later(minutes=59)
        assert deliver_all(answered.ctx) == 0
        answered.later(hours=2)
        assert deliver_all(answered.ctx) == 1

    @pytest.mark.parametrize("status", [500, 503])
    def test_what_fails_is_tried_again(self, answered, crm, status):
        method = {"hubspot": "hubspot.update", "salesforce": "salesforce.update"}[crm.name]
        answered.world.faults.add(Fault(method, status=status, reason="SERVER_UNAVAILABLE"))
        assert self.tell(answered, crm)[0] is Reason.RECEIVER_FAILS
        answered.later(minutes=5)
        assert deliver_all(answered.ctx) == 1

    def test_a_sign_in_that_is_refused(self, office, crm):
        key = {"hubspot": "token", "salesforce": "client_secret"}[crm.name]
        configure(office, crm.name, crm.record, **{key: "wrong"})
        answer(office)
        assert self.tell(office, crm)[0] is Reason.CRM_SIGN_IN


class TestSalesforceAlone:
    @pytest.fixture
    def crm(self, office):
        return Salesforce(office)

    def test_a_session_that_ran_out_is_renewed_once(self, answered, crm):
        crm.meeting(crm.contact())
        deliver_all(answered.ctx)
        crm.server.expire()
        say(answered, "sorry, the milestone should be decision")
        assert deliver_all(answered.ctx) == 1
        assert crm.server.tokens_given == 2

    def test_one_that_is_refused_again_and_again_is_not_asked_for_without_end(self, answered, crm):
        crm.meeting(crm.contact())
        fault = Fault("salesforce.query", status=401, reason="INVALID_SESSION_ID", times=None)
        answered.world.faults.add(fault)
        deliver_all(answered.ctx)
        assert crm.server.tokens_given == 2
        assert standing(answered, "salesforce").fare.reason is Reason.CRM_SIGN_IN

    def test_an_app_without_an_execution_user(self, answered, crm):
        crm.server.runs_as = False
        deliver_all(answered.ctx)
        fare = standing(answered, "salesforce").fare
        assert (fare.reason, fare.detail) == (Reason.CRM_SIGN_IN, "invalid_grant")

    def test_an_answer_that_is_too_long_for_the_field(self, answered, crm):
        crm.server.writable = dict.fromkeys(crm.server.writable, 5)
        crm.meeting(crm.contact())
        deliver_all(answered.ctx)
        assert standing(answered, "salesforce").fare.failures == 0
        (one,) = webhooks.recent_deliveries(answered.ctx, "salesforce")
        assert (one["state"], one["reason"]) == ("due", "receiver_refused")
        assert "STRING_TOO_LONG" in one["error"]

    @pytest.mark.parametrize("by", ["contact", "company"])
    def test_users_who_are_invited_make_no_second_event(self, answered, crm, by):
        meeting = crm.meeting(**{by: getattr(crm, by)()})
        crm.server.invite_user(meeting)
        deliver_all(answered.ctx)
        assert written(crm) == [(meeting, OBJECTIVE)]

    def test_a_website_that_only_looks_alike(self, answered, crm):
        crm.meeting(company=crm.server.add("Account", Website="acme.example.evil.example"))
        crm.meeting(company=crm.server.add("Account", Website="//[broken"))
        deliver_all(answered.ctx)
        assert written(crm) == []


def test_an_app_of_hubspots_that_may_not_write(office):
    crm = Hubspot(office)
    configure(office, "hubspot", "meeting")
    answer(office)
    crm.server.scopes.discard("crm.objects.contacts.write")
    crm.meeting(crm.contact())
    deliver_all(office.ctx)
    fare = standing(office, "hubspot").fare
    assert (fare.reason, fare.detail) == (Reason.CRM_SIGN_IN, "HTTP 403 MISSING_SCOPES")


@pytest.mark.parametrize("status", [423, 477])
def test_an_account_of_hubspots_that_is_locked_or_moves_is_waited_for(office, status):
    crm = Hubspot(office)
    configure(office, "hubspot", "meeting")
    answer(office)
    crm.meeting(crm.contact())
    fault = Fault("hubspot.update", status=status, reason="LOCKED", retry_after=3600)
    office.world.faults.add(fault)
    deliver_all(office.ctx)
    assert standing(office, "hubspot").fare.reason is Reason.RECEIVER_FAILS
    office.later(hours=2)
    deliver_all(office.ctx)
    assert [text for _, text in written(crm)] == [OBJECTIVE]


def test_what_strangers_call_themselves_is_no_part_of_a_query():
    guests = [
        "Dana@acme.example",
        "o'hara@acme.example",
        "x') OR Id != ('@x.example",
        "a\\@b.example",
        "ü@x.example",
        "a@b c",
    ]
    assert addresses_in(guests) == ["dana@acme.example"]
    assert domains_in(["acme.example", "x%' OR 1", "ana@gmail.com"]) == ["acme.example"]
    assert len(addresses_in([f"a{n}@x.example" for n in range(100)])) == 20


WRONG = [
    (
        '[crm.salesforce]\nroot = "https://login.salesforce.com"',
        "signs in programs at your own My Domain alone",
    ),
    ('[crm.hubspot]\ntoken = "pat-secret"', "maps no field"),
    (
        '[crm.salesforce]\nroot = "https://x.my.salesforce.com"\nclient_secret = "pat-secret"',  # pragma: allowlist secret
        "client_id and client_secret",
    ),
    ('[crm.hubspot]\ntoken = "pat-secret"\n[crm.hubspot.fields]\noutcome = "a b"', "outcome"),
]


@pytest.mark.parametrize(("text", "says"), WRONG)
def test_a_wrong_setting_is_named_and_no_secret_with_it(office, text, says):
    from nudger.config import ConfigProblem, load_settings

    office.file.write_text(f"{office.file.read_text()}\n{text}\n")
    with pytest.raises(ConfigProblem, match=says) as refused:
        load_settings(office.file)
    assert "pat-secret" not in str(refused.value)
