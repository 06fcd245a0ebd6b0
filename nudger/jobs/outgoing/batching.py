"""Putting mails together: several questions to a rep at one time are one mail, and so are several
confirmations.

A rep gets no two mails of our own accord within an hour, so that what is due within the next hour
goes along with what is due now.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from pydantic import ValidationError
from sqlalchemy import Connection

from nudger.domain.mails import MailKind
from nudger.jobs.outgoing.content import opened_content, sealed_content
from nudger.mail.kinds.confirmation import ConfirmationContent, Saved
from nudger.runtime.context import Context
from nudger.store import mail_groups, outbox
from nudger.store.mail_groups import DueMail
from nudger.store.vault import SealBroken

AHEAD = timedelta(hours=1)
MAX_MEETINGS = 12
OF_SEVERAL_CALLS = (
    MailKind.QUESTION, MailKind.REMINDER, MailKind.FOLLOW_UP, MailKind.COLLEAGUE,
)  # fmt: skip
BATCHED = (*OF_SEVERAL_CALLS, MailKind.CONFIRMATION)


def batch_due_mails(ctx: Context) -> int:
    """Merge what is due for the same rep; returns how many mails were saved."""
    claimant = ctx.claimant()
    with ctx.database.read() as tx:
        if len(mail_groups.due_unclaimed(tx, claimant, claimant.now + AHEAD, BATCHED)) < 2:
            return 0
    with ctx.database.begin() as tx:
        due = mail_groups.due_unclaimed(tx, claimant, claimant.now + AHEAD, BATCHED)
        groups = [mails for mails in _by_rep_and_kind(due) if mails[0].due_at <= claimant.now]
        return sum(_merge(ctx, tx, mails[:MAX_MEETINGS]) for mails in groups)


def _by_rep_and_kind(due: Iterable[DueMail]) -> Iterable[list[DueMail]]:
    groups: dict[tuple[int, MailKind], list[DueMail]] = defaultdict(list)
    for mail in due:
        groups[mail.rep_id, mail.kind].append(mail)
    return groups.values()


def _merge(ctx: Context, tx: Connection, mails: Sequence[DueMail]) -> int:
    ids = [mail.id for mail in mails]
    if mails[0].kind is MailKind.CONFIRMATION:
        told = _told(ctx, tx, ids)
        ids = [mail_id for mail_id in ids if mail_id in told]
        _join_contents(ctx, tx, ids, told)
    if len(ids) > 1:
        mail_groups.merge(tx, ids[0], ids[1:])
    return max(0, len(ids) - 1)


def _told(ctx: Context, tx: Connection, ids: Sequence[int]) -> dict[int, tuple[Saved, ...]]:
    """What each of these confirmations says; what does not open is left to go alone."""
    found: dict[int, tuple[Saved, ...]] = {}
    for mail_id in ids:
        try:
            mail = outbox.get_mail(tx, mail_id)
            found[mail_id] = opened_content(ctx, mail, ConfirmationContent).saved
        except (SealBroken, ValidationError):
            continue
    return found


def _join_contents(
    ctx: Context, tx: Connection, ids: Sequence[int], told: Mapping[int, tuple[Saved, ...]]
) -> None:
    """Have the first say what all say; of two about one meeting, the later counts."""
    if len(ids) < 2:
        return
    saved: dict[int, Saved] = {}
    for mail_id in (ids[0], *sorted(ids[1:])):
        saved |= zip(outbox.meeting_ids(tx, mail_id), told[mail_id], strict=True)
    first = outbox.get_mail(tx, ids[0])
    content = ConfirmationContent(reason=first.reason, saved=tuple(saved.values()))
    outbox.set_content(tx, first.id, sealed_content(ctx, first.once, content))
