"""What came of a meeting: whether the customer agreed, in the rep's word."""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select

from nudger.domain.commitment import Outcome
from nudger.store import tables
from nudger.store.chunks import chunks
from nudger.store.vault import SealBroken, Vault

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class GivenOutcome:
    """`words` are what the rep wrote beside the outcome, empty where nothing."""

    outcome: Outcome
    words: str = field(repr=False)
    given_at: datetime


_OF_MEETINGS = select(tables.outcome).where(
    tables.outcome.c.meeting_id.in_(bindparam("of", expanding=True))
)


class Outcomes:
    """Reads and writes outcomes within the caller's transaction; the latest word counts."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def put(
        self,
        tx: Connection,
        meeting_id: int,
        rep_id: int,
        given: GivenOutcome,
    ) -> None:
        tx.execute(delete(tables.outcome).where(tables.outcome.c.meeting_id == meeting_id))
        tx.execute(
            insert(tables.outcome).values(
                meeting_id=meeting_id,
                rep_id=rep_id,
                outcome=given.outcome.value,
                content=self._vault.seal_json({"words": given.words}, _owner(meeting_id)),
                given_at=given.given_at,
            )
        )

    def find(self, tx: Connection, meeting_id: int) -> GivenOutcome | None:
        return self.find_many(tx, [meeting_id]).get(meeting_id)

    def find_many(self, tx: Connection, meeting_ids: Collection[int]) -> dict[int, GivenOutcome]:
        """What came of those of the meetings of which we know it."""
        found: dict[int, GivenOutcome] = {}
        for chunk in chunks(meeting_ids):
            rows = tx.execute(_OF_MEETINGS, {"of": chunk})
            found.update((row.meeting_id, self._given(row)) for row in rows)
        return found

    def _given(self, row: Row[Any]) -> GivenOutcome:
        return GivenOutcome(Outcome(row.outcome), self._words(row), row.given_at)

    def _words(self, row: Row[Any]) -> str:
        """None where their seal is broken: what came of the call is known without."""
        try:
            content = self._vault.open_json(row.content, _owner(row.meeting_id))
        except SealBroken as error:
            log.warning("%s", error)
            return ""
        return str(content["words"])


def _owner(meeting_id: int) -> str:
    return f"outcome.content:{meeting_id}"
