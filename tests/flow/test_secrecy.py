"""What strangers and reps wrote cannot be read from the database's file."""

from __future__ import annotations

from pathlib import Path

from nudger.jobs.ask import ask
from nudger.jobs.listen import listen
from nudger.jobs.scan import scan
from nudger.jobs.understand import understand


def test_titles_mails_and_answers_are_sealed(office):
    office.meet(title="Merger with Zebrafink")
    scan(office.ctx)
    ask(office.ctx)
    office.reply("Dana agrees to the Pangolin pilot")
    office.later(minutes=2)
    listen(office.ctx)
    understand(office.ctx)
    content = b"".join(file.read_bytes() for file in Path(office.folder).glob("nudger.db*"))
    assert b"acme.example" in content
    assert b"Zebrafink" not in content
    assert b"Pangolin" not in content
    assert b"meet.google.com" not in content


def test_a_reply_token_is_not_in_the_database(office):
    office.meet()
    scan(office.ctx)
    ask(office.ctx)
    token = office.inbox("ana@ourco.example")[-1].headers["reply-to"].partition("+r-")[2][:32]
    content = b"".join(file.read_bytes() for file in Path(office.folder).glob("nudger.db*"))
    assert token.encode() not in content
