"""Mails to send. Each is one row, unique by what it is for, and goes through

due -> drafting -> drafted -> sent, or ends as expired, withdrawn, merged, in_doubt or failed.

The row says what we are about to do before we do it, so that after a crash the provider can be
asked what became of it.
"""

from nudger.store.outbox.bounces import bouncing_since, set_bounced
from nudger.store.outbox.claiming import claim_mails, due_kinds, due_mails, last_due
from nudger.store.outbox.finding import (
    about_meeting,
    about_meetings,
    due_at_of,
    find_by_link,
    find_by_message_id,
    find_by_token,
    get_mail,
    meeting_ids,
    of_kind,
    state_of,
)
from nudger.store.outbox.mail import Mail, mail_of
from nudger.store.outbox.putting import NewMail, put, put_new, set_content
from nudger.store.outbox.retiming import Retiming, reopen, resume_deferred, retime, retime_many
from nudger.store.outbox.taking_back import cancel, withdraw
from nudger.store.outbox.waiting_mails import (
    Waiting,
    is_waiting,
    waiting,
    waiting_question,
    waiting_questions,
)

__all__ = [
    "Mail", "NewMail", "Retiming", "Waiting", "about_meeting", "about_meetings",
    "bouncing_since", "cancel", "claim_mails", "due_at_of", "due_kinds", "due_mails",
    "find_by_link", "find_by_message_id", "find_by_token", "get_mail", "is_waiting", "last_due",
    "mail_of", "meeting_ids", "of_kind", "put", "put_new", "reopen", "resume_deferred",
    "retime", "retime_many", "set_bounced", "set_content", "state_of", "waiting",
    "waiting_question", "waiting_questions", "withdraw",
]  # fmt: skip
