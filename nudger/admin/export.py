"""What is kept about a person, in one JSON object; docs/privacy.md says what its parts are."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, select

from nudger.admin.forget import Forgetting, resolve
from nudger.domain.party import Party
from nudger.runtime.context import Context
from nudger.store import forgetting, personal, tables
from nudger.store.data_keys import SEALED
from nudger.store.people import Rep
from nudger.store.vault import SealBroken

HIDDEN = frozenset({
    "lease_owner", "lease_until", "fence", "token_hash", "link_hash", "salt", "row_hash",
    "pending_hash", "code_hash", "id_hash",
})  # fmt: skip
"""Columns about our work alone, or that would let somebody answer for a rep."""


OF_REPS = {
    "rep": (tables.rep, "id"), "calendar": (tables.calendar, "rep_id"),
    "series": (tables.series, "rep_id"), "occurrences": (tables.occurrence, "rep_id"),
    "in_channels": (tables.channel_share, "rep_id"),
    "in_chat": (tables.chat_person, "rep_id"), "said_in_chat": (tables.chat_word, "rep_id"),
    "sign_ins": (tables.sign_in, "rep_id"), "sessions": (tables.web_session, "rep_id"),
    "addon_accounts": (tables.addon_account, "rep_id"),
}  # fmt: skip
"""The parts whose rows belong to one rep each, with the column that says to whom."""


def export_of(ctx: Context, who: str) -> dict[str, Any]:
    """Everything about a rep, a guest or a customer. Raises `CannotForget` for what is neither an
    address nor a domain of others."""
    work = resolve(ctx, who)
    with ctx.database.read() as tx:
        return _Exporting(ctx, tx, work).whole()


def own_export_of(ctx: Context, rep: Rep) -> dict[str, Any]:
    """What is kept of a rep, as it can be handed to them at once: their own rows, calls, mails and
    replies. What colleagues wrote that names them is for an admin to look at first."""
    with ctx.database.read() as tx:
        mine = tuple(forgetting.meetings_of(tx, [rep.id]))
        work = Forgetting(Party(frozenset(rep.addresses)), (rep,), mine)
        return _Exporting(ctx, tx, work).own()


class _Exporting:
    """One reading of the database about one party."""

    def __init__(self, ctx: Context, tx: Connection, work: Forgetting) -> None:
        self._ctx, self._tx, self._work = ctx, tx, work
        self._reps = [rep.id for rep in work.reps]
        self._meetings = [one.id for one in work.mentioned]

    def whole(self) -> dict[str, Any]:
        reps, meetings = self._reps, self._meetings
        links = tables.mail_meeting.c
        mail_ids = set(
            self._tx.scalars(select(links.mail_id).where(links.meeting_id.in_(meetings)))
        )
        mail = tables.mail.c
        mine = mail.rep_id.in_(reps) | mail.id.in_(mail_ids)
        return {
            **self._of_reps(),
            "manager": self._of_managers(),
            "domains": self._named(tables.domain, "entry"),
            "roles": self._named(tables.admin, "email"),
            "mailboxes": self._named(tables.mailbox, "address"),
            "consents": self._consents(),
            "meetings": [self._meeting(one) for one in meetings],
            "mails": [
                *self._rows(tables.mail, mine),
                *self._named(tables.mail, "recipient", mail.rep_id.not_in(reps)),
            ],
            "received": list(self._received(mail_ids)),
            "audit": self._rows(
                tables.audit,
                tables.audit.c.rep_id.in_(reps) | tables.audit.c.meeting_id.in_(meetings),
            ),
            "mentioned_in": list(self._mentions()),
        }

    def _of_reps(self) -> dict[str, Any]:
        """Whom it is about, and the rows that belong to a rep."""
        party = self._work.party
        rows = {
            name: self._rows(table, table.c[of].in_(self._reps))
            for name, (table, of) in OF_REPS.items()
        }
        return {
            "about": {"addresses": sorted(party.addresses), "domain": party.domain},
            "at": self._ctx.clock().isoformat(),
            **rows,
        }

    def _of_managers(self) -> list[dict[str, Any]]:
        """What is kept of somebody as a manager, who need not be a rep."""
        kept = (tables.manager_stop, tables.sign_in, tables.web_session)
        return [row for table in kept for row in self._named(table, "address")]

    def own(self) -> dict[str, Any]:
        """What is the rep's alone: no mail to a manager about several reps, none to a colleague,
        and no reply to one."""
        mail, inbound, reps = tables.mail.c, tables.inbound.c, self._reps
        to_them = mail.rep_id.in_(reps) & mail.recipient.is_(None)
        replies = inbound.mail_id.in_(select(mail.id).where(to_them))
        return {
            **self._of_reps(),
            "manager": self._of_managers(),
            "consents": self._consents(),
            "meetings": [self._meeting(one) for one in self._meetings],
            "mails": self._rows(tables.mail, to_them),
            "received": [
                self._received_mail(row, self._source(row))
                for row in self._tx.execute(select(tables.inbound).where(replies)).all()
            ],
            "audit": self._rows(tables.audit, tables.audit.c.rep_id.in_(reps)),
        }

    def _rows(self, table: Table, wanted: ColumnElement[bool]) -> list[dict[str, Any]]:
        key = next(iter(table.primary_key.columns))
        rows = self._tx.execute(select(table).where(wanted).order_by(key)).all()
        return [self._opened(table, row) for row in rows]

    def _named(
        self, table: Table, column: str, also: ColumnElement[bool] | None = None
    ) -> list[dict[str, Any]]:
        """The rows that are known by the party's address."""
        found = select(table).where(table.c[column].is_not(None))
        rows = self._tx.execute(found if also is None else found.where(also)).all()
        named = self._work.party.is_named_in
        return [self._opened(table, row) for row in rows if named(getattr(row, column))]

    def _opened(self, table: Table, row: Row[Any]) -> dict[str, Any]:
        """A row as JSON, what is sealed in it opened."""
        value = {name: _plain(one) for name, one in row._asdict().items() if name not in HIDDEN}
        for sealed in SEALED:
            kept = getattr(row, sealed.column.name) if sealed.table is table else None
            if kept is None:
                continue
            try:
                opened = self._ctx.vault.open_json(kept, sealed.owner(row))
            except (SealBroken, ValueError):
                opened = None
            value[sealed.column.name] = opened
        return value

    def _consents(self) -> list[dict[str, Any]]:
        """That the party connected, and when; never what opens their account."""
        rows = self._tx.execute(select(tables.secret.c.name, tables.secret.c.updated_at)).all()
        named = (row for row in rows if self._work.party.is_named_in(row.name))
        return [{"name": row.name, "updated_at": _plain(row.updated_at)} for row in named]

    def _meeting(self, meeting_id: int) -> dict[str, Any]:
        """With the other guests counted, not named: they are others' data."""
        of = tables.meeting.c.id == meeting_id
        (meeting,) = self._rows(tables.meeting, of)
        guests = (meeting["details"] or {}).get("guests", [])
        if not self._reps:
            mine = [one for one in guests if self._work.party.includes(one[0])]
            meeting["details"] |= {"guests": mine, "other_guests": len(guests) - len(mine)}
        for table, name in ((tables.answer, "answers"), (tables.outcome, "outcomes"),
                            (tables.note, "notes")):  # fmt: skip
            meeting[name] = self._rows(table, table.c.meeting_id == meeting_id)
        return meeting

    def _received(self, mail_ids: Iterable[int]) -> Iterator[Mapping[str, Any]]:
        """Mails that reply to theirs, or that name them, with their source if it is kept."""
        about = set(mail_ids)
        rows = self._tx.execute(select(tables.inbound).order_by(tables.inbound.c.id)).all()
        for row in rows:
            texts = self._source(row)
            is_theirs = row.mail_id in about or _names_any(self._work.party, [row.mailbox, *texts])
            if is_theirs:
                yield self._received_mail(row, texts)

    def _source(self, row: Row[Any]) -> list[str]:
        """A received mail as it came, then what its parts say; nothing once that is forgotten."""
        return [] if row.raw is None else list(forgetting.raw_texts(self._ctx.vault, row))

    def _received_mail(self, row: Row[Any], texts: list[str]) -> dict[str, Any]:
        shown = {n: _plain(one) for n, one in row._asdict().items() if n not in HIDDEN}
        return {**shown, "raw": texts[0] if texts else None}

    def _mentions(self) -> Iterator[Mapping[str, Any]]:
        """Other texts that name them: answers and mails about meetings of others."""
        for sealed in personal.REDACTED:
            if sealed.table is tables.meeting:
                continue
            after: Any = None
            while batch := list(personal.sealed_values(self._tx, self._ctx.vault, sealed, after)):
                after = batch[-1][0]
                for key, _, value in batch:
                    if _names_any(self._work.party, _texts(value)):
                        yield {"where": str(sealed.column), "key": key, "text": value}


def _names_any(party: Party, texts: Iterable[str]) -> bool:
    return any(party.is_named_in(one) for one in texts)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from (text for one in value.values() for text in _texts(one))
    elif isinstance(value, list):
        yield from (text for one in value for text in _texts(one))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value
