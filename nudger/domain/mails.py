"""The mails that we send: their kinds, and the states that each goes through."""

from __future__ import annotations

from enum import StrEnum


class MailKind(StrEnum):
    QUESTION = "question"
    REMINDER = "reminder"
    CONFIRMATION = "confirmation"
    COMMAND = "command"
    QUARANTINED = "quarantined"
    PROBLEM = "problem"
    FOLLOW_UP = "follow_up"
    WEEKLY = "weekly"
    MANAGER_WEEKLY = "manager_weekly"
    ADMIN_WEEKLY = "admin_weekly"
    COLLEAGUE = "colleague"
    ANNOUNCEMENT = "announcement"
    COMMENT = "comment"


class MailState(StrEnum):
    DUE = "due"
    DRAFTING = "drafting"
    DRAFTED = "drafted"
    SENT = "sent"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"
    IN_DOUBT = "in_doubt"
    FAILED = "failed"


QUESTIONS = (MailKind.QUESTION, MailKind.REMINDER, MailKind.FOLLOW_UP)
"""Mails that we send of our own accord and that ask something."""


OF_A_WEEK = (MailKind.WEEKLY, MailKind.MANAGER_WEEKLY, MailKind.ADMIN_WEEKLY)
"""Mails that come once a week."""


INFORMATIONAL = (*OF_A_WEEK, MailKind.COLLEAGUE, MailKind.ANNOUNCEMENT)
"""Mails that we send of our own accord and that ask nothing."""


ANSWERABLE = (*QUESTIONS, MailKind.COMMENT)
"""Mails that we send unasked and whose reply is an answer about their calls."""


GATHERED_LATE = (*INFORMATIONAL, MailKind.COMMENT)
"""Mails of which it is settled when they go out what they say. They give way to those that ask."""


PROACTIVE = (*QUESTIONS, *GATHERED_LATE)
"""The others answer something that the rep did."""


RESPONSES = (MailKind.CONFIRMATION, MailKind.COMMAND, MailKind.QUARANTINED, MailKind.PROBLEM)


PRE_MEETING = (MailKind.QUESTION, MailKind.REMINDER)


WITHOUT_MEETING = (
    *OF_A_WEEK,
    MailKind.ANNOUNCEMENT,
    MailKind.COMMAND,
    MailKind.QUARANTINED,
)
"""Mails that may be about no meeting."""


ENDED_UNSENT = (MailState.WITHDRAWN, MailState.MERGED, MailState.EXPIRED)


UNSENT = (MailState.DUE, MailState.DRAFTING, MailState.DRAFTED)


IN_CHAT = (*QUESTIONS, MailKind.CONFIRMATION, MailKind.COMMAND, MailKind.PROBLEM)
"""What goes by chat to a rep who chose it."""
