"""Putting mails together: several questions to a rep at one time are one mail, and so are several
confirmations.

A rep gets no two mails of our own accord within an hour, so that what is due within the next hour
goes along with what is due now.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Connection

from nudger.domain.mails import MailKind
from nudger.jobs.outgoing.content import opened_content, sealed_content
from nudger.mail.kinds.confirmation import ConfirmationContent, Saved
from nudger.runtime.context import Context
from nudger.store import mail_groups, outbox
from nudger.store.mail_groups import DueMail

AHEAD = timedelta(hours=1)
MAX_MEETINGS = 12
OF_SEVERAL_CALLS = (
    MailKind.QUESTION, MailKind.REMINDER, MailKind.FOLLOW_UP, MailKind.COLLEAGUE,
)  # fmt: skip


def batch_due_mails(ctx: Context) -> int:
    """Merge what is due for the same rep; returns how many mails were saved."""
    claimant = ctx.claimant()
    now = claimant.now
    kinds = (*OF_SEVERAL_CALLS, MailKind.CONFIRMATION)
    with ctx.database.read() as tx:
        if len(mail_groups.due_unclaimed(tx, claimant, now + AHEAD, kinds)) < 2:
            return 0
    saved = 0
    with ctx.database.begin() as tx:
        groups: dict[tuple[int, MailKind], list[DueMail]] = defaultdict(list)
        for mail in mail_groups.due_unclaimed(tx, claimant, now + AHEAD, kinds):
            groups[mail.rep_id, mail.kind].append(mail)
        for (_, kind), mails in groups.items():
            if len(mails) > 1 and mails[0].due_at <= now:
                together = mails[:MAX_MEETINGS]
                if kind is MailKind.CONFIRMATION:
                    _join_contents(ctx, tx, together)
                mail_groups.merge(tx, together[0].id, [mail.id for mail in together[1:]])
                saved += len(together) - 1
    return saved


def _join_contents(ctx: Context, tx: Connection, mails: Sequence[DueMail]) -> None:
    """Have the first say what all say; of two about one meeting, the later counts."""
    first_id, *rest = [mail.id for mail in mails]
    full = [outbox.get_mail(tx, mail_id) for mail_id in (first_id, *sorted(rest))]
    saved: dict[int, Saved] = {}
    for mail in full:
        told = opened_content(ctx, mail, ConfirmationContent).saved
        saved |= zip(outbox.meeting_ids(tx, mail.id), told, strict=True)
    first = full[0]
    content = ConfirmationContent(reason=first.reason, saved=tuple(saved.values()))
    outbox.set_content(tx, first.id, sealed_content(ctx, first.once, content))
