"""One person's consent: through the browser's way and back, then the whole loop as that person."""

from __future__ import annotations

import json
import threading
import webbrowser

import httpx
import pytest

from nudger.config import load_settings
from nudger.domain.event import Provider
from nudger.jobs.ask import ask
from nudger.jobs.listen import listen
from nudger.jobs.scan import scan
from nudger.jobs.understand import understand
from nudger.jobs.write import write
from nudger.runtime.accounts import open_accounts
from nudger.runtime.context import Context
from nudger.sandbox.faults import Fault
from nudger.sandbox.google.oauth import oauth_client
from nudger.sandbox.people_pages import reply_to
from nudger.store import people
from nudger.store.people import NewRep
from tests.waiting import PATIENCE

ANA = "ana@ourco.example"


@pytest.fixture
def browser(monkeypatch):
    """A browser that follows the consent page's answer back to this machine."""
    visits = []

    class Browser:
        def open(self, url, **_more):
            more = {"follow_redirects": True, "timeout": PATIENCE}
            visits.append(threading.Thread(target=httpx.get, args=(url,), kwargs=more))
            visits[-1].start()
            return True

    monkeypatch.setattr(webbrowser, "get", lambda *_names: Browser())
    yield
    for visit in visits:
        visit.join()


@pytest.fixture
def personal(office):
    """The office's configuration in the personal mode."""
    file = office.folder / "nudger.toml"
    file.write_text('mode = "personal"\n' + file.read_text())
    credentials = {"google_oauth_client": oauth_client(office.server.url)}
    (office.folder / "credentials.json").write_text(json.dumps(credentials))
    settings = load_settings(file)
    accounts = open_accounts(settings, office.ctx.database, office.ctx.vault, office.world.now)
    return Context(
        settings, office.ctx.database, office.ctx.vault, accounts, clock=office.world.now
    )


def test_connect_then_the_whole_loop(office, personal, browser, nudger_in_office):
    result = nudger_in_office("connect", "google", ANA)
    assert result.exit_code == 0, result.output
    office.meet()
    scan(personal)
    ask(personal)
    (question,) = [m for m in office.world.mailboxes.of(ANA).values() if "INBOX" in m.labels]
    stranger = f"From: eve@evil.example\r\nTo: {ANA}\r\nSubject: Secret\r\n\r\nSecret\r\n"
    office.world.mailboxes.receive(stranger.encode())
    reply_to(office.world, ANA, question, "Dana agrees to a pilot\n2")
    office.later(minutes=2)
    listen(personal)
    understand(personal)
    write(personal)
    assert "Dana agrees to a pilot" in office.description("call1")
    opened = office.calls["gmail.users.messages.get"]
    assert opened == 1, "the reply, neither our own question nor anything of strangers"


def test_a_rep_who_is_not_connected_is_told_how(office, personal):
    failure = scan(personal).failures[ANA]
    assert f"nudger connect google {ANA}" in failure


def test_a_revoked_consent_asks_to_reconnect(office, personal, browser, nudger_in_office):
    nudger_in_office("connect", "google", ANA)
    office.world.people[ANA].revoked = True
    assert "nudger connect google" in scan(personal).failures[ANA]
    office.world.people[ANA].revoked = False
    office.server.google.tokens._refresh.clear()
    nudger_in_office("connect", "google", ANA)
    office.later(hours=2)
    assert scan(personal).failures == {}


@pytest.fixture
def outlook(office):
    """The office in the personal mode with its rep on Outlook."""
    file = office.folder / "nudger.toml"
    file.write_text(
        f'write_back = "private"\nmode = "personal"\ntime_zone = "Europe/Berlin"\n[microsoft]\n'
        f'graph_root = "{office.server.url}/v1.0"\nauthority = "{office.server.url}"\n'
    )
    for email in (ANA, "ben@ourco.example"):
        office.world.people[email].provider = "microsoft"
    office.server.microsoft.identity.signs_in = ANA
    with office.ctx.database.begin() as tx:
        people.add_rep(tx, NewRep(ANA, Provider.MICROSOFT), office.world.now())
    settings = load_settings(file)
    accounts = open_accounts(settings, office.ctx.database, office.ctx.vault, office.world.now)
    return Context(
        settings, office.ctx.database, office.ctx.vault, accounts, clock=office.world.now
    )


@pytest.mark.parametrize("way", [(), ("--device",)])
def test_outlook_by_browser_or_by_code_then_the_whole_loop(
    office, outlook, browser, nudger_in_office, way
):
    result = nudger_in_office("connect", "outlook", ANA, *way)
    assert result.exit_code == 0, result.output
    office.meet(uid="call1")
    assert scan(outlook).failures == {}
    ask(outlook)
    (question,) = [m for m in office.world.mailboxes.of(ANA).values() if "INBOX" in m.labels]
    reply_to(office.world, ANA, question, "Dana agrees to a pilot\n2")
    office.later(minutes=2)
    listen(outlook)
    understand(outlook)
    write(outlook)
    notes = [e.description for e in office.world.calendars.of(ANA).values() if e.id != "call1"]
    assert len(notes) == 1
    assert "Dana agrees to a pilot" in notes[0]


def test_what_an_admin_consented_to_for_everybody_tells_a_person_s_hours(
    office, outlook, browser, nudger_in_office
):
    office.server.microsoft.identity.consented += ("MailboxSettings.Read",)
    office.world.people[ANA].zone = "America/New_York"
    assert nudger_in_office("connect", "outlook", ANA).exit_code == 0
    assert scan(outlook).failures == {}
    (rep,) = nudger_in_office.json("reps", "list")
    assert (rep["works"]["time_zone"], rep["works"]["starts"]) == ("America/New_York", "08:00")


def test_somebody_else_who_signs_in_is_not_taken_for_the_rep(
    office, outlook, browser, nudger_in_office
):
    office.server.microsoft.identity.signs_in = "ben@ourco.example"
    result = nudger_in_office("connect", "outlook", ANA)
    assert result.exit_code == 1
    assert "ben@ourco.example signed in" in result.stderr


def connected_question(office, personal, nudger_in_office):
    """Ana has connected, and a question to her is planned."""
    nudger_in_office("connect", "google", ANA)
    office.meet()
    assert scan(personal).failures == {}


def questions(office):
    return [m for m in office.world.mailboxes.of(ANA).values() if "INBOX" in m.labels]


def test_a_withdrawn_consent_holds_the_question_until_it_is_back(
    office, personal, browser, nudger_in_office
):
    connected_question(office, personal, nudger_in_office)
    office.world.people[ANA].revoked = True
    ask(personal)
    office.later(minutes=20)
    refused = office.world.ledger.calls["oauth.token"]
    for _ in range(4):
        ask(personal)
        office.later(minutes=20)
    assert questions(office) == []
    assert office.world.ledger.calls["oauth.token"] == refused, (
        "it is not asked for again and again"
    )
    with office.ctx.database.read() as tx:
        assert people.find_rep(tx, ANA).state is people.RepState.RECONNECT
    office.world.people[ANA].revoked = False
    nudger_in_office("connect", "google", ANA)
    office.later(minutes=20)
    ask(personal)
    assert len(questions(office)) == 1


def test_a_question_that_was_held_ends_when_its_time_has_passed(
    office, personal, browser, nudger_in_office
):
    connected_question(office, personal, nudger_in_office)
    office.world.people[ANA].revoked = True
    ask(personal)
    office.later(hours=30)
    ask(personal)
    (meeting,) = nudger_in_office.json("explain", "call1")
    assert (meeting["meeting"]["state"], meeting["meeting"]["reason"]) == ("expired", "too_late")


def test_who_stopped_us_stays_so_when_the_consent_comes_back(
    office, personal, browser, nudger_in_office
):
    connected_question(office, personal, nudger_in_office)
    with office.ctx.database.begin() as tx:
        people.set_state(tx, people.find_rep(tx, ANA).id, people.RepState.STOPPED)
    office.world.people[ANA].revoked = True
    office.later(hours=1)
    assert ANA in scan(personal).failures
    office.world.people[ANA].revoked = False
    nudger_in_office("connect", "google", ANA)
    with office.ctx.database.read() as tx:
        assert people.find_rep(tx, ANA).state is people.RepState.STOPPED


def test_a_client_that_is_refused_is_no_withdrawn_consent(
    office, personal, browser, nudger_in_office
):
    nudger_in_office("connect", "google", ANA)
    office.world.faults.add(Fault("oauth.token", status=401, reason="invalid_client", times=None))
    assert scan(personal).failures[ANA].startswith("sign-in refused")
    with office.ctx.database.read() as tx:
        assert people.find_rep(tx, ANA).state is people.RepState.ACTIVE
