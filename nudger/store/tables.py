"""The tables. Moments are UTC; what strangers or reps wrote is sealed (see `vault`).

`lease_owner`, `lease_until` and `fence` on a table say that its rows are work to be claimed
(see `leases`).
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.types import TypeDecorator

from nudger.domain.mails import UNSENT
from nudger.store.written_out import rows_with


class Moment(TypeDecorator[datetime]):
    """An aware `datetime`, kept as UTC."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else value.replace(tzinfo=UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _leased() -> list[Column[Any]]:
    return [
        Column("lease_owner", String(80)),
        Column("lease_until", Moment),
        Column("fence", Integer, nullable=False, server_default="0"),
        Column("attempts", Integer, nullable=False, server_default="0"),
        Column("last_error", Text),
    ]


def _partial(name: str, *columns: str, where: Any) -> Index:
    """An index of some of the rows; statements say so in their text (see `written_out`)."""
    return Index(name, *columns, sqlite_where=where, postgresql_where=where)


def _hinted(table_name: str) -> Index:
    """Whether a hint waits is asked every second."""
    return _partial(f"ix_{table_name}_hinted", "due_at", where=text("hints > 0"))


def _failing(table_name: str, key: str) -> Index:
    """`nudger status` and the health check ask for what failed, every minute."""
    return _partial(f"ix_{table_name}_failing", key, where=text("last_error IS NOT NULL"))


domain = Table(
    "domain",
    metadata,
    Column("entry", String(254), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("added_at", Moment, nullable=False),
)

domain_review = Table(
    "domain_review",
    metadata,
    Column("domain", String(254), primary_key=True),
    Column("told_at", Moment),
    Column("put_off_until", Moment),
)

rep = Table(
    "rep",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("email", String(254), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("provider", String(16), nullable=False),
    Column("aliases", JSON, nullable=False),
    Column("time_zone", String(64)),
    Column("country", String(8)),
    Column("language", String(8)),
    Column("team", String(80)),
    Column("manager", String(254)),
    Column("disclosed_manager", String(254)),
    Column("shared_with", String(254)),
    Column("shared_since", Moment),
    Column("calendar_hours", JSON),
    Column("calendar_hours_read_at", Moment),
    Column("hard_bounces", Integer, nullable=False, server_default="0"),
    Column("announced_at", Moment),
    Column("position", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("state_reason", Text),
    Column("paused_until", Moment),
    Column("added_at", Moment, nullable=False),
)

series = Table(
    "series",
    metadata,
    Column("series_id", String(1024), primary_key=True),
    Column("rep_id", ForeignKey("rep.id", ondelete="CASCADE"), nullable=False),
    Column("cadence", String(16)),
    Column("counted_from", Moment, nullable=False),
    Column("customers", JSON, nullable=False),
    Column("title_hash", String(64), index=True),
    Column("follows", String(1024)),
    Column("chosen_at", Moment),
)

secret = Table(
    "secret",
    metadata,
    Column("name", String(300), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("updated_at", Moment, nullable=False),
)

data_key = Table(
    "data_key",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("wrapped", LargeBinary, nullable=False),
    Column("created_at", Moment, nullable=False),
)

calendar = Table(
    "calendar",
    metadata,
    Column("rep_id", ForeignKey("rep.id", ondelete="CASCADE"), primary_key=True),
    Column("cursor", Text),
    Column("window_end", Moment),
    Column("rules_version", String(64)),
    Column("scanned_at", Moment),
    Column("due_at", Moment, nullable=False),
    Column("hints", Integer, nullable=False, server_default="0"),
    *_leased(),
    # Claims: of some thousands that are due in the morning, a few at a time.
    Index(None, "due_at", "rep_id"),
    _hinted("calendar"),
)

meeting = Table(
    "meeting",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("meeting_key", String(300), nullable=False, unique=True),
    Column("rep_id", ForeignKey("rep.id", ondelete="CASCADE"), nullable=False),
    Column("rep_reason", String(40), nullable=False),
    Column("fingerprint", String(64), nullable=False, index=True),
    Column("state", String(16), nullable=False),
    Column("reason", String(40), nullable=False),
    Column("start_at", Moment, nullable=False),
    Column("end_at", Moment, nullable=False),
    Column("time_zone", String(64), nullable=False),
    Column("customers", JSON, nullable=False),
    Column("details", LargeBinary, nullable=False),
    Column("planned_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Index(None, "state", "start_at"),
    # The rep's calls before and ahead.
    Index(None, "rep_id", "start_at"),
    # What was answered before a call, the latest first: withdrawn and silent ones are skipped.
    _partial("ix_meeting_answered", "rep_id", "start_at", where=rows_with("answered", "written")),
)

occurrence = Table(
    "occurrence",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("rep_id", ForeignKey("rep.id", ondelete="CASCADE"), nullable=False),
    Column("event_id", String(1024), nullable=False),
    Column("series_id", String(1024), nullable=False, index=True),
    Column("etag", String(200), nullable=False),
    Column("start_at", Moment, nullable=False),
    Column("original_start", Moment),
    Column("verdict", String(8), nullable=False),
    Column("reason", String(40), nullable=False),
    Column("meeting_id", ForeignKey("meeting.id", ondelete="SET NULL"), index=True),
    Column("outsiders", JSON(none_as_null=True)),
    UniqueConstraint("rep_id", "event_id"),
)

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
    *_leased(),
    Index(None, "state", "due_at"),
    # What a rep was mailed lately, and what was put and never sent.
    Index(None, "rep_id", "sent_at", "due_at"),
    Index(None, "link_hash", unique=True),
    # Claims, and when the next is due: what waits is a handful of a year's mails.
    _partial("ix_mail_unsent_due_at", "due_at", where=rows_with(*UNSENT)),
    # What waits for one rep, without the other reps' mails.
    _partial("ix_mail_unsent_rep_id", "rep_id", "due_at", where=rows_with(*UNSENT)),
    # What somebody got as a manager; nearly all mails go to the rep and have no recipient.
    _partial("ix_mail_recipient", "recipient", "sent_at", where=text("recipient IS NOT NULL")),
    _failing("mail", "state"),
)

retired_token = Table(
    "retired_token",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("retired_at", Moment, nullable=False),
)

mail_meeting = Table(
    "mail_meeting",
    metadata,
    Column("mail_id", ForeignKey("mail.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("meeting_id", ForeignKey("meeting.id", ondelete="CASCADE"), nullable=False, index=True),
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
    *_leased(),
    _hinted("mailbox"),
)

push_watch = Table(
    "push_watch",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("rep_id", ForeignKey("rep.id", ondelete="CASCADE"), unique=True),
    Column("mailbox", ForeignKey("mailbox.address", ondelete="CASCADE"), unique=True),
    Column("missed", Integer, nullable=False, server_default="0"),
    Column("missed_in_all", Integer, nullable=False, server_default="0"),
    Column("heard_at", Moment),
    Column("due_at", Moment, nullable=False),
    *_leased(),
)

push_channel = Table(
    "push_channel",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("watch_id", ForeignKey("push_watch.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("provider", String(16), nullable=False),
    Column("secret_hash", String(64), nullable=False, unique=True),
    Column("provider_id", String(300)),
    Column("opened_at", Moment, nullable=False),
    Column("expires_at", Moment),
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
    *_leased(),
    UniqueConstraint("mailbox", "provider_message_id"),
    Index(None, "state", "due_at"),
    # Claims: what is not understood yet.
    _partial("ix_inbound_stored", "due_at", where=rows_with("stored")),
    _failing("inbound", "state"),
)

answer = Table(
    "answer",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("meeting_id", ForeignKey("meeting.id", ondelete="CASCADE"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("rep_id", ForeignKey("rep.id", ondelete="CASCADE"), nullable=False),
    # What else the same reply answered; and a reply that goes is looked for here.
    Column("inbound_id", ForeignKey("inbound.id", ondelete="SET NULL"), index=True),
    Column("content", LargeBinary, nullable=False),
    Column("is_commitment", Boolean),
    Column("given_at", Moment, nullable=False),
    UniqueConstraint("meeting_id", "revision"),
)

outcome = Table(
    "outcome",
    metadata,
    Column("meeting_id", ForeignKey("meeting.id", ondelete="CASCADE"), primary_key=True),
    Column("rep_id", ForeignKey("rep.id", ondelete="CASCADE"), nullable=False),
    Column("outcome", String(8), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("given_at", Moment, nullable=False),
)

note = Table(
    "note",
    metadata,
    Column("meeting_id", ForeignKey("meeting.id", ondelete="CASCADE"), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("written_revision", Integer),
    Column("place", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", String(40), nullable=False),
    Column("event_rep_id", ForeignKey("rep.id", ondelete="SET NULL")),
    Column("event_id", String(1024)),
    Column("companion_id", String(1024)),
    Column("due_at", Moment, nullable=False),
    Column("written_at", Moment),
    *_leased(),
    Index(None, "state", "due_at"),
    # Claims: what is to be written.
    _partial("ix_note_due", "due_at", where=rows_with("due")),
    _failing("note", "state"),
)

notice = Table(
    "notice",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("public_id", String(40), nullable=False, unique=True),
    Column("once", String(80), nullable=False, unique=True),
    Column("kind", String(32), nullable=False),
    Column("meeting_id", ForeignKey("meeting.id", ondelete="CASCADE"), nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "meeting_id", "kind"),
    Index(None, "at"),
)

delivery = Table(
    "delivery",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("notice_id", ForeignKey("notice.id", ondelete="CASCADE"), nullable=False),
    Column("meeting_id", ForeignKey("meeting.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("receiver", String(40), nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", String(40)),
    Column("wanted_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("delivered_at", Moment),
    *_leased(),
    UniqueConstraint("notice_id", "receiver"),
    Index(None, "receiver", "state", "due_at"),
)

receiver = Table(
    "receiver",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("reason", String(40)),
    Column("detail", String(200)),
    Column("left_until", Moment),
    Column("off_since", Moment),
    Column("delivered_at", Moment),
)

api_token = Table(
    "api_token",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(80), nullable=False, unique=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("scopes", JSON, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment),
    Column("revoked_at", Moment),
    Column("used_at", Moment),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("step", String(24), nullable=False),
    Column("reason", String(40), nullable=False),
    Column("meeting_id", Integer, index=True),
    Column("rep_id", Integer, index=True),
    Column("detail", JSON, nullable=False),
    Column("seal_id", Integer, index=True),
    Column("salt", String(32)),
    Column("row_hash", String(64)),
    Column("erased", String(64)),
    # What is to be sealed next, of a trail of which all but the end is.
    _partial("ix_audit_unsealed", "id", where=text("seal_id IS NULL")),
)

audit_seal = Table(
    "audit_seal",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("row_count", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Column("sealed_at", Moment, nullable=False),
    Column("removed", String(64)),
)

control = Table(
    "control",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("rep_id", ForeignKey("rep.id", ondelete="CASCADE")),
    Column("since", Moment, nullable=False),
)

sign_in = Table(
    "sign_in",
    metadata,
    Column("pending_hash", String(64), primary_key=True),
    Column("link_hash", String(64), nullable=False),
    Column("code_hash", String(64), nullable=False),
    Column("rep_id", ForeignKey("rep.id", ondelete="CASCADE")),
    Column("address", String(254)),
    Column("asked_at", Moment, nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("confirmed_at", Moment),
    Index(None, "link_hash", unique=True),
)

addon_account = Table(
    "addon_account",
    metadata,
    Column("subject_hash", String(64), primary_key=True),
    Column("rep_id", ForeignKey("rep.id", ondelete="CASCADE"), nullable=False, unique=True),
    Column("bound_at", Moment, nullable=False),
)

web_session = Table(
    "web_session",
    metadata,
    Column("id_hash", String(64), primary_key=True),
    Column("rep_id", ForeignKey("rep.id", ondelete="CASCADE")),
    Column("address", String(254)),
    Column("started_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
)

admin = Table(
    "admin",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("email", String(254), nullable=False, unique=True),
    Column("role", String(16), nullable=False),
    Column("issuer", String(300)),
    Column("subject", String(300)),
    Column("added_at", Moment, nullable=False),
    Column("bound_at", Moment),
    UniqueConstraint("issuer", "subject"),
)

admin_code = Table(
    "admin_code",
    metadata,
    Column("code_hash", String(64), primary_key=True),
    Column("admin_id", ForeignKey("admin.id", ondelete="CASCADE")),
    Column("made_at", Moment, nullable=False),
)

admin_session = Table(
    "admin_session",
    metadata,
    Column("id_hash", String(64), primary_key=True),
    Column("admin_id", ForeignKey("admin.id", ondelete="CASCADE")),
    Column("started_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
)

manager_stop = Table(
    "manager_stop",
    metadata,
    Column("address", String(254), primary_key=True),
    Column("reason", String(40), nullable=False),
    Column("stopped_at", Moment, nullable=False),
)

chat_person = Table(
    "chat_person",
    metadata,
    Column("rep_id", ForeignKey("rep.id", ondelete="CASCADE"), primary_key=True),
    Column("team_id", String(32)),
    Column("user_id", String(32)),
    Column("channel_id", String(32)),
    Column("chosen_at", Moment, nullable=False),
    Column("refused_at", Moment),
    Column("refused_why", Text),
    UniqueConstraint("team_id", "user_id"),
)

chat_post = Table(
    "chat_post",
    metadata,
    Column("mail_id", ForeignKey("mail.id", ondelete="CASCADE"), primary_key=True),
    Column("channel_id", String(32), nullable=False),
    Column("thread_ts", String(32)),
    Column("post_key", String(64), nullable=False),
    Column("ts", String(32)),
    Column("begun_at", Moment, nullable=False),
    Column("shown", String(300), nullable=False, server_default=""),
    # When it is looked at again, since something became of its calls; none where nothing did.
    Column("due_at", Moment),
    *_leased(),
    UniqueConstraint("channel_id", "ts"),
    _partial("ix_chat_post_due", "due_at", where=text("due_at IS NOT NULL")),
    _failing("chat_post", "mail_id"),
)

chat_word = Table(
    "chat_word",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("event_key", String(200), nullable=False, unique=True),
    Column("rep_id", ForeignKey("rep.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("mail_id", ForeignKey("mail.id", ondelete="CASCADE"), index=True),
    Column("kind", String(16), nullable=False),
    Column("content", LargeBinary),
    Column("state", String(16), nullable=False),
    Column("disposition", String(24)),
    Column("reason", String(40)),
    Column("received_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    *_leased(),
    # Claims: what is not dealt with yet.
    _partial("ix_chat_word_stored", "due_at", where=rows_with("stored")),
    _failing("chat_word", "state"),
)

channel_share = Table(
    "channel_share",
    metadata,
    Column("rep_id", ForeignKey("rep.id", ondelete="CASCADE"), primary_key=True),
    Column("channel", String(60), primary_key=True),
    Column("shared_at", Moment, nullable=False),
)

channel_day = Table(
    "channel_day",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("channel", String(60), nullable=False),
    Column("day", String(10), nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", String(40)),
    Column("due_at", Moment, nullable=False),
    *_leased(),
    UniqueConstraint("channel", "day"),
    # Claims: what is not posted yet.
    _partial("ix_channel_day_waiting", "due_at", where=rows_with("due", "posting")),
    _failing("channel_day", "state"),
)
