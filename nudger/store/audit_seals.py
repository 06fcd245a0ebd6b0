"""Sealing the audit trail: what was recorded can be explained away by nobody without our key.

Steps are recorded as before and sealed afterwards, in batches, by one sealer at a time: writers
never wait for each other. A row's hash is an HMAC of its facts and a salt, a seal's an HMAC of its
rows and of the seal before. The key is sealed by the vault, so that whoever has the database alone
can make none of them. Erasing a row drops whom it was about and the salt, and keeps the hash; an
old seal keeps its place when its rows go. Both leave a mark that needs the key too.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    bindparam,
    delete,
    func,
    insert,
    select,
    text,
    update,
)

from nudger.store import tables
from nudger.store.secrets import Secrets
from nudger.store.vault import Vault

BATCH = 1000
SALT_BYTES = 16
KEY_BYTES = 32
KEY_NAME = "audit"
FIRST = "0" * 64
"""What the first seal follows."""
_SEALING = 0x7365616C
"""The advisory lock of whoever seals: "seal"."""


@dataclass(frozen=True, slots=True)
class Seal:
    """A sealed stretch of the trail. `hash` vouches for it and for all before it."""

    id: int
    row_count: int
    hash: str
    sealed_at: datetime


@dataclass(frozen=True, slots=True)
class Broken:
    """The first place that is not as it was sealed; `row_id` is `None` where no single row is."""

    seal_id: int
    row_id: int | None
    why: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found, up to the first broken place. `removed` counts seals whose rows were kept
    long enough; `unsealed` rows are vouched for by nothing yet."""

    seals: int
    rows: int
    erased: int
    removed: int
    unsealed: int
    head: str | None
    broken: Broken | None = None
    knows_head: bool = True


class AuditSeals:
    """Seals, erases and verifies within the caller's transaction."""

    def __init__(self, vault: Vault) -> None:
        self._secrets = Secrets(vault)

    def seal(self, tx: Connection, now: datetime) -> Seal | None:
        """Seal the oldest unsealed rows, at most a batch; `None` where there are none."""
        _seal_alone(tx)
        rows = tx.execute(_unsealed().limit(BATCH)).all()
        if not rows:
            return None
        chain = _Chain(self._key_made(tx, now))
        sealed = [_sealed(chain, row) for row in rows]
        last = tx.execute(_newest_seal()).one_or_none()
        seal: dict[str, Any] = {
            "id": last.id + 1 if last else 1,
            "row_count": len(rows),
            "digest": _digest((row["of"], row["row_hash"]) for row in sealed),
            "previous": last.hash if last else FIRST,
            "sealed_at": now,
        }
        seal["hash"] = chain.of_seal(seal)
        tx.execute(insert(tables.audit_seal).values(seal))
        _update_rows(tx, [{**row, "seal_id": seal["id"]} for row in sealed])
        return Seal(seal["id"], len(rows), seal["hash"], now)

    def erase(self, tx: Connection, about: ColumnElement[bool], now: datetime) -> int:
        """Take out of the trail whom the rows are about, which are sealed first; returns how many.
        That something happened then stays."""
        while self.seal(tx, now) is not None:
            pass
        columns = tables.audit.c
        found = select(columns.id, columns.row_hash).where(about & columns.erased.is_(None))
        rows = tx.execute(found).all()
        if not rows:
            return 0
        chain = _Chain(self._key_made(tx, now))
        nobody: dict[str, Any] = {"meeting_id": None, "rep_id": None, "detail": {}, "salt": None}
        _update_rows(
            tx, [{"of": row.id, "erased": chain.of_erased(row.row_hash), **nobody} for row in rows]
        )
        return len(rows)

    def remove_before(self, tx: Connection, moment: datetime) -> int:
        """Remove the rows of the oldest seal that was made before `moment` and still has them;
        returns how many. The seal stays, so that the chain does."""
        columns = tables.audit_seal.c
        old = (columns.sealed_at < moment) & columns.removed.is_(None)
        found = select(tables.audit_seal).where(old).order_by(columns.id).limit(1)
        seal = tx.execute(found).one_or_none()
        if seal is None:
            return 0
        mark = _Chain(self._key_made(tx, moment)).of_removed(seal.hash)
        this = update(tables.audit_seal).where(columns.id == seal.id)
        tx.execute(this.values(removed=mark))
        return tx.execute(delete(tables.audit).where(tables.audit.c.seal_id == seal.id)).rowcount

    def verify(self, tx: Connection, known_head: str | None = None) -> Verified:
        """Read the whole trail once, in order, as it is at this moment. `known_head` is a head, or
        its beginning, that was noted elsewhere and must be in the chain."""
        if tx.dialect.name == "postgresql":
            tx.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        unsealed = tx.scalar(
            select(func.count()).select_from(tables.audit).where(tables.audit.c.seal_id.is_(None))
        )
        key = self._key(tx)
        if key is None:
            return _without_key(tx, unsealed or 0, known_head)
        return _Verifying(tx, _Chain(key), known_head).run(unsealed or 0)

    def _key(self, tx: Connection) -> bytes | None:
        kept = self._secrets.get(tx, KEY_NAME)
        return None if kept is None else base64.b64decode(kept)

    def _key_made(self, tx: Connection, now: datetime) -> bytes:
        """The key of the trail, made with the first seal."""
        key = self._key(tx)
        if key is None:
            key = os.urandom(KEY_BYTES)
            self._secrets.put(tx, KEY_NAME, base64.b64encode(key).decode(), now)
        return key


def head(tx: Connection) -> Seal | None:
    """The newest seal."""
    row = tx.execute(_newest_seal()).one_or_none()
    return None if row is None else Seal(row.id, row.row_count, row.hash, row.sealed_at)


def unsealed_since(tx: Connection) -> tuple[int, datetime | None]:
    """How many rows are not sealed, counted up to a batch, and when the oldest was recorded."""
    oldest = _unsealed().limit(BATCH).subquery()
    count, since = tx.execute(select(func.count(), func.min(oldest.c.at))).one()
    return count, since


def count_before(tx: Connection, moment: datetime) -> int:
    """How many rows `remove_before` would remove in all."""
    columns = tables.audit_seal.c
    old = select(columns.id).where(columns.sealed_at < moment, columns.removed.is_(None))
    rows = select(func.count()).select_from(tables.audit)
    return tx.scalar(rows.where(tables.audit.c.seal_id.in_(old))) or 0


class _Chain:
    """The hashes that need the key of the trail."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def of_row(self, row: Row[Any], salt: str) -> str:
        facts = [
            row.id, _moment(row.at), row.step, row.reason, row.meeting_id, row.rep_id, row.detail,
            salt,
        ]  # fmt: skip
        return self._made("row", facts)

    def of_seal(self, seal: Mapping[str, Any]) -> str:
        names = ("id", "row_count", "digest", "previous")
        return self._made("seal", [*(seal[name] for name in names), _moment(seal["sealed_at"])])

    def of_erased(self, row_hash: str) -> str:
        return self._made("erased", row_hash)

    def of_removed(self, seal_hash: str) -> str:
        return self._made("removed", seal_hash)

    def _made(self, kind: str, value: object) -> str:
        said = json.dumps([kind, value], sort_keys=True, separators=(",", ":"))
        return hmac.new(self._key, said.encode(), hashlib.sha256).hexdigest()


class _Verifying:
    """One walk along the chain."""

    def __init__(self, tx: Connection, chain: _Chain, known_head: str | None) -> None:
        self._tx, self._chain, self._known_head = tx, chain, known_head
        self._seals = self._rows = self._erased = self._removed = 0
        self._head: str | None = None
        self._knows_head = known_head is None

    def run(self, unsealed: int) -> Verified:
        broken = next(self._faults(), None)
        return Verified(
            self._seals, self._rows, self._erased, self._removed, unsealed, self._head, broken,
            self._knows_head,
        )  # fmt: skip

    def _faults(self) -> Iterator[Broken]:
        previous = FIRST
        for seal, rows in _seals_with_rows(self._tx):
            yield from self._fault_of(seal, rows, previous)
            previous = self._head = seal.hash
            self._seals += 1
            if self._known_head and seal.hash.startswith(self._known_head):
                self._knows_head = True
        yield from self._strays()

    def _fault_of(
        self, seal: Row[Any], rows: Sequence[Row[Any]], previous: str
    ) -> Iterator[Broken]:
        if seal.id != self._seals + 1:
            yield Broken(self._seals + 1, None, "the seal is missing")
        if seal.previous != previous or seal.hash != self._chain.of_seal(seal._asdict()):
            yield Broken(seal.id, None, "the seal was changed")
        if seal.removed is not None:
            yield from self._fault_of_removed(seal, rows)
            return
        for row in rows:
            if not self._is_genuine(row):
                yield Broken(seal.id, row.id, "the row was changed, or put in")
            self._rows += 1
            self._erased += row.erased is not None
        if seal.digest != _digest((row.id, row.row_hash) for row in rows):
            found = f"{len(rows)} of {seal.row_count} rows are there"
            yield Broken(seal.id, None, f"rows are missing or were exchanged: {found}")

    def _fault_of_removed(self, seal: Row[Any], rows: Sequence[Row[Any]]) -> Iterator[Broken]:
        if rows or seal.removed != self._chain.of_removed(seal.hash):
            yield Broken(seal.id, None, "its rows were not removed by us")
        self._removed += 1

    def _is_genuine(self, row: Row[Any]) -> bool:
        if row.erased is not None:
            named = row.meeting_id is not None or row.rep_id is not None or row.detail
            return not named and row.erased == self._chain.of_erased(row.row_hash)
        return bool(row.row_hash == self._chain.of_row(row, row.salt or ""))

    def _strays(self) -> Iterator[Broken]:
        """Rows that name a seal which does not exist: the end of the chain was cut off."""
        columns = tables.audit.c
        stray = select(columns.id, columns.seal_id).where(columns.seal_id > self._seals)
        for row in self._tx.execute(stray.order_by(columns.seal_id, columns.id).limit(1)):
            yield Broken(row.seal_id, row.id, "the seal is missing")


def _seals_with_rows(tx: Connection) -> Iterator[tuple[Row[Any], Sequence[Row[Any]]]]:
    """Each seal in order with its rows; one seal's rows are held at a time."""
    after = 0
    seals, columns = tables.audit_seal.c, tables.audit.c
    found = select(tables.audit_seal).order_by(seals.id).limit(BATCH)
    while batch := tx.execute(found.where(seals.id > after)).all():
        for seal in batch:
            mine = select(tables.audit).where(columns.seal_id == seal.id)
            yield seal, tx.execute(mine.order_by(columns.id)).all()
        after = batch[-1].id


def _without_key(tx: Connection, unsealed: int, known_head: str | None) -> Verified:
    seal = head(tx)
    sealed = select(tables.audit.c.id).where(tables.audit.c.seal_id.is_not(None)).limit(1)
    is_bare = seal is None and tx.execute(sealed).first() is None
    broken = None if is_bare else Broken(1, None, "the key of the trail is gone")
    return Verified(0, 0, 0, 0, unsealed, None, broken, knows_head=known_head is None)


def _seal_alone(tx: Connection) -> None:
    """Have nobody else seal until this transaction ends. SQLite lets one transaction write."""
    if tx.dialect.name == "postgresql":
        tx.execute(select(func.pg_advisory_xact_lock(_SEALING)))


def _unsealed() -> Any:
    columns = tables.audit.c
    return select(tables.audit).where(columns.seal_id.is_(None)).order_by(columns.id)


def _newest_seal() -> Any:
    return select(tables.audit_seal).order_by(tables.audit_seal.c.id.desc()).limit(1)


def _sealed(chain: _Chain, row: Row[Any]) -> dict[str, Any]:
    salt = os.urandom(SALT_BYTES).hex()
    return {"of": row.id, "salt": salt, "row_hash": chain.of_row(row, salt)}


def _digest(rows: Iterable[tuple[int, str]]) -> str:
    digest = hashlib.sha256()
    for row_id, row_hash in rows:
        digest.update(f"{row_id}:{row_hash}\n".encode())
    return digest.hexdigest()


def _update_rows(tx: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Give each row, known by `of`, the other values."""
    names = [name for name in rows[0] if name != "of"]
    values = {name: bindparam(f"new_{name}", type_=tables.audit.c[name].type) for name in names}
    changed = update(tables.audit).where(tables.audit.c.id == bindparam("of")).values(values)
    tx.execute(changed, [{"of": row["of"], **{f"new_{n}": row[n] for n in names}} for row in rows])


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
