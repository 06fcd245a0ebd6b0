"""Taking somebody out of meetings, replies, series and what is set for other people."""

from __future__ import annotations

import email
import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email.message import Message
from email.policy import default
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from nudger.domain.commitment import MeetingState
from nudger.domain.event import Attendee
from nudger.domain.party import Party
from nudger.domain.reasons import Reason
from nudger.store import outbox, tables
from nudger.store.chunks import chunks
from nudger.store.inbox import InboundState
from nudger.store.meetings import MeetingDetails
from nudger.store.personal import BATCH
from nudger.store.vault import SealBroken, Vault


@dataclass(frozen=True, slots=True)
class Mentioned:
    """A meeting that the party takes part in, as a guest or as its rep."""

    id: int
    rep_id: int
    is_over: bool


def meetings_with(tx: Connection, vault: Vault, party: Party, now: datetime) -> list[Mentioned]:
    """The meetings that the party is a guest of."""
    found = []
    for row in tx.execute(select(tables.meeting).execution_options(yield_per=BATCH)):
        guests = _details(vault, row).guests
        is_customer = any(_is_customers(party, one) for one in row.customers)
        if is_customer or any(party.includes(guest.email) for guest in guests):
            found.append(Mentioned(row.id, row.rep_id, row.end_at < now))
    return found


def meetings_of(tx: Connection, rep_ids: Collection[int]) -> list[Mentioned]:
    """The meetings that these reps are asked about."""
    columns = tables.meeting.c
    rows = tx.execute(select(columns.id, columns.rep_id).where(columns.rep_id.in_(rep_ids)))
    return [Mentioned(row.id, row.rep_id, is_over=True) for row in rows]


def names_of(tx: Connection, vault: Vault, party: Party) -> set[str]:
    """The names that meetings show for the party's addresses."""
    return {
        guest.name
        for row in tx.execute(select(tables.meeting).execution_options(yield_per=BATCH))
        for guest in _details(vault, row).guests
        if guest.name and party.includes(guest.email)
    }


def drop_replies(tx: Connection, meeting_ids: Collection[int]) -> int:
    """Forget the source of what was replied to mails about these meetings."""
    links, columns = tables.mail_meeting.c, tables.inbound.c
    about = select(links.mail_id).where(links.meeting_id.in_(meeting_ids))
    mine = columns.mail_id.in_(about) & columns.raw.is_not(None)
    mine &= columns.state != InboundState.STORED.value
    return tx.execute(update(tables.inbound).where(mine).values(raw=None)).rowcount


def strip_meeting(tx: Connection, vault: Vault, meeting_id: int, party: Party) -> None:
    """Take the party out of a meeting that is ahead, with all that was said about it. The meeting
    stays known, so that nobody is asked about it a second time."""
    row = tx.execute(select(tables.meeting).where(tables.meeting.c.id == meeting_id)).one()
    details = _stripped(_details(vault, row), party)
    key = _anonymous_key(row.meeting_key) if party.is_named_in(row.meeting_key) else row.meeting_key
    values: dict[str, Any] = {
        "meeting_key": key,
        "fingerprint": "",
        "customers": _kept_customers(row.customers, details.guests, party),
        "details": vault.seal_json(details.as_json(), f"meeting.details:{key}"),
    }
    if row.state == MeetingState.PLANNED.value:
        values |= {"state": MeetingState.WITHDRAWN.value, "reason": Reason.FORGOTTEN.value}
    tx.execute(update(tables.meeting).where(tables.meeting.c.id == meeting_id).values(values))
    outbox.withdraw(tx, meeting_id, Reason.FORGOTTEN)
    for table in (tables.answer, tables.outcome, tables.note):
        tx.execute(delete(table).where(table.c.meeting_id == meeting_id))
    links = tables.mail_meeting.c
    about = select(links.mail_id).where(links.meeting_id == meeting_id)
    mails = update(tables.mail).where(tables.mail.c.id.in_(about))
    tx.execute(mails.values(content=None, own_lines=None))


def forget_titles(tx: Connection, meeting_ids: Collection[int]) -> None:
    """Drop what stands for the titles of the series that these meetings are dates of."""
    columns = tables.occurrence.c
    for chunk in chunks(meeting_ids):
        theirs = select(columns.series_id).where(columns.meeting_id.in_(chunk))
        changed = update(tables.series).where(tables.series.c.series_id.in_(theirs))
        tx.execute(changed.values(title_hash=None))


def leave_series(tx: Connection, party: Party) -> None:
    """Take the party out of the customers of series."""
    for row in tx.execute(select(tables.series)).all():
        kept = [one for one in row.customers if not _is_customers(party, one)]
        if kept != row.customers:
            this = update(tables.series).where(tables.series.c.series_id == row.series_id)
            tx.execute(this.values(customers=kept, title_hash=None))


def leave_events(tx: Connection, party: Party) -> None:
    """Take the party out of who comes to what is not asked about."""
    columns = tables.occurrence.c
    for row in tx.execute(select(tables.occurrence).where(columns.outsiders.is_not(None))).all():
        kept = [one for one in row.outsiders if not _is_customers(party, one)]
        if kept != row.outsiders:
            this = update(tables.occurrence).where(columns.id == row.id)
            tx.execute(this.values(outsiders=kept or None))


def leave_people(tx: Connection, party: Party) -> None:
    """Take the party out of what other reps' rows say: their managers, their aliases."""
    for row in tx.execute(select(tables.rep)).all():
        values: dict[str, Any] = {
            name: None
            for name in ("manager", "disclosed_manager", "shared_with")
            if (address := getattr(row, name)) and party.includes(address)
        }
        kept = [one for one in row.aliases if not party.includes(one)]
        if kept != row.aliases:
            values["aliases"] = kept
        if values:
            tx.execute(update(tables.rep).where(tables.rep.c.id == row.id).values(values))


def remove_reps(tx: Connection, rep_ids: Collection[int]) -> None:
    """Remove the reps' rows, and with them all that is theirs."""
    tx.execute(delete(tables.rep).where(tables.rep.c.id.in_(rep_ids)))


def drop_raw_batch(
    tx: Connection, vault: Vault, party: Party, after: int
) -> tuple[int | None, int]:
    """Forget the source of those of the next received mails that name the party; one that was not
    read yet is never read. Returns the last id, `None` at the end, and how many it were."""
    columns, count, last = tables.inbound.c, 0, None
    found = select(tables.inbound).where(columns.id > after, columns.raw.is_not(None))
    for row in tx.execute(found.order_by(columns.id).limit(BATCH)).all():
        last = row.id
        if not any(party.is_named_in(one) for one in raw_texts(vault, row)):
            continue
        values: dict[str, Any] = {"raw": None}
        if row.state == InboundState.STORED.value:
            values |= {"state": InboundState.DROPPED.value, "reason": Reason.FORGOTTEN.value}
        tx.execute(update(tables.inbound).where(columns.id == row.id).values(values))
        count += 1
    return last, count


def raw_texts(vault: Vault, row: Row[Any]) -> Iterable[str]:
    """A received mail as it came, and what its encoded parts and headers say."""
    try:
        raw = vault.open(row.raw, f"inbound.raw:{row.mailbox}:{row.provider_message_id}")
    except SealBroken:
        return
    yield raw.decode(errors="replace")
    try:
        yield from _decoded(email.message_from_bytes(raw, policy=default))
    except (ValueError, LookupError, AttributeError, TypeError, RecursionError):
        return


def _decoded(message: Message) -> Iterable[str]:
    for part in message.walk():
        yield "\n".join(str(value) for value in part.values())
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            yield content.decode(errors="replace")


def _details(vault: Vault, row: Row[Any]) -> MeetingDetails:
    try:
        return MeetingDetails.from_json(
            vault.open_json(row.details, f"meeting.details:{row.meeting_key}")
        )
    except SealBroken:
        return MeetingDetails("", ())


def _stripped(details: MeetingDetails, party: Party) -> MeetingDetails:
    guests = tuple(one for one in details.guests if not party.includes(one.email))
    if not guests:
        return MeetingDetails("", ())
    return replace(details, title=party.redact(details.title), guests=guests)


def _kept_customers(
    customers: Sequence[str], guests: Sequence[Attendee], party: Party
) -> list[str]:
    """Those of the customers whom a guest that stays is from."""
    hosts = [guest.email.rpartition("@")[2] for guest in guests]
    addresses = [guest.email for guest in guests]

    def stays(customer: str) -> bool:
        is_someones = any(f".{host}".endswith(f".{customer}") for host in hosts)
        return customer in addresses or is_someones

    return [one for one in customers if stays(one) and not _is_customers(party, one)]


def _is_customers(party: Party, customer: str) -> bool:
    """Whether this customer, a domain or a freemail address, is the party."""
    return party.includes(customer) if "@" in customer else party.owns(customer)


def _anonymous_key(meeting_key: str) -> str:
    return "forgotten:" + hashlib.sha256(meeting_key.encode()).hexdigest()[:32]
