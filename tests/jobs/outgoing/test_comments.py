"""A manager's word on a call: it reaches the rep before it, once, as plain text, and a reply to it
amends what is planned. On both providers."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest

from nudger.admin.commenting import CommentRefused, NewComment, NotTheirs, comment
from nudger.admin.persons import find_person
from nudger.domain.event import Provider
from nudger.domain.mails import MailKind, MailState
from nudger.mail.token import new_token
from nudger.sandbox.people_pages import plain_text
from nudger.store import outbox, people
from nudger.store.people import NewRep
from tests.office import ANA, DANA, run_once

MIA, OLE = "mia@ourco.example", "ole@ourco.example"
FIRST = "Dana agrees to a pilot by Friday"
BETTER = "Dana, the CFO, agrees to sign the pilot contract by Friday"


@pytest.fixture(params=["google", "microsoft"])
def kept_by(request):
    return request.param


@pytest.fixture
def led(office):
    """Ana answered for her call with Dana tomorrow, and lets Mia, who is no rep, read her calls."""
    set_manager(office, MIA)
    with office.ctx.database.begin() as tx:
        people.set_shared_with(tx, people.find_rep(tx, ANA).id, MIA, office.ctx.clock())
    office.meet()
    run_once(office.ctx)
    office.reply(FIRST)
    after(office, minutes=2)
    after(office, minutes=61)
    return office


def set_manager(office, manager):
    provider = Provider(office.world.people[ANA].provider)
    with office.ctx.database.begin() as tx:
        people.add_rep(tx, NewRep(ANA, provider, "Ana Weber", manager=manager), office.ctx.clock())


def after(office, **by):
    office.later(**by)
    run_once(office.ctx)


def say(office, text, meeting=1, nonce=None):
    ctx = office.ctx
    with ctx.database.begin() as tx:
        person = find_person(ctx, tx, MIA)
        comment(ctx, tx, person, NewComment(meeting, text, nonce or new_token(ctx.random_bytes)))


def came(office):
    """The words that came, newest last."""
    return [one for one in office.inbox(ANA) if "a word from" in str(one.headers.get("subject"))]


def ends(office):
    with office.ctx.database.read() as tx:
        return [(one.state, one.reason) for one in outbox.of_kind(tx, MailKind.COMMENT)]


def test_it_comes_once_to_the_rep_alone_and_can_be_stopped_by_its_header(led):
    guests = len(led.inbox(DANA))
    for _ in range(2):
        say(led, "Ask who signs", nonce="a" * 32)
    for _ in range(3):
        after(led, minutes=2)
    (mail,) = came(led)
    text = plain_text(mail)
    for seen in ("ACME: pilot review", "Ask who signs", FIRST, "the guests can read it"):
        assert seen in " ".join(text.split())
    headers = message_from_bytes(mail.raw, policy=default)
    assert "+s-" in headers["List-Unsubscribe"]
    assert ANA in str(headers["To"])
    assert headers["Cc"] is headers["Bcc"] is None
    assert len(led.inbox(DANA)) == guests
    assert "Ask who signs" not in str(headers["Subject"])


def test_a_reply_amends_the_note_in_the_event(led):
    assert FIRST in led.description("call1")
    say(led, "Who signs, and what?")
    after(led, minutes=2)
    assert came(led)
    led.reply(BETTER)
    after(led, minutes=2)
    after(led, minutes=2)
    assert BETTER in led.description("call1")
    assert FIRST not in led.description("call1")
    led.reply("undo")
    after(led, minutes=2)
    after(led, minutes=2)
    assert FIRST in led.description("call1")


def test_commands_work_in_reply(led):
    say(led, "Who signs, and what?")
    after(led, minutes=2)
    led.reply("private")
    after(led, minutes=2)
    after(led, minutes=2)
    assert FIRST not in led.description("call1")


def test_what_is_said_within_the_hour_becomes_one_mail(led):
    start = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
    led.meet("call2", start=start, title="ACME: contract")
    after(led, minutes=2)
    for meeting, text in ((1, "First word"), (1, "Second word"), (2, "Of the other")):
        say(led, text, meeting)
    assert came(led) == []
    after(led, minutes=62)
    (mail,) = came(led)
    text = " ".join(plain_text(mail).split())
    assert text.index("First word") < text.index("Second word") < text.index("Of the other")
    assert str(mail.headers["subject"]).startswith("2 calls")
    led.reply(f"B: {BETTER}")
    after(led, minutes=2)
    after(led, minutes=2)
    assert BETTER in led.description("call2")
    assert FIRST in led.description("call1")
    say(led, "A third word")
    after(led, minutes=2)
    assert len(came(led)) == 1
    after(led, minutes=60)
    assert len(came(led)) == 2


def test_it_is_not_sent_once_another_is_the_manager(led):
    led.meet("call2", start=led.world.now().replace(hour=16), title="ACME: contract")
    after(led, minutes=2)
    say(led, "Ask who signs")
    set_manager(led, OLE)
    after(led, minutes=62)
    assert came(led) == []
    assert ends(led) == [(MailState.EXPIRED, "not_shared")]


def test_it_is_not_sent_once_the_call_is_off(led):
    led.meet("call2", start=led.world.now().replace(hour=16), title="ACME: contract")
    after(led, minutes=2)
    say(led, "Ask who signs")
    with led.world.lock:
        led.world.calendars.cancel(led.world.calendars.find(ANA, "call1"), ANA)
    after(led, minutes=62)
    after(led, minutes=2)
    assert came(led) == []


def test_it_is_refused_once_it_cannot_come_before_the_call(led):
    led.at(datetime(2026, 11, 24, 12, 56, tzinfo=UTC))
    with pytest.raises(CommentRefused, match="not enough time"):
        say(led, "Ask who signs")
    assert ends(led) == []


def test_it_is_refused_for_a_call_that_is_not_shown(led):
    led.meet("far", start=datetime(2026, 11, 26, 13, 0, tzinfo=UTC), title="ACME: far")
    after(led, minutes=2)
    for meeting in (2, 77):
        with pytest.raises(NotTheirs):
            say(led, "Ask who signs", meeting)


@pytest.mark.parametrize(
    "text",
    [
        "<img src=x onerror=alert(1)><a href='https://evil.example'>here</a>",
        "x\r\nBcc: dana@acme.example\r\n\r\nDear Dana",
        "{{ 7 * 7 }}{% include '/etc/passwd' %}",
        "%(name)s %s %",
        "▲ Please reply above this line ▲\nOn Monday Ana wrote:\n> Dana agrees to nothing",
        "\u202egnp.exe\u0000\u200b",
        "=?utf-8?q?Subject?= A: no\nB: no",
    ],
)
def test_hostile_words_are_plain(led, text):
    say(led, text)
    after(led, minutes=2)
    (mail,) = came(led)
    message = message_from_bytes(mail.raw, policy=default)
    assert message["Bcc"] is None
    assert str(message["Subject"]).startswith("ACME: pilot review")
    page = message.get_body(("html",)).get_content()
    for markup in ("<img", "<a href='https", ">49", "\u202e", "root:"):
        assert markup not in page
    assert len(led.inbox(DANA)) == 0
    led.reply(BETTER)
    after(led, minutes=2)
    after(led, minutes=2)
    assert BETTER in led.description("call1")
