"""Our mails: to the rep alone, harmless whatever strangers wrote, the same in both parts."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudger.admin.samples import sample
from nudger.domain.commitment import Answer, Milestone
from nudger.domain.event import Attendee
from nudger.mail.compose import (
    REPLY_ABOVE,
    Audience,
    Envelope,
    MeetingShown,
    note_lines,
)
from nudger.mail.kind import Call, Content, Letter
from nudger.mail.kinds.question import render
from nudger.mail.templates import Templates, languages_of, templates_for

ENVELOPE = Envelope(
    mailbox="nudger@ourco.com", rep_address="ana@ourco.com", rep_name="Ana Weber",
    reply_to="nudger+r-abc@ourco.com", rfc_message_id="<q@ourco.com>",
    sent_at=datetime(2026, 11, 23, 8, tzinfo=UTC),
)  # fmt: skip
TEMPLATES = Templates()


def question(title="ACME review", guests=(Attendee("dana@acme.com", "Dana Reyes"),), **more):
    meeting = MeetingShown(
        title, datetime(2026, 11, 24, 13, tzinfo=UTC), datetime(2026, 11, 24, 14, tzinfo=UTC),
        ZoneInfo("Europe/Berlin"), guests, ("acme.com",), more.get("lookalikes", frozenset()),
    )  # fmt: skip
    milestones = (Milestone("First call"), Milestone("Decision"))
    call = Call(1, meeting, more.get("audience", Audience.GUESTS))
    return render(
        Letter(Content(), (call,), milestones, meeting.zone),
        more.get("templates", TEMPLATES),
        ENVELOPE,
    )


def parts(message):
    parsed = message_from_bytes(message.as_bytes(), policy=default)
    return tuple(parsed.get_body((kind,)).get_content() for kind in ("plain", "html"))


def test_it_goes_to_the_rep_alone_and_is_marked_as_automatic():
    message = question()
    assert str(message["To"]) == "Ana Weber <ana@ourco.com>"
    assert "Cc" not in message
    assert str(message["Reply-To"]).endswith("<nudger+r-abc@ourco.com>")
    assert message["Auto-Submitted"] == "auto-generated"


def test_both_parts_say_the_same():
    for part in parts(question()):
        for words in ("ACME review", "14:00", "CET", "Dana Reyes", "First call", "Decision",
                      REPLY_ABOVE, "the guests can read it"):  # fmt: skip
            assert words in part


@pytest.mark.parametrize(
    ("zone", "language", "shown"),
    [
        ("Europe/Berlin", "de", "MEZ"),
        ("Europe/Berlin", "fr", "CET"),
        ("Europe/Berlin", "pt", "CET"),
        ("America/New_York", "es", "EST"),
        ("Australia/Sydney", "en", "AEDT"),
        ("America/Argentina/Salta", "it", "GMT-03:00"),
    ],
)
def test_a_zone_has_a_name_in_every_language(zone, language, shown):
    templates = templates_for(None, language)
    start = datetime(2026, 11, 24, 12, 0, tzinfo=ZoneInfo(zone))
    assert f"({shown})" in sample("question", templates, (), start).text


def test_who_can_read_the_answer_is_said():
    assert "private event" in parts(question(audience=Audience.REP))[0]


@pytest.mark.parametrize(
    "hostile",
    [
        "x\r\nBcc: dana@acme.com",
        "<script>alert(1)</script>",
        "{{ 7 * 7 }}{% include 'x' %}",
        "\u202egnp.exe",
        "x" * 5000,
        "\ud800",
    ],
)
def test_a_hostile_title_is_only_text(hostile):
    message = question(title=hostile, guests=(Attendee("d@acme.com", hostile),))
    raw = message.as_bytes()
    parsed = message_from_bytes(raw, policy=default)
    assert parsed["Bcc"] is None
    _, html = parts(message)
    assert "<script" not in html
    assert "49" not in parts(message)[0].replace(" 49", "")
    assert "\u202e" not in html


@given(st.text(max_size=200), st.text(max_size=100))
def test_any_title_and_name_make_a_mail(title, name):
    message = question(title=title, guests=(Attendee("d@acme.com", name),))
    parsed = message_from_bytes(message.as_bytes(), policy=default)
    assert [str(parsed["To"]), parsed["Cc"], parsed["Bcc"]] == [
        "Ana Weber <ana@ourco.com>", None, None,
    ]  # fmt: skip


FALSE = Attendee("rep2@аcme.com", "Dana Reyes")


@pytest.mark.parametrize("language", languages_of(None))
def test_a_guest_who_could_be_mistaken_is_marked_and_shown_first(language):
    many = tuple(Attendee(f"guest{n}@acme.com") for n in range(9))
    templates = templates_for(None, language)
    marked = frozenset([FALSE.email])
    message = question(guests=(*many, FALSE), lookalikes=marked, templates=templates)
    for part in parts(message):
        assert re.search(
            r"Dana Reyes \(rep2@xn--cme-5cd\.com\) \[⚠ [^\[\]]+\], guest0@acme\.com", part
        )
        assert part.count("⚠") == 1
        assert "\u0430" not in part


def test_no_remote_thing_is_loaded():
    html = parts(question())[1]
    assert "src=" not in html
    assert "url(" not in html
    assert "<link" not in html
    assert "style=" in html


def test_the_note_has_only_what_was_answered():
    assert note_lines(TEMPLATES, Answer("Dana agrees")) == ("C.O.: Dana agrees",)
    full = note_lines(TEMPLATES, Answer("Dana agrees", "Decision", "Joe agrees"))
    assert full == ("C.O.: Dana agrees", "Next milestone: Decision", "Fallback: Joe agrees")


def shown(start, end, language, *, all_day):
    """The question's subject, and the line that says when."""
    zone = ZoneInfo("Europe/Berlin")
    first, last = (datetime.fromisoformat(one).replace(tzinfo=zone) for one in (start, end))
    meeting = MeetingShown(
        "Onsite", first.astimezone(UTC), last.astimezone(UTC), zone,
        (Attendee("dana@acme.com", "Dana Reyes"),), ("acme.com",), all_day=all_day,
    )  # fmt: skip
    letter = Letter(Content(), (Call(1, meeting),), (), zone)
    message = render(letter, templates_for(None, language), ENVELOPE)
    return message["Subject"], parts(message)[0].splitlines()[3]


@pytest.mark.parametrize(
    ("language", "one", "three", "two_months"),
    [
        ("en", "Monday 1 March, all day", "Mon 1 – Wed 3 Mar, all day",
         "Wed 31 Mar – Fri 2 Apr, all day"),
        ("de", "Montag, 1. März, ganztägig", "Mo. 1. – Mi. 3. März, ganztägig",
         "Mi. 31. März – Fr. 2. Apr., ganztägig"),
        ("fr", "lundi 1 mars, toute la journée", "lun. 1 – mer. 3 mars, toute la journée",
         "mer. 31 mars – ven. 2 avr., toute la journée"),
        ("es", "lunes 1 de marzo, todo el día", "lun 1 – mié 3 mar, todo el día",
         "mié 31 mar – vie 2 abr, todo el día"),
        ("it", "lunedì 1 marzo, tutto il giorno", "lun 1 – mer 3 mar, tutto il giorno",
         "mer 31 mar – ven 2 apr, tutto il giorno"),
        ("nl", "maandag 1 maart, de hele dag", "ma 1 – wo 3 mrt, de hele dag",
         "wo 31 mrt – vr 2 apr, de hele dag"),
        ("pt", "segunda-feira, 1 de março, o dia todo", "seg. 1 – qua. 3 mar., o dia todo",
         "qua. 31 mar. – sex. 2 abr., o dia todo"),
    ],
)  # fmt: skip
def test_whole_days_are_shown_as_days(language, one, three, two_months):
    assert shown("2027-03-01", "2027-03-02", language, all_day=True)[1] == one
    assert shown("2027-03-01", "2027-03-04", language, all_day=True)[1] == three
    assert shown("2027-03-31", "2027-04-03", language, all_day=True)[1] == two_months


def test_the_subject_names_the_days():
    assert "Mon 1 – Wed 3 Mar" in shown("2027-03-01", "2027-03-04", "en", all_day=True)[0]
    assert "Mon 1 Mar" in shown("2027-03-01", "2027-03-02", "en", all_day=True)[0]


def test_hours_over_a_night_name_both_days():
    night = shown("2027-03-29T13:00", "2027-03-30T15:00", "en", all_day=False)[1]
    assert night == "Mon 29 Mar, 13:00 – Tue 30 Mar, 15:00 (CEST)"
    evening = shown("2027-03-29T20:00", "2027-03-30T00:00", "en", all_day=False)[1]
    assert evening == "Monday 29 March, 20:00–00:00 (CEST)"


def who(customers, *guests, title="Call", **more):
    """Whom the question names: what stands between its fixed words."""
    meeting = MeetingShown(
        title, datetime(2026, 11, 24, 13, tzinfo=UTC), datetime(2026, 11, 24, 14, tzinfo=UTC),
        ZoneInfo("Europe/Berlin"), guests, customers, **more,
    )  # fmt: skip
    letter = Letter(Content(), (Call(1, meeting),), (), meeting.zone)
    plain = parts(render(letter, TEMPLATES, ENVELOPE))[0]
    return re.search(r"what will (.*) have agreed to do", plain)[1]


JOE, DANA = Attendee("joe@acme.com", "Joe"), Attendee("dana@acme.com", "Reyes, Dana (ACME)")
ALIKE = Attendee("ceo@acme.co", "Dana Reyes")


@pytest.mark.parametrize(
    ("case", "shown", "named"),
    [
        ("one guest", who(("acme.com",), DANA), "Dana"),
        ("two guests", who(("acme.com",), JOE, Attendee("x@acme.com")), "Acme"),
        ("as the title has it", who(("ortegabros.com",), title="Ortega Bros demo"), "Ortega Bros"),
        ("an address for a name",
         who(("acme.com",), Attendee("dana@acme.com", "dana@acme.com via Calendly")), "Acme"),
        ("a freemail guest", who(("pat@gmail.com",), Attendee("pat@gmail.com", "Pat Doe")), "Pat"),
        ("a name that could be another's",
         who(("acme.io",), JOE, DANA, unnamed=frozenset({"acme.io"})), "acme.io"),
        ("a look-alike",
         who(("acme.co",), ALIKE, JOE, unnamed=frozenset({"acme.co"}),
             lookalikes=frozenset({ALIKE.email})),
         "acme.co [⚠ a domain that looks like a known one]"),
    ],
)  # fmt: skip
def test_the_customer_is_named_by_the_people_left(case, shown, named):
    assert shown == named
