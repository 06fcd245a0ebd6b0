"""Mails to send, and those that came in."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from nudger.domain.mails import UNSENT
from nudger.store.tables.columns import Moment, failing, hinted, leased, metadata, partial
from nudger.store.written_out import rows_with

mail = Table(
    "mail",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(24), nullable=False),
    Column("once", String(200), nullable=False, unique=True),
    Column("rep_id", ForeignKey("rep.id", ondelete="CASCADE"), nullable=False),
    Column("recipient", String(254)),
    Column("state", String(16), nullable=False),
    Column("reason", String(40), nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("content", LargeBinary),
    Column("token_hash", String(64), unique=True),
    Column("link_hash", String(64)),
    Column("rfc_message_id", String(300), index=True),
    Column("draft_id", String(300)),
    Column("provider_message_id", String(300)),
    Column("thread_id", String(300), index=True),
    Column("sent_at", Moment),
    Column("own_lines", LargeBinary),
    Column("is_batch", Boolean, nullable=False, server_default=false()),
    Column("token_void", Boolean, nullable=False, server_default=false()),
    Column("bounced_at", Moment),
    *leased(),
    Index(None, "state", "due_at"),
    # What a rep was mailed lately, and what was put and never sent.
    Index(None, "rep_id", "sent_at", "due_at"),
    Index(None, "link_hash", unique=True),
    # Claims, and when the next is due: what waits is a handful of a year's mails.
    partial("ix_mail_unsent_due_at", "due_at", where=rows_with(*UNSENT)),
    # What waits for one rep, without the other reps' mails.
    partial("ix_mail_unsent_rep_id", "rep_id", "due_at", where=rows_with(*UNSENT)),
    # What somebody got as a manager; nearly all mails go to the rep and have no recipient.
    partial("ix_mail_recipient", "recipient", "sent_at", where=text("recipient IS NOT NULL")),
    failing("mail", "state"),
)

mail_meeting = Table(
    "mail_meeting",
    metadata,
    Column("mail_id", ForeignKey("mail.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("meeting_id", ForeignKey("meeting.id", ondelete="CASCADE"), nullable=False, index=True),
)

retired_token = Table(
    "retired_token",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("retired_at", Moment, nullable=False),
)

mailbox = Table(
    "mailbox",
    metadata,
    Column("address", String(254), primary_key=True),
    Column("provider", String(16), nullable=False),
    Column("cursor", Text),
    Column("listened_at", Moment),
    Column("due_at", Moment, nullable=False),
    Column("hints", Integer, nullable=False, server_default="0"),
    *leased(),
    hinted("mailbox"),
)

inbound = Table(
    "inbound",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("mailbox", String(254), nullable=False),
    Column("provider_message_id", String(300), nullable=False),
    Column("thread_id", String(300), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("sent_by_owner", Boolean, nullable=False),
    Column("raw", LargeBinary),
    Column("state", String(16), nullable=False),
    Column("disposition", String(24)),
    Column("reason", String(40)),
    # Other replies to the same mail; and a mail that goes is looked for here.
    Column("mail_id", ForeignKey("mail.id", ondelete="SET NULL"), index=True),
    Column("words", String(64), index=True),
    Column("due_at", Moment, nullable=False),
    *leased(),
    UniqueConstraint("mailbox", "provider_message_id"),
    Index(None, "state", "due_at"),
    # Claims: what is not understood yet.
    partial("ix_inbound_stored", "due_at", where=rows_with("stored")),
    failing("inbound", "state"),
)
