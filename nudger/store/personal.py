"""Which columns hold something about a person: what must go when somebody is forgotten.

docs/privacy.md lists them; a test holds it, and this list, to the tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, Connection, Table, delete, select, update

from nudger.domain.party import Party
from nudger.store import tables
from nudger.store.chunks import chunks
from nudger.store.data_keys import SEALED, SealedColumn
from nudger.store.vault import SealBroken, Vault

BATCH = 200

ABOUT_A_PERSON: dict[Table, tuple[str, ...]] = {
    tables.admin: ("email", "role", "issuer", "subject", "bound_at"),
    tables.admin_code: ("code_hash", "admin_id", "made_at"),
    tables.admin_session: ("id_hash", "admin_id", "started_at", "seen_at"),
    tables.answer: ("rep_id", "content", "is_commitment", "given_at"),
    tables.audit: ("meeting_id", "rep_id", "detail"),
    tables.calendar: ("rep_id", "cursor", "scanned_at", "last_error"),
    tables.channel_day: ("last_error",),
    tables.channel_share: ("rep_id", "channel", "shared_at"),
    tables.chat_person: (
        "rep_id", "team_id", "user_id", "channel_id", "chosen_at", "refused_at", "refused_why",
    ),
    tables.chat_post: (
        "mail_id", "channel_id", "thread_ts", "post_key", "ts", "begun_at", "last_error",
    ),
    tables.chat_word: (
        "event_key", "rep_id", "mail_id", "content", "received_at", "last_error",
    ),
    tables.control: ("name", "rep_id", "since"),
    tables.delivery: ("meeting_id", "receiver", "state", "delivered_at", "last_error"),
    tables.domain: ("entry", "kind"),
    tables.domain_review: ("domain", "told_at", "put_off_until"),
    tables.addon_account: ("subject_hash", "rep_id", "bound_at"),
    tables.inbound: (
        "mailbox", "provider_message_id", "thread_id", "sha256", "received_at", "sent_by_owner",
        "raw", "reason", "mail_id", "words", "last_error",
    ),
    tables.mail: (
        "rep_id", "recipient", "content", "own_lines", "token_hash", "link_hash",
        "rfc_message_id",
        "draft_id", "provider_message_id", "thread_id", "sent_at", "bounced_at", "last_error",
    ),
    tables.mail_meeting: ("mail_id", "meeting_id"),
    tables.mailbox: ("address", "cursor", "last_error"),
    tables.manager_stop: ("address", "reason", "stopped_at"),
    tables.meeting: (
        "meeting_key", "rep_id", "rep_reason", "fingerprint", "state", "reason", "start_at",
        "end_at", "time_zone", "customers", "details",
    ),
    tables.note: ("event_rep_id", "event_id", "companion_id", "written_at", "last_error"),
    tables.notice: ("once", "kind", "meeting_id", "at"),
    tables.occurrence: (
        "rep_id", "event_id", "series_id", "start_at", "original_start", "verdict", "reason",
        "outsiders",
    ),
    tables.outcome: ("rep_id", "outcome", "content", "given_at"),
    tables.push_channel: ("secret_hash", "provider_id"),
    tables.push_watch: ("rep_id", "mailbox", "heard_at", "last_error"),
    tables.rep: (
        "email", "name", "aliases", "time_zone", "country", "language", "team", "manager",
        "disclosed_manager", "shared_with", "shared_since", "calendar_hours", "state",
        "state_reason", "paused_until", "hard_bounces", "announced_at",
    ),
    tables.retired_token: ("token_hash", "retired_at"),
    tables.secret: ("name", "sealed"),
    tables.series: (
        "series_id", "rep_id", "cadence", "counted_from", "customers", "title_hash", "follows",
        "chosen_at",
    ),
    tables.sign_in: (
        "pending_hash", "link_hash", "code_hash", "rep_id", "address", "asked_at", "confirmed_at",
    ),
    tables.web_session: ("id_hash", "rep_id", "address", "started_at", "seen_at"),
}  # fmt: skip

ERRORS = (
    tables.calendar.c.last_error, tables.mail.c.last_error, tables.mailbox.c.last_error,
    tables.channel_day.c.last_error, tables.chat_person.c.refused_why,
    tables.chat_post.c.last_error, tables.chat_word.c.last_error,
    tables.inbound.c.last_error, tables.note.c.last_error, tables.rep.c.state_reason,
    tables.delivery.c.last_error, tables.push_watch.c.last_error,
)  # fmt: skip
"""What a provider said when something failed: it may name a mailbox."""

REDACTED = tuple(one for one in SEALED if one.table not in (tables.secret, tables.inbound))


def sealed_values(
    tx: Connection, vault: Vault, sealed: SealedColumn, after: Any
) -> Iterator[tuple[Any, str, Any]]:
    """The next batch of a column of sealed JSON: key, what it belongs to, the value; `None` for one
    that does not open."""
    found = select(sealed.table).where(sealed.column.is_not(None)).order_by(sealed.key)
    if after is not None:
        found = found.where(sealed.key > after)
    for row in tx.execute(found.limit(BATCH)).all():
        owner = sealed.owner(row)
        try:
            value = vault.open_json(getattr(row, sealed.column.name), owner)
        except SealBroken:
            value = None
        yield getattr(row, sealed.key.name), owner, value


def redact_batch(
    tx: Connection, vault: Vault, sealed: SealedColumn, party: Party, after: Any
) -> tuple[Any, int]:
    """Take the party's mentions out of the next batch; returns the last key, `None` at the end, and
    how many values changed."""
    count, last = 0, None
    for key, owner, value in sealed_values(tx, vault, sealed, after):
        last = key
        redacted = _redacted(value, party)
        if redacted != value:
            this = update(sealed.table).where(sealed.key == key)
            tx.execute(this.values({sealed.column.name: vault.seal_json(redacted, owner)}))
            count += 1
    return last, count


def _redacted(value: Any, party: Party) -> Any:
    """A JSON value with the party's mentions taken out of its texts."""
    match value:
        case str():
            return party.redact(value)
        case list():
            return [_redacted(one, party) for one in value]
        case dict():
            return {name: _redacted(one, party) for name, one in value.items()}
    return value


def drop_errors(tx: Connection, party: Party) -> int:
    """Empty what providers said about the party."""
    return sum(_drop_named(tx, column, party) for column in ERRORS)


def _drop_named(tx: Connection, column: Column[Any], party: Party) -> int:
    key = next(iter(column.table.primary_key.columns))
    rows = tx.execute(select(key, column).where(column.is_not(None))).all()
    named = [row[0] for row in rows if party.is_named_in(row[1])]
    for chunk in chunks(named):
        tx.execute(update(column.table).where(key.in_(chunk)).values({column.name: None}))
    return len(named)


def drop_entries(tx: Connection, party: Party) -> int:
    """Remove the rows that are known by the party's address: domain entries, roles, consents,
    mailboxes of one's own with what came into them, mails to them, what they chose as a manager,
    sessions."""
    removed = _delete_matching(tx, tables.domain.c.entry, party)
    removed += _delete_matching(tx, tables.admin.c.email, party)
    removed += _delete_matching(tx, tables.domain_review.c.domain, party)
    removed += _delete_matching(tx, tables.mailbox.c.address, party)
    removed += _delete_matching(tx, tables.inbound.c.mailbox, party)
    removed += _delete_matching(tx, tables.mail.c.recipient, party)
    removed += _delete_matching(tx, tables.manager_stop.c.address, party)
    removed += _delete_matching(tx, tables.sign_in.c.address, party)
    removed += _delete_matching(tx, tables.web_session.c.address, party)
    removed += _delete_matching(tx, tables.secret.c.name, party)
    return removed


def _delete_matching(tx: Connection, column: Column[str], party: Party) -> int:
    values = tx.scalars(select(column).where(column.is_not(None)).distinct()).all()
    named = [one for one in values if party.is_named_in(one)]
    count = 0
    for chunk in chunks(named):
        count += tx.execute(delete(column.table).where(column.in_(chunk))).rowcount
    return count
