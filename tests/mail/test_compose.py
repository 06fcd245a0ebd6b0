"""Our mails: to the rep alone, harmless whatever strangers wrote, the same in both parts."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudger.admin.samples import SAMPLES, sample
from nudger.domain.commitment import Answer, Milestone, Outcome
from nudger.domain.event import Attendee
from nudger.domain.mails import MailKind
from nudger.mail.compose import (
    NOTED_LATER,
    REPLY_ABOVE,
    Audience,
    Envelope,
    MeetingShown,
    answer_lines,
    note_lines,
)
from nudger.mail.kind import Call, Content, Letter
from nudger.mail.kinds import KINDS
from nudger.mail.kinds.command import CommandContent
from nudger.mail.kinds.confirmation import ConfirmationContent, Saved
from nudger.mail.kinds.question import render
from nudger.mail.phrases import HELP_LINES
from nudger.mail.reply_text import folded
from nudger.mail.sample_people import calls_on
from nudger.mail.template_cache import templates_for
from nudger.mail.templates import Templates, languages_of
from nudger.mail.token import stop_address

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
        more.get("envelope", ENVELOPE),
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


def test_a_stop_by_header_is_named_in_one_line_for_programs():
    long = stop_address("customer-calls@a-rather-long-name.ourco.example", "a" * 32)
    raw = question(envelope=replace(ENVELOPE, stop_to=long)).as_bytes()
    assert f"\r\nList-Unsubscribe: <mailto:{long}?subject=stop>\r\n".encode() in raw
    assert question()["List-Unsubscribe"] is None


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


FULL = Answer("Dana agrees", "Decision", "Joe agrees")


def test_the_note_has_only_what_was_answered():
    planned = "Planned before the call"
    assert note_lines(TEMPLATES, Answer("Dana agrees")) == (planned, "C.O.: Dana agrees")
    named = ("C.O.: Dana agrees", "Next milestone: Decision", "Fallback: Joe agrees")
    assert note_lines(TEMPLATES, FULL) == (planned, *named)
    assert answer_lines(TEMPLATES, FULL) == named


@pytest.mark.parametrize(
    ("language", "first", "labels"),
    [
        ("en", NOTED_LATER, ["C.O.", "Next milestone", "Fallback", "Agreed"]),
        ("de", "Nach Beginn des Gesprächs notiert",
         ["C.O.", "Nächster Meilenstein", "Rückfallziel", "Zugesagt"]),
    ],
)  # fmt: skip
def test_the_note_says_in_the_reps_words_when_it_was_thought_of(language, first, labels):
    heading, *lines = note_lines(templates_for(None, language), FULL, Outcome.YES, NOTED_LATER)
    assert heading == first
    assert [line.partition(":")[0] for line in lines] == labels


@pytest.mark.parametrize("language", languages_of(None))
@pytest.mark.parametrize("kind", [kind for kind in SAMPLES if kind != "note"])
def test_an_inbox_shows_what_the_mail_is_about_and_nothing_of_an_answer(kind, language):
    shown = sample(kind, templates_for(None, language), (), datetime(2026, 11, 24, 13, tzinfo=UTC))
    first = shown.text.splitlines()[0]
    preview = re.search(r'<div class="preheader" style="display: none[^>]*>(.*?)</div>', shown.html)
    assert preview is not None
    assert shown.html.index(preview[0]) < shown.html.index("<table")
    assert folded(unescape(preview[1])) == folded(first)
    assert len(preview[1]) - len(first) > 150, "what follows is pushed out of sight"
    assert "▲" not in first
    for word in ("Dana, the CFO", "roll-out figures", "30-minute ROI"):
        assert word not in shown.subject + first


ASKING = (
    "question", "digest", "reminder", "follow_up", "confirmation", "problem", "quarantined", "comment",
    "trial",
)  # fmt: skip


@pytest.mark.parametrize("kind", [kind for kind in SAMPLES if kind != "note"])
def test_only_a_mail_that_wants_an_answer_says_where_to_reply(kind):
    shown = sample(kind, TEMPLATES, (), datetime(2026, 11, 24, 13, tzinfo=UTC))
    says_so = [REPLY_ABOVE in form for form in (shown.text, shown.html)]
    assert says_so == [kind in ASKING] * 2


def test_a_confirmation_that_asks_nothing_back_wants_no_answer():
    call = Call(1, calls_on(datetime(2026, 11, 24, 13, tzinfo=UTC), Audience.GUESTS)[0].shown)
    saved = Saved(reason="as_asked", place="written", answer=FULL)
    content = ConfirmationContent(reason="as_asked", saved=(saved,))
    letter = Letter(content, (call,), (), call.shown.zone)
    for part in parts(KINDS[MailKind.CONFIRMATION].render(letter, TEMPLATES, ENVELOPE)):
        assert REPLY_ABOVE not in part
        assert "Dana agrees" in part


def test_words_that_could_not_be_read_are_not_shown_on_a_locked_screen():
    content = CommandContent(reason="unplaced", explanation="This part: “Dana agrees to sign”.")
    letter = Letter(content, calls_on(datetime(2026, 11, 24, tzinfo=UTC), Audience.GUESTS), (), UTC)
    plain, page = parts(KINDS[MailKind.COMMAND].render(letter, TEMPLATES, ENVELOPE))
    assert "sign" not in plain.splitlines()[0]
    assert "sign" in plain
    assert "sign" not in page[page.index('class="preheader"') : page.index("<table")]


def test_dark_screens_and_phones_have_their_styles_and_nothing_else_is_left_in_the_sheet():
    page = parts(question())[1]
    sheet = page[page.index("<style>") + 7 : page.index("</style>")]
    assert "@media (prefers-color-scheme: dark)" in sheet
    assert "@media (max-width: 480px)" in sheet
    assert not re.sub(r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*\s*\}", "", sheet).strip()
    assert '<meta name="color-scheme" content="light dark">' in page
    assert "<!--" not in page


def test_what_one_taps_is_high_enough_for_a_thumb():
    page = sample("follow_up", TEMPLATES, (), datetime(2026, 11, 24, 13, tzinfo=UTC)).html
    style = re.search(
        r'class="choice"[^>]*style="([^"]*)"|style="([^"]*)"[^>]*class="choice"', page
    )
    found = style[1] or style[2]
    high = int(re.search(r"line-height: (\d+)px", found)[1])
    padding = int(re.search(r"padding: (\d+)px", found)[1])
    assert high + 2 * padding >= 44


@pytest.mark.parametrize("language", languages_of(None))
def test_help_parts_what_one_says_from_what_it_means(language):
    shown = sample("command", templates_for(None, language), (), datetime(2026, 11, 24, tzinfo=UTC))
    rows = re.findall(
        r'<td class="say"[^>]*>(.+?)</td><td class="means"[^>]*>(.+?)</td>', shown.html
    )
    assert len(rows) == len(HELP_LINES)
    assert all(said.strip(" :") and means.strip(" :") for said, means in rows)


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
    return message["Subject"], parts(message)[0].splitlines()[5]


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
