"""Listening: what it asks the database about the mails of a page."""

from __future__ import annotations

from dataclasses import replace

from nudger.jobs.ask import ask
from nudger.jobs.listen import listen
from nudger.jobs.scan import scan

ANA = "ana@ourco.example"


def test_a_page_of_mails_is_looked_up_in_one_go(office):
    office.meet()
    scan(office.ctx)
    ask(office.ctx)
    for n in range(12):
        office.reply(f"Dana agrees to pilot number {n}", mail=0)
    personal = office.ctx.settings.model_copy(update={"mode": "personal"})
    office.ctx = replace(office.ctx, settings=personal)
    office.later(minutes=2)
    heard: list[int] = []
    statements = office.statements(lambda: heard.append(listen(office.ctx)))
    assert heard == [12]
    (threads,) = (s for s in statements if s.startswith("SELECT mail."))
    assert "thread_id IN" in threads, "not every mail that was ever sent"
