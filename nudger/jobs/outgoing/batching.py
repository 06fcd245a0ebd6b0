"""Putting mails together: several questions to a rep at one time are one mail, and so are several
confirmations.

A rep gets no two mails of our own accord within an hour, so that what is due within the next hour
goes along with what is due now.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import TypeVar

from pydantic import ValidationError
from sqlalchemy import Connection

from nudger.domain.mails import MailKind
from nudger.jobs.outgoing.content import opened_content, sealed_content
from nudger.mail.kind import Content
from nudger.mail.kinds.comment import CommentContent
from nudger.mail.kinds.confirmation import ConfirmationContent, Saved
from nudger.runtime.context import Context
from nudger.store import mail_groups, outbox
from nudger.store.mail_groups import DueMail
from nudger.store.vault import SealBroken

C = TypeVar("C", bound=Content)
AHEAD = timedelta(hours=1)
MAX_MEETINGS = 12
OF_SEVERAL_CALLS = (
    MailKind.QUESTION, MailKind.REMINDER, MailKind.FOLLOW_UP, MailKind.COLLEAGUE,
)  # fmt: skip
BATCHED = (*OF_SEVERAL_CALLS, MailKind.CONFIRMATION, MailKind.COMMENT)


def batch_due_mails(ctx: Context, tx: Connection) -> None:
    """Merge what is due for the same rep."""
    claimant = ctx.claimant()
    due = mail_groups.due_unclaimed(tx, claimant, claimant.now + AHEAD, BATCHED)
    groups = [mails for mails in _by_rep_and_kind(due) if mails[0].due_at <= claimant.now]
    for mails in groups:
        if len(mails) > 1:
            _merge(ctx, tx, mails[:MAX_MEETINGS])


def _by_rep_and_kind(due: Iterable[DueMail]) -> Iterable[list[DueMail]]:
    groups: dict[tuple[int, MailKind], list[DueMail]] = defaultdict(list)
    for mail in due:
        groups[mail.rep_id, mail.kind].append(mail)
    return groups.values()


def _merge(ctx: Context, tx: Connection, mails: Sequence[DueMail]) -> None:
    ids = [mail.id for mail in mails]
    match mails[0].kind:
        case MailKind.CONFIRMATION:
            _merge_confirmations(ctx, tx, ids)
        case MailKind.COMMENT:
            _merge_comments(ctx, tx, ids)
        case _:
            mail_groups.merge(tx, ids[0], ids[1:])


def _merge_confirmations(ctx: Context, tx: Connection, ids: Sequence[int]) -> None:
    """Have the first say what all say; of two about one meeting, the later counts."""
    told = _told(ctx, tx, ids)
    if len(told) < 2:
        return
    first, *rest = told
    saved: dict[int, Saved] = {}
    for mail_id in (first, *sorted(rest)):
        saved |= zip(outbox.meeting_ids(tx, mail_id), told[mail_id], strict=True)
    mail_groups.merge(tx, first, rest)
    mail = outbox.get_mail(tx, first)
    in_order = tuple(saved[meeting_id] for meeting_id in outbox.meeting_ids(tx, first))
    content = ConfirmationContent(reason=mail.reason, saved=in_order)
    outbox.set_content(tx, first, sealed_content(ctx, mail.once, content))


def _told(ctx: Context, tx: Connection, ids: Sequence[int]) -> dict[int, tuple[Saved, ...]]:
    """What each of these confirmations says."""
    return {one: said.saved for one, said in _opened(ctx, tx, ids, ConfirmationContent).items()}


def _merge_comments(ctx: Context, tx: Connection, ids: Sequence[int]) -> None:
    """Have the first say what all say, in the order in which it was said."""
    said = _opened(ctx, tx, ids, CommentContent)
    if len(said) < 2:
        return
    first, *rest = said
    mail_groups.merge(tx, first, rest)
    remarks = tuple(remark for one in sorted(said) for remark in said[one].remarks)
    content = sealed_content(ctx, outbox.get_mail(tx, first).once, CommentContent(remarks=remarks))
    outbox.set_content(tx, first, content)


def _opened(ctx: Context, tx: Connection, ids: Sequence[int], model: type[C]) -> dict[int, C]:
    """What each of these mails says; what does not open is left to go alone."""
    found: dict[int, C] = {}
    for mail_id in ids:
        try:
            found[mail_id] = opened_content(ctx, outbox.get_mail(tx, mail_id), model)
        except (SealBroken, ValidationError):
            continue
    return found
