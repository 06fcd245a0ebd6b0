"""The API calls of a meeting's whole life: asked, answered, written."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from benchmarks.office import office, rep_address
from benchmarks.sandbox import sandbox
from nudger.domain.mails import MailKind
from nudger.jobs.ask import ask
from nudger.jobs.listen import listen
from nudger.jobs.scan import scan
from nudger.jobs.understand import understand
from nudger.jobs.write import write
from nudger.runtime.context import Context
from nudger.store import outbox, sent_log

ACT = "The customer agrees to a pilot by Friday"
POLLING = ("calendar.events.list", "gmail.users.history.list", "gmail.users.getProfile",
           "gmail.users.messages.list", "oauth.token", "graph.calendar.delta",
           "graph.mail.delta", "graph.settings.get", "microsoft.token")  # fmt: skip


def measure(provider: str, meetings: int) -> dict[str, Any]:
    """JSON: calls by name for one meeting, without the polling that all meetings share."""
    size = ("--fleet", f"1x{meetings * 3}", "--provider", provider)
    with sandbox(*size) as box, office(box.url, 1, provider) as ctx:
        scan(ctx)
        listen(ctx)
        box.reset()
        with ctx.database.read() as tx:
            last = outbox.last_due(tx) or ctx.clock()
        asked = 0
        for moment in moments_due(ctx, last):
            asked += ask(replace(ctx, clock=lambda at=moment: at))
        with ctx.database.read() as tx:
            sent = sent_log.sent_mails(tx, MailKind.QUESTION)
            about = sum(len(outbox.meeting_ids(tx, mail.id)) for mail in sent)
        box.reply(rep_address(0), "\n".join(f"{n}: {ACT}" for n in range(1, 13)))
        later = replace(ctx, clock=lambda: last + timedelta(minutes=30))
        listen(later)
        understand(later)
        written = write(later)
        calls = {k: v for k, v in box.calls().items() if k not in POLLING}
    return {
        "asked": about,
        "asking_mails": asked,
        "written": written,
        "api_calls_per_meeting": round(sum(calls.values()) / max(1, about), 2),
        "by_call": {name: round(count / max(1, about), 2) for name, count in calls.items()},
    }


def moments_due(ctx: Context, last: datetime) -> list[datetime]:
    """When mails are due, each moment once, up to the last."""
    with ctx.database.read() as tx:
        return sorted({mail.due_at for mail in outbox.due_mails(tx, last)})
