"""A whole meeting's life with marked secrets: none of them is logged, shown by `repr`, said by an
error, or lies in a file."""

from __future__ import annotations

import dataclasses
import gc
import logging
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from nudger.admin.slack_tokens import connect_slack
from nudger.cli.logs import JsonLines
from nudger.config import load_settings
from nudger.jobs.ask import ask
from nudger.jobs.listen import listen
from nudger.jobs.scan import scan
from nudger.jobs.understand import understand
from nudger.jobs.write import write
from nudger.providers.base import ProviderError
from nudger.sandbox.entries import Guest
from nudger.sandbox.faults import Fault
from nudger.store.vault import new_key

ANA = "ana@ourco.example"
GUEST, GUEST_NAME = "quokka.lemur@acme.example", "Quokka Lemur"
TITLE, ANSWER, OUTCOME = "Zebrafink merger", "Pangolin", "Axolotl"
PASSWORD = "Tapir-Okapi-99"  # pragma: allowlist secret
BOT_TOKEN, APP_TOKEN = "xoxb-Narwhal-77", "xapp-Numbat-88"
STEPS = (scan, ask, listen, understand, write, ask)


both_providers = pytest.mark.parametrize("kept_by", ["google", "microsoft"])


class Heard(logging.Handler):
    """All that our loggers say, tracebacks included, as it would be printed."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def heard() -> Iterator[Heard]:
    handler, ours = Heard(), logging.getLogger("nudger")
    before = ours.level
    ours.addHandler(handler)
    ours.setLevel(logging.DEBUG)
    yield handler
    ours.removeHandler(handler)
    ours.setLevel(before)


@pytest.fixture
def shown() -> Iterator[set[str]]:
    """What `repr` makes of each value of ours that is alive whenever something is committed, and at
    the end also of those that were there before."""
    found: set[str] = set()

    def look(_connection: object) -> None:
        found.update(map(repr, our_values()))

    event.listen(Engine, "commit", look)
    gc.collect()
    gc.freeze()  # what other tests left behind need not be gone through at each commit
    yield found
    gc.unfreeze()
    event.remove(Engine, "commit", look)


def our_values() -> Iterator[object]:
    """Dataclasses of the program, not of the sandbox around it."""
    for one in gc.get_objects():
        of = type(one)
        name = getattr(of, "__module__", "")
        ours = isinstance(name, str) and name.startswith("nudger.")
        if ours and not name.startswith("nudger.sandbox") and dataclasses.is_dataclass(of):
            yield one


def key_of(office) -> str:
    return (office.folder / "nudger.key").read_text().strip()


def canaries(office) -> dict[str, str]:
    """The marked words, with what only this run knows: tokens and keys."""
    tokens = [
        mail.headers["reply-to"].partition("+r-")[2].partition("@")[0]
        for mail in office.inbox(ANA)
        if "+r-" in mail.headers.get("reply-to", "")
    ]
    assert tokens
    assert all(len(token) >= 26 for token in tokens)
    return {
        "title": "Zebrafink", "guest": "quokka.lemur", "guest's name": "Quokka", "answer": ANSWER,
        "outcome": OUTCOME, "key": key_of(office), "password": PASSWORD,
        "bot token": BOT_TOKEN, "app token": APP_TOKEN,
        **{f"token {number}": token for number, token in enumerate(tokens)},
    }  # fmt: skip


def connect(office):
    """Have both tokens of Slack tried and kept."""
    office.server.slack.workspace.bot_tokens.add(BOT_TOKEN)
    office.server.slack.workspace.app_tokens.add(APP_TOKEN)
    office.configure(f'[slack]\napi_root = "{office.server.url}/slack/api"\n')
    connect_slack(office.ctx, BOT_TOKEN, APP_TOKEN)
    office.configure("")


def live(office):
    """Ask, be answered, write, be asked what came of it, be told; with faults on the way."""
    connect(office)
    assert office.ctx.settings.slack.bot_token == BOT_TOKEN
    with office.world.lock:
        office.world.add_person(GUEST, GUEST_NAME, zone="UTC", provider="google")
    office.meet(
        title=TITLE, guests=[Guest(ANA, "", "accepted"), Guest(GUEST, GUEST_NAME, "accepted")]
    )
    for step in STEPS:
        step(office.ctx)
    office.reply(f"Quokka agrees to the {ANSWER} pilot by Friday")
    office.world.faults.add(Fault("*", status=500, reason="garbage"))
    for minutes in (2, 5, 70):
        office.later(minutes=minutes)
        for step in STEPS:
            step(office.ctx)
    office.at(datetime(2026, 11, 25, 8, 30, tzinfo=UTC))
    for step in STEPS:
        step(office.ctx)
    office.reply(f"yes, {OUTCOME}")
    office.later(minutes=2)
    for step in STEPS:
        step(office.ctx)


def leaks(office, texts) -> set[str]:
    """What of the canaries stands where, shortened to be read."""
    words = canaries(office).items()
    return {
        f"{name}: {text[:90]}"
        for text in texts
        for name, word in words
        if word.lower() in text.lower()
    }


@both_providers
def test_nothing_is_logged_or_shown(office, heard, shown):
    live(office)
    assert ANSWER in office.description("call1")
    assert leaks(office, heard.lines) == set()
    assert len(shown) > 30
    gc.unfreeze()
    shown.update(map(repr, our_values()))
    assert leaks(office, shown) == set()


@both_providers
def test_the_log_for_programs_names_nobody(office, heard):
    heard.setFormatter(JsonLines())
    live(office)
    assert len(heard.lines) > 5
    assert leaks(office, heard.lines) == set()
    assert not [line for line in heard.lines if "@" in line or "example" in line]


def test_nothing_is_in_a_traceback_when_our_own_code_fails(office, heard, monkeypatch):
    def fail(*_arguments: object) -> None:
        raise RuntimeError("made to fail")

    monkeypatch.setattr("nudger.jobs.write._place_note", fail)
    live(office)
    assert any("made to fail" in line and "Traceback" in line for line in heard.lines)
    assert leaks(office, heard.lines) == set()


def test_nothing_readable_is_in_the_files(office):
    live(office)
    names = {"credentials.json", "nudger.key", "nudger.toml"}
    files = [
        one for one in Path(office.folder).rglob("*") if one.is_file() and one.name not in names
    ]
    assert files
    assert leaks(office, (file.read_bytes().decode("latin-1") for file in files)) == set()


def test_settings_show_no_password_and_no_key(tmp_path, office, monkeypatch):
    monkeypatch.setenv("NUDGER_DATABASE", f"postgresql://nudger:{PASSWORD}@127.0.0.1:1/x")
    key = new_key()
    monkeypatch.setenv("NUDGER_KEY", key)
    file = tmp_path / "other.toml"
    file.write_text('write_back = "private"')
    settings = load_settings(file)
    shown = [repr(settings), str(settings), repr(settings.of_team("none"))]
    assert not [one for one in shown if PASSWORD in one or key in one]
    assert repr(office.ctx).find(key_of(office)) == -1


def test_a_refusal_of_slack_shows_no_token(office):
    office.configure(f'[slack]\napi_root = "{office.server.url}/slack/api"\n')
    shown = []
    for bot, app in ((BOT_TOKEN, APP_TOKEN), ("xoxb-sandbox", APP_TOKEN), (APP_TOKEN, BOT_TOKEN)):
        with pytest.raises(ProviderError) as refused:
            connect_slack(office.ctx, bot, app)
        shown += ["".join(traceback.format_exception(refused.value)), repr(refused.value)]
    assert not [one for one in shown if BOT_TOKEN in one or APP_TOKEN in one]


@both_providers
def test_an_error_of_a_provider_names_no_content(office):
    live(office)
    office.world.faults.add(Fault("*", status=400, reason="invalid"))
    said = []
    for call in (lambda box: box.find_draft("<x@y>"), lambda box: list(box.arrivals(None))):
        try:
            call(office.ctx.accounts.mailbox("nudger@ourco.example"))
        except ProviderError as error:
            said += ["".join(traceback.format_exception(error)), repr(error)]
    assert said
    assert leaks(office, said) == set()
