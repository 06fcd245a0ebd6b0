"""The set-up as the console goes on with it: what is answered, what an answer does, what it may
not do."""

from __future__ import annotations

import pytest

from nudger.admin.rewriting import Unchanged
from nudger.admin.setup.answers import Unfit
from nudger.admin.setup.progress import answer, progress_of
from nudger.admin.setup.questions import question_of
from nudger.config import load_begun, load_settings
from nudger.domain.reasons import Reason
from nudger.runtime.startup import open_context
from nudger.store import audit, people
from nudger.worker import outgoing
from tests.cli.conftest import Nudger
from tests.office import ANA, NUDGER


@pytest.fixture
def begun(tmp_path):
    """An installation of which nothing is answered yet."""
    nudger = Nudger(tmp_path / "nudger.toml")
    assert nudger("init", "--console", "https://nudger.ourco.example").exit_code == 0
    with open_context(load_begun(nudger.file)) as ctx:
        yield ctx


def give(ctx, key, typed, provider="google"):
    seen = progress_of(ctx).policy.seen
    with ctx.database.begin() as tx:
        answer(ctx, tx, question_of(key), typed, seen, provider)


def keys(steps):
    return [one.question.key for one in steps]


def test_one_answer_after_the_other_is_put_in_place(begun):
    assert keys(progress_of(begun).missing) == ["mailbox", "write_back", "rep"]
    assert progress_of(begun).answers == {}
    for key, typed in (
        ("mailbox", NUDGER), ("domains", "ourco.example"), ("time_zone", "Europe/Berlin"),
        ("language", "de"), ("milestones", "trial"), ("rep", ANA), ("write_back", "meeting"),
    ):  # fmt: skip
        give(begun, key, typed, "microsoft")
    found = progress_of(begun)
    assert found.missing == ()
    assert found.answers == {
        "provider": "microsoft", "mailbox": NUDGER, "domains": "ourco.example", "rep": ANA,
        "write_back": "meeting", "time_zone": "Europe/Berlin", "language": "de",
        "milestones": "keep",
    }  # fmt: skip
    settings = load_settings(begun.settings.file)
    assert (settings.microsoft.mailbox, settings.write_back) == (NUDGER, "meeting")
    assert settings.milestones[1].name == "Demo"
    with begun.database.read() as tx:
        assert [rep.provider.value for rep in people.list_reps(tx)] == ["microsoft"]
        reasons = [one.step.reason for one in audit.after(tx, 0)]
    assert reasons.count(Reason.SETTING_CHANGED) == 5
    assert {Reason.DOMAINS_CHANGED, Reason.REPS_CHANGED} <= set(reasons)


def test_nothing_typed_keeps_what_there_is(begun):
    give(begun, "mailbox", NUDGER)
    give(begun, "mailbox", " ")
    assert progress_of(begun).answers["mailbox"] == NUDGER
    with pytest.raises(Unfit):
        give(begun, "write_back", "")


def test_another_provider_gets_a_mailbox_beside_the_first(begun):
    give(begun, "mailbox", NUDGER)
    assert progress_of(begun, "microsoft").step("mailbox").answer is None
    give(begun, "mailbox", "ask@ourco.example", "microsoft")
    settings = load_begun(begun.settings.file)
    assert (settings.google.mailbox, settings.microsoft.mailbox) == (NUDGER, "ask@ourco.example")


@pytest.mark.parametrize(
    ("key", "typed", "error", "says"),
    [
        ("mailbox", "own", Unchanged, 'mode = "personal"'),
        ("mailbox", "nudger@gmail.com", Unfit, "open to everybody"),
        ("time_zone", "berlin", Unfit, "Did you mean Europe/Berlin?"),
        ("language", "xx", Unfit, "none of en"),
        ("domains", "gmail.com", Unfit, "open to everybody"),
        ("rep", "nobody", Unfit, "not a mail address"),
        ("milestones", "", Unfit, "none of"),
    ],
)
def test_what_is_not_put_in_place(begun, key, typed, error, says):
    before = begun.settings.file.read_text()
    with pytest.raises(error, match=says):
        give(begun, key, typed)
    assert begun.settings.file.read_text() == before


def test_what_the_environment_says_is_not_asked(begun, monkeypatch):
    monkeypatch.setenv("NUDGER_WRITE_BACK", "private")
    step = progress_of(begun).step("write_back")
    assert (step.answer, "NUDGER_WRITE_BACK" in step.why_not) == ("private", True)
    with pytest.raises(Unchanged, match="NUDGER_WRITE_BACK"):
        give(begun, "write_back", "meeting")


def test_who_asks_from_the_rep_is_for_the_file(begun):
    file = begun.settings.file
    file.write_text(file.read_text().replace('mode = "organization"', 'mode = "personal"'))
    step = progress_of(begun).step("mailbox")
    assert (step.answer, step.line) == ("own", 'mode = "organization"')
    with pytest.raises(Unchanged, match="only who can write the file"):
        give(begun, "mailbox", NUDGER)


def test_nothing_is_written_over_a_file_that_was_changed(begun):
    seen, file = progress_of(begun).policy.seen, begun.settings.file
    file.write_text(file.read_text() + "# by hand\n")
    with pytest.raises(Unchanged, match="was changed"), begun.database.begin() as tx:
        answer(begun, tx, question_of("language"), "de", seen, "")


def test_a_domain_that_changes_coming_meetings_is_left_to_their_page(office):
    office.meet()
    outgoing(office.ctx)
    with pytest.raises(Unchanged, match="list them under Domains"):
        give(office.ctx, "domains", "acme.example")
