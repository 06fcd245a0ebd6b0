"""Ask or not, and why: for each reason a list of cases, to be read aloud."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nudger.domain import eligibility
from nudger.domain.domains import DomainKind, DomainRules
from nudger.domain.eligibility import Policy, judge
from nudger.domain.event import (
    Attendee,
    AttendeeKind,
    Event,
    EventKind,
    EventStatus,
    OccurrenceKey,
    Provider,
    Response,
    Visibility,
)
from nudger.domain.extent import Onsites
from nudger.domain.meeting_copies import meeting_key
from nudger.domain.reasons import Reason
from nudger.domain.watching import Watch
from tests.growth import TWICE_LINEAR, growth

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
ANA, BEN = "ana@ourco.com", "ben@ourco.com"
DANA, SAM, EVE = "dana@acme.com", "sam@globex.com", "eve@law.com"
ROOM = "c_1@resource.calendar.google.com"
RULES = DomainRules(
    {
        "ourco.com": DomainKind.OURS,
        "ourco.de": DomainKind.OURS,
        "sister.com": DomainKind.PARTNER,
        "jo@gmail.com": DomainKind.PARTNER,
        "max@acme.com": DomainKind.PARTNER,
        "acme.com": DomainKind.CUSTOMER,
        "tiny@gmail.com": DomainKind.CUSTOMER,
        "law.com": DomainKind.NEVER,
    },
    mailboxes=frozenset({"nudger@ourco.com"}),
    note_takers=frozenset({"bots.example"}),
)
ALL = Policy(RULES)
LISTED = Policy(RULES, watch=Watch.LISTED)


def people(*addresses):
    return tuple(Attendee(address, response=Response.ACCEPTED) for address in addresses)


def event(*guests, **changes):
    """A call of Ana's tomorrow, in her calendar, with these guests."""
    values = {
        "key": OccurrenceKey(Provider.GOOGLE, "e1"), "event_id": "e1", "calendar": ANA,
        "ical_uid": "e1@google.com", "etag": "1", "title": "Call",
        "start": NOW + timedelta(days=1), "end": NOW + timedelta(days=1, hours=1),
        "time_zone": "UTC", "organizer": Attendee(ANA),
        "attendees": people(ANA, *guests),
    }  # fmt: skip
    return Event(**{**values, **changes})


def titled(title, *guests):
    return event(*(guests or (DANA,)), title=title)


def invited_by(organizer, *others):
    """Somebody else's meeting: Ana is on the list, the organizer is not."""
    return event(organizer=Attendee(organizer), attendees=people(ANA, *others))


def lasting(**time):
    return lasting_with("needs_action", **time)


def starting(**time):
    start = NOW + timedelta(**time)
    return event(DANA, start=start, end=start + timedelta(hours=1))


def answering(**answers):
    """Guests with their answers; "ana", "dana" and "sam" are known by their names."""
    known = {"ana": ANA, "dana": DANA, "sam": SAM}
    guests = (Attendee(known[name], response=Response(given)) for name, given in answers.items())
    return event(attendees=tuple(guests))


def shown_as(kind, *guests):
    return event(*guests, kind=kind)


def with_a(kind, address, name=""):
    return event(attendees=(*people(ANA), Attendee(address, name=name, kind=kind)))


def whole_days(days, **answers):
    """From midnight to midnight, with guests as `answering` knows them."""
    start = (NOW + timedelta(days=1)).replace(hour=0, minute=0)
    end = start + timedelta(days=days)
    return replace(answering(ana="accepted", **answers), all_day=True, start=start, end=end)


def lasting_with(answer, **time):
    """As long as that, with Dana's answer."""
    start = NOW + timedelta(days=1)
    return replace(
        answering(ana="accepted", dana=answer), start=start, end=start + timedelta(**time)
    )


def crowd(*domains_and_counts, answer="accepted"):
    """So many people of each domain, all with the same answer."""
    pairs = zip(domains_and_counts[::2], domains_and_counts[1::2], strict=True)
    guests = [f"p{n}@{domain}" for domain, count in pairs for n in range(count)]
    return event(attendees=tuple(Attendee(one, response=Response(answer)) for one in guests))


GROUP, RESOURCE = AttendeeKind.GROUP, AttendeeKind.RESOURCE

# What is asked about, and what is not: for each reason the cases in a sentence, the event in a few
# words, and the admin's policy where it is not the usual one.
TABLE = {
    Reason.CUSTOMER: [
        ("Dana of Acme, a listed customer, is invited", event(DANA)),
        ("somebody of a sub-domain of Acme is invited", event("joe@eu.acme.com")),
        ("Acme's address is in capitals and ends with a dot", event("DANA@ACME.COM.")),
        ("Acme's Exchange tenant address is invited", event("dana@acme.onmicrosoft.com")),
        ("Exchange wrapped Dana's address", event("IMCEASMTP-dana+40acme+2Ecom@ourco.com")),
        ("Exchange gave Dana a made-up address at Acme", event("imceaex-_o=acme_cn=dana@acme.com")),
        ("Acme's purchasing group is invited", with_a(GROUP, "purchasing@acme.com")),
        ("a listed freemail customer is invited", event("tiny@gmail.com")),
        ("the same freemail customer, spelled with a dot", event("ti.ny@googlemail.com")),
        ("Dana invites Ana and is not on the list herself", invited_by(DANA)),
        ("a scheduling robot invites Ana and Dana", invited_by("no-reply@calendly.com", DANA)),
        ("an unlisted agency brings Dana", event(SAM, DANA)),
        ("a sister company takes part beside Dana", event("kai@sister.com", DANA)),
        ("our contractor at Acme brings her colleague Dana", event("max@acme.com", DANA)),
        ("the lawyer, never to be asked about, sits beside Dana", event(EVE, DANA)),
        ("a bot takes notes of a call with Dana", event("fred@fireflies.ai", DANA)),
        ("a booking page organizes Dana's call", invited_by("meetings@chilipiper.com", DANA)),
        ("Dana has a guest account with us",
         event("dana_acme.com#ext#@ourco.onmicrosoft.com")),
        ("a guest account with an underscore in the name",
         event("dana_de_la_cruz_acme.com#EXT#@ourco.onmicrosoft.com")),
        ("Dana invites by her guest account",
         invited_by("dana_acme.com#ext#@ourco.onmicrosoft.com")),
        ("Dana's invitation is shown as working elsewhere",
         replace(invited_by(DANA), kind=EventKind.WORKING_LOCATION)),
        ("our call with Dana is shown as working elsewhere",
         shown_as(EventKind.WORKING_LOCATION, DANA)),
        ("Peter Raum of Acme's", with_a(AttendeeKind.PERSON, "peter.raum@acme.com", "Peter Raum")),
        ("the same, family name first",
         with_a(AttendeeKind.PERSON, "peter.raum@acme.com", "Raum Peter")),
        ("the same with a comma", with_a(AttendeeKind.PERSON, "p.raum@acme.com", "Raum, Peter")),
        ("Dana has not answered", answering(ana="accepted", dana="needs_action")),
        ("Dana is tentative", answering(ana="accepted", dana="tentative")),
        ("Ana is tentative herself", answering(ana="tentative", dana="accepted")),
        ("Sam declined, Dana did not", answering(ana="accepted", sam="declined", dana="accepted")),
        ("the list is cut, but Dana can be seen", event(DANA, attendees_complete=False)),
        ("only listed customers are watched, and Dana is one", event(DANA), LISTED),
        ("private meetings are asked about, if the admin wants",
         event(DANA, visibility=Visibility.PRIVATE), replace(ALL, ask_about_private=True)),
        ("the title is about cancelling", titled("Cancelled orders: what to do")),
        ("the title has a word like interview in it", titled("Interviewer tool demo")),
        ("a release candidate is no candidate", titled("Release candidate 2 with Acme")),
        ("a listed customer is a bank", event("eve@acme.com", "jo@barclays.com")),
        ("the title of a listed customer's meeting says dentist", titled("Dentist")),
        ("the admin took the bundled words out", titled("Candidate search with Acme"),
         replace(ALL, title_words=())),
        ("exactly eight hours are no day yet", lasting(hours=8)),
        ("Dana accepted a whole day", whole_days(1, dana="accepted")),
        ("Dana accepted one day of three, Joe has not answered",
         whole_days(3, dana="accepted", sam="needs_action")),
        ("a fortnight is a visit still", whole_days(14, dana="accepted")),
        ("Dana invites Ana for a whole day",
         replace(whole_days(1, dana="needs_action"), organizer=Attendee(DANA))),
        ("our whole day is shown as free, as each new one is, and Dana accepted",
         replace(whole_days(1, dana="accepted"), busy=False)),
        ("Dana accepted two days, nights included", lasting_with("accepted", days=2)),
        ("the limit is the admin's, and Dana accepted", lasting_with("accepted", hours=2),
         replace(ALL, longest=timedelta(hours=1))),
        ("a title word stands before Acme's go-live", titled("All hands on deck: Acme go-live")),
        ("an interview of Acme's own people", titled("Stakeholder interview", DANA)),
        ("forty colleagues and Dana",
         event(DANA, *(f"c{n}@ourco.com" for n in range(40)))),
        ("forty of Acme's come, and Dana accepted", crowd("acme.com", 40)),
        ("Acme brings half of the guests", crowd("acme.com", 16, "globex.com", 16)),
        ("thirty people are no crowd yet, a room does not count",
         event(attendees=(*people(ANA, *(f"p{n}@acme.com" for n in range(29))),
                          Attendee(ROOM, kind=RESOURCE)))),
        ("it begins in a minute", starting(minutes=1)),
    ],
    Reason.OUTSIDE: [
        ("Sam of Globex, whom nobody listed, is invited", event(SAM)),
        ("a freemail guest is invited", event("pat@gmail.com")),
        ("a firm that has a room in its name",
         with_a(AttendeeKind.PERSON, "hello@roomboard.de", "Room & Board GmbH")),
        ("another", with_a(AttendeeKind.PERSON, "post@saal-digital.de", "Saal Digital GmbH")),
        ("a third, with a number", with_a(AttendeeKind.PERSON, "post@raum3.de",
                                          "Raum3 Architekten GmbH")),
        ("a guest account of Globex's", event("sam_globex.com#ext#@ourco.onmicrosoft.com")),
        ("what looks like a guest account is none", event("sam_acme.com#ext#@globex.com")),
        ("somebody who works at a maker of tools", event("jo@salesforce.com"),
         replace(ALL, watch=Watch.EVERYBODY)),
        ("Sam accepted a whole day, and the admin asks about days",
         whole_days(1, sam="accepted"), replace(ALL, all_day=Onsites.ASK)),
        ("Sam accepted nine hours, and the admin asks about long ones",
         replace(lasting_with("accepted", hours=9), attendees=(
             *people(ANA), Attendee(SAM, response=Response.ACCEPTED))),
         replace(ALL, long=Onsites.ASK)),
        ("a public mailing list is invited", with_a(GROUP, "buyers@googlegroups.com")),
        ("our name is only part of another", event("ana@notourco.com")),
        ("our domain stands before another", event("ana@ourco.com.evil.io")),
        ("a look-alike of ours is invited", event("ceo@0urco.com")),
        ("our bank sees a demo", titled("Demo", "eve@barclays.com")),
        ("a supplier invites, but everybody is watched",
         invited_by("sam@hubspot.com"), replace(ALL, watch=Watch.EVERYBODY)),
        ("a recruiting firm meets Globex about its open positions",
         titled("Open positions", SAM), replace(ALL, title_words=(), title_tells_trade=False)),
        ("a domain in Cyrillic letters looks like ours", event("ceo@оurco.com")),
        ("Globex invites our whole sales group, Ana not by name",
         event(organizer=Attendee(SAM), attendees=people("sales@ourco.com"))),
    ],
    Reason.NO_CUSTOMER: [
        ("colleagues meet", event(BEN)),
        ("a colleague of a sub-domain is invited", event("ben@eu.ourco.com")),
        ("a colleague of our second domain is invited", event("mia@ourco.de")),
        ("a colleague's address ends with a dot", event("Ben@OurCo.com.")),
        ("a colleague appears by our Exchange tenant", event("ben@ourco.onmicrosoft.com")),
        ("a colleague appears by Google's test domain", event("b@ourco.com.test-google-a.com")),
        ("a group of ours is invited", with_a(GROUP, "sales@ourco.com")),
        ("a sister company is invited", event("kai@sister.com")),
        ("a contractor is invited, listed by a freemail address", event("jo@gmail.com")),
        ("the contractor again, spelled otherwise", event("J.O+work@googlemail.com")),
        ("a contractor is invited who has an address at Acme", event("max@acme.com")),
        ("Ana blocked time for herself", event()),
        ("there is no guest list at all", event(organizer=None, attendees=())),
        ("a room is booked", event(ROOM)),
        ("a room of Acme's is booked", with_a(RESOURCE, "room4@acme.com")),
        ("Acme's meeting room, not marked as one", with_a(AttendeeKind.PERSON, "ebc@acme.com",
                                                           "Meeting Room East")),
        ("a conference room, known by its address", event("conf-room.2@cowork.com")),
        ("our own mailbox is invited", event("nudger@ourco.com")),
        *(("an unlisted room is invited", with_a(AttendeeKind.PERSON, address, name))
          for address, name in (
              ("raum-berlin@hotel.de", "Raum Berlin"), ("k2@hotel.de", "Konferenzraum 2"),
              ("torino@spazio.it", "Sala Torino"), ("salle.seine@espaces-paris.fr", "Salle Seine"),
              ("412@cowork.com", "Room 4.12 (8)"), ("x@hotel.nl", "Vergaderzaal 3"),
              ("x@hotel.de", "Tagungsraum 1"), ("x@hotel.es", "Sala de reuniones 4"),
              ("x@hotel.pt", "Sala 3 Lisboa"), ("x@hotel.nl", "Zaal Rembrandt"),
              ("x@hotel.fr", "Salle de réunion Rhône"), ("x@cowork.com", "Berlin (Room 3)"))),
        *(("a tool alone is invited", event(address)) for address in (
            "notifications@calendly.com", "meetings@chilipiper.com", "hello@cal.com",
            "meetings@savvycal.com", "mailer@doodle.com", "4471902@bcc.hubspot.com",
            "emailtosalesforce@k-2h9x.le.salesforce.com", "robot@zapiermail.com",
            "ourco@pipedrivemail.com", "ticket@ourco.zendesk.com", "jira@ourco.atlassian.net",
            "dse@docusign.net", "echosign@echosign.com", "team@us.greenhouse-mail.io",
            "assistant@gong.io", "executiveassistant@e.read.ai", "bot@tldv.io",
            "followups@followups.typeform.io", "1234@lifesizecloud.com", "x@youcanbook.me",
            "scheduler@globex.com")),
        ("a colleague has a guest account", event("ben_ourco.de#ext#@ourco.onmicrosoft.com")),
        ("a partner has a guest account", event("kai_sister.com#ext#@ourco.onmicrosoft.com")),
        ("a note-taker's bot is invited", event("fred@fireflies.ai")),
        ("a bot that the admin listed is invited", event("notes@bots.example")),
        ("the CRM's capture address is invited", event("4512345@bcc.hubspot.com")),
        ("a chat channel is invited", event("1a2b.ourco.com@emea.teams.ms")),
        ("a video bridge is invited", event("123456@zoomcrc.com")),
        ("a second calendar of Google's organizes", invited_by("c_1@group.calendar.google.com")),
        ("iCloud made an address up for the organizer", invited_by("2_GE3DOMJU@imip.me.com")),
        ("Exchange made an address up", event("imceaex-_o=x_cn=a@eurprd01.prod.outlook.com")),
        ("a guest has a directory name for an address", event("/o=exchangelabs/cn=ben")),
        ("a robot invites Ana", invited_by("no-reply@globex.com")),
        ("the only customer declined", answering(ana="accepted", dana="declined")),
    ],
    Reason.VENDOR: [
        ("who sells us the CRM invites", invited_by("sam@hubspot.com")),
        ("our agency and our bank come", event("jo@north-agency.com", "eve@barclays.com")),
    ],
    Reason.RECRUITING: [
        ("a recruiter comes, by the domain's name", event("sam@bright-recruiting.com")),
    ],
    Reason.HEALTH: [("the title says dentist", titled("Dentist", SAM))],
    Reason.NOT_WATCHED: [
        ("only listed customers are watched, Globex is none", event(SAM), LISTED),
        ("the same for a freemail guest", event("pat@gmail.com"), LISTED),
    ],
    Reason.NEVER: [
        ("the lawyer alone is invited", event(EVE)),
        ("the lawyer invites", invited_by(EVE)),
        ("only listed customers are watched, the lawyer is invited", event(EVE), LISTED),
    ],
    Reason.GUESTS_HIDDEN: [
        ("the organizer hid the guests", event(attendees=people(ANA), attendees_complete=False)),
        ("the list is cut after our colleagues", event(BEN, attendees_complete=False)),
        ("the list is cut, and who is seen is not watched",
         event(SAM, attendees_complete=False), LISTED),
    ],
    Reason.CANCELLED: [
        ("the calendar says so", event(DANA, status=EventStatus.CANCELLED)),
        ("Outlook put it before the title", titled("Canceled: Call")),
        ("Outlook did, in German", titled("Abgesagt: Termin")),
        ("Outlook did, in French, with its blank", titled("Annulé : point")),
        ("Outlook did, in Japanese", titled("キャンセル済み: 定例会")),
        ("the cancelled invitation was forwarded", titled("WG: Abgesagt: Termin")),
        ("somebody wrote it behind the title", titled("Call (cancelled)")),
        ("somebody shouted it", titled("CANCELLED Call with Dana")),
    ],
    Reason.DECLINED: [
        ("Ana declined", answering(ana="declined", dana="accepted")),
        ("Ana declined her own meeting", answering(ana="declined", dana="needs_action")),
    ],
    Reason.PRIVATE: [
        ("it is marked private", event(DANA, visibility=Visibility.PRIVATE)),
        ("it is marked confidential", event(DANA, visibility=Visibility.CONFIDENTIAL)),
    ],
    Reason.ALL_DAY: [
        ("nobody of Acme's has accepted", whole_days(1, dana="needs_action")),
        ("Dana comes perhaps", whole_days(1, dana="tentative")),
        ("Globex, whom nobody listed, comes for the day", whole_days(1, sam="accepted")),
        ("colleagues are away together", event(BEN, all_day=True)),
        ("Ana marked a day of Acme's for herself", event(all_day=True)),
        ("the admin wants no day to be asked about", whole_days(1, dana="accepted"),
         replace(ALL, all_day=Onsites.SKIP)),
        ("it is a phase of a project", whole_days(15, dana="accepted")),
        ("the admin asks about days, and nobody has accepted", whole_days(1, sam="needs_action"),
         replace(ALL, all_day=Onsites.ASK)),
    ],
    Reason.FREE: [
        ("it is shown as free", event(DANA, busy=False)),
        ("it is shown as free, though Dana accepted",
         replace(answering(ana="accepted", dana="accepted"), busy=False)),
        ("Dana tells of a day at Acme, shown as free",
         replace(whole_days(1, dana="accepted"), busy=False, organizer=Attendee(DANA))),
    ],
    Reason.OUT_OF_OFFICE: [
        ("Ana is on vacation", shown_as(EventKind.OUT_OF_OFFICE)),
        ("a trip to Acme is shown as out of office", shown_as(EventKind.OUT_OF_OFFICE, DANA)),
    ],
    Reason.FOCUS_TIME: [("Ana keeps time for herself", shown_as(EventKind.FOCUS_TIME))],
    Reason.WORKING_LOCATION: [("Ana works from home", shown_as(EventKind.WORKING_LOCATION))],
    Reason.BIRTHDAY: [("it is Dana's birthday", shown_as(EventKind.BIRTHDAY, DANA))],
    Reason.FROM_MAIL: [("Google made a flight of a mail", shown_as(EventKind.FROM_MAIL))],
    Reason.TOO_LONG: [
        ("it lasts more than eight hours, and Dana has not answered", lasting(hours=8, minutes=1)),
        ("it lasts three days, and Dana has not answered", lasting(days=3)),
        ("it lasts longer than the admin wants", lasting(hours=2),
         replace(ALL, longest=timedelta(hours=1))),
        ("Dana accepted, and the admin wants none that is long", lasting_with("accepted", hours=9),
         replace(ALL, long=Onsites.SKIP)),
        ("it lasts weeks, though Dana accepted", lasting_with("accepted", days=15)),
    ],
    Reason.TOO_MANY_GUESTS: [
        ("more than thirty strangers are invited",
         event(*(f"p{n}@globex.com" for n in range(31)))),
        ("nobody of Acme's forty has answered", crowd("acme.com", 40, answer="needs_action")),
        ("Acme is one of many firms", crowd("acme.com", 15, "globex.com", 17)),
        ("more are invited than the admin wants", event(SAM, "joe@initech.com"),
         replace(ALL, max_guests=1)),
    ],
    Reason.TITLE_WORD: [
        ("a job interview", titled("Interview with Sam", SAM)),
        ("several of them", titled("Interviews, day 2", SAM)),
        ("a candidate", titled("Candidate debrief", SAM)),
        ("a job interview in German", titled("Vorstellungsgespräche M. Huber", SAM)),
        ("a job interview in French", titled("Entretien d’embauche – M. Petit", SAM)),
        ("a job interview in Chinese, written without blanks", titled("张伟面试安排", SAM)),
        ("a webinar", titled("Webinar: ten trends", SAM)),
        ("a webinar in a German compound", titled("Kundenwebinar Messtechnik", SAM)),
        ("a town hall", titled("Globex town hall", SAM)),
        ("a word of the admin's, whoever comes", titled("Supplier audit at Acme"),
         replace(ALL, own_title_words=("audit",))),
        ("a phrase of the admin's", titled("Kick-off internal, Acme"),
         replace(ALL, own_title_words=("kick-off internal",))),
        ("a word of the admin's, and a stranger", titled("Supplier audit", SAM),
         replace(ALL, own_title_words=("audit",))),
    ],
    Reason.MASS_INVITATION: [
        ("a webinar platform invites Ana", invited_by("customercare@gotowebinar.com")),
        ("an event platform invites Ana", invited_by("calendar-invite@lu.ma")),
        ("Zoom's robot invites Ana, who signed up", invited_by("no-reply@zoom.us")),
        ("the platform hides the other guests",
         replace(invited_by("invite@on24event.com"), attendees_complete=False)),
    ],
    Reason.PAST: [
        ("it has begun", starting(minutes=-1)),
        ("it begins this very moment", starting(minutes=0)),
    ],
}  # fmt: skip

CASES = [
    pytest.param(given, policy[0] if policy else ALL, reason, id=f"{reason.value}: {sentence}")
    for reason, cases in TABLE.items()
    for sentence, given, *policy in cases
]


@pytest.mark.parametrize(("given", "policy", "reason"), CASES)
def test_verdict(given, policy, reason):
    verdict = judge(given, ANA, policy, NOW)
    assert verdict.reason is reason
    assert verdict.asks is (reason in (Reason.CUSTOMER, Reason.OUTSIDE))


def test_every_reason_that_judging_gives_has_a_case():
    given = set(re.findall(r"Reason\.([A-Z_]+)", Path(eligibility.__file__).read_text()))
    given |= {"NOT_WATCHED", "VENDOR", "RECRUITING", "HEALTH"}  # those of watching.py, by example
    assert {reason.name for reason in TABLE} == given
    assert all(TABLE.values())


@pytest.mark.parametrize(
    ("guests", "customers"),
    [
        ((DANA, "joe@eu.acme.com"), ("acme.com",)),
        ((DANA, SAM), ("acme.com", "globex.com")),
        (("pat@gmail.com", "lou@gmail.com"), ("pat@gmail.com", "lou@gmail.com")),
        ((DANA, "jo@gmail.com", ROOM, "fred@fireflies.ai"), ("acme.com",)),
    ],
    ids=["one customer, two domains", "two customers", "each freemail guest", "nobody else"],
)
def test_whose_meeting_it_is(guests, customers):
    assert judge(event(*guests), ANA, ALL, NOW).customers == customers


@pytest.mark.parametrize(
    "address",
    ["ceo@0urco.com", "ceo@оurco.com", "ceo@ourco.com.evil.io", "ceo@ourco-com.io", "ceo@ourco.co"],
)
def test_a_lookalike_is_outside_and_marked(address):
    verdict = judge(event(address), ANA, ALL, NOW)
    assert verdict.asks
    assert verdict.lookalike


def titled(text):
    guests = (Attendee(SAM, name=text), *people(f"{text}@acme.com", f"a@{text}.com"))
    return event(title=text, attendees=(*people(ANA), *guests))


@pytest.mark.parametrize("piece", ["!", "re:", "a", " -", "(", "a.", ".test-google-a.com"])
def test_judging_takes_time_in_step_with_the_length_of_titles_names_and_addresses(piece):
    judged = growth(lambda one: judge(one, ANA, ALL, NOW), lambda size: titled(piece * size))
    assert judged < TWICE_LINEAR


def test_thirty_guests_are_not_too_many_and_thirty_one_are():
    guests = [f"g{n}@globex.com" for n in range(31)]
    assert judge(event(*guests[:30]), ANA, Policy(RULES), NOW).asks
    assert judge(event(*guests), ANA, Policy(RULES), NOW).reason is Reason.TOO_MANY_GUESTS


def test_where_everybody_declined_the_rep_did():
    guests = tuple(Attendee(one, response=Response.DECLINED) for one in (ANA, DANA))
    assert judge(event(attendees=guests), ANA, Policy(RULES), NOW).reason is Reason.DECLINED


def test_a_name_without_an_address_is_nobody():
    assert not judge(event("dana"), ANA, Policy(RULES), NOW).asks
    assert judge(event("dana", DANA), ANA, Policy(RULES), NOW).customers == ("acme.com",)


def test_a_moved_date_of_a_series_is_the_same_meeting():
    key = OccurrenceKey(Provider.GOOGLE, "series", NOW)
    first, moved = event(key=key), event(key=key, start=NOW + timedelta(days=3))
    other = event(key=OccurrenceKey(Provider.GOOGLE, "series", NOW + timedelta(days=7)))
    assert meeting_key(first) == meeting_key(moved) != meeting_key(other)
