"""docs/privacy.md says of each table and column whether it holds something about a person."""

from __future__ import annotations

from pathlib import Path

from nudger.config import Settings
from nudger.store import tables
from nudger.store.data_keys import SEALED
from nudger.store.personal import ABOUT_A_PERSON, ERRORS, REDACTED

PAGE = (Path(__file__).parents[1] / "docs" / "privacy.md").read_text()
ABOUT_OUR_WORK = {
    "*": {
        "id", "lease_owner", "lease_until", "fence", "attempts", "due_at", "updated_at",
        "added_at", "planned_at", "position", "number", "revision",
    },
    "answer": {"meeting_id", "inbound_id"},
    "api_token": {
        "name", "token_hash", "scopes", "created_at", "expires_at", "revoked_at", "used_at",
    },
    "audit": {"at", "step", "reason", "seal_id", "salt", "row_hash", "erased"},
    "audit_seal": {"row_count", "digest", "previous", "hash", "sealed_at", "removed"},
    "calendar": {"window_end", "rules_version", "hints"},
    "delivery": {"notice_id", "reason", "wanted_at"},
    "channel_day": {"channel", "day", "state", "reason"},
    "chat_post": {"shown"},
    "chat_word": {"kind", "state", "disposition", "reason"},
    "data_key": {"wrapped", "created_at"},
    "inbound": {"state", "disposition"},
    "mail": {"kind", "once", "state", "reason", "is_batch", "token_void"},
    "mailbox": {"provider", "listened_at", "hints"},
    "note": {"meeting_id", "written_revision", "place", "state", "reason"},
    "notice": {"public_id"},
    "occurrence": {"etag", "meeting_id"},
    "outcome": {"meeting_id"},
    "receiver": {
        "name", "failures", "reason", "detail", "left_until", "off_since", "delivered_at",
    },
    "push_channel": {"name", "watch_id", "provider", "opened_at", "expires_at"},
    "push_watch": {"missed", "missed_in_all"},
    "rep": {"provider", "calendar_hours_read_at"},
    "sign_in": {"tries"},
}  # fmt: skip
"""Columns that say nothing about a person by themselves. A new column belongs here or in
`ABOUT_A_PERSON`."""


def listed() -> dict[str, list[str]]:
    cells = [line.split(" | ") for line in PAGE.splitlines() if line.startswith("| `")]
    return {
        cell[0].strip("| `"): [one.strip("`") for one in cell[2].split(", ")]
        for cell in cells
        if len(cell) == 5
    }


def test_every_column_is_about_a_person_or_about_our_work():
    for table in tables.metadata.tables.values():
        ours = ABOUT_OUR_WORK["*"] | ABOUT_OUR_WORK.get(table.name, set())
        theirs = set(ABOUT_A_PERSON.get(table, ()))
        assert {column.name for column in table.c} <= ours | theirs, table.name
        assert theirs <= {column.name for column in table.c}
        assert not theirs & ABOUT_OUR_WORK.get(table.name, set())


def test_the_page_lists_what_is_about_a_person():
    assert listed() == {table.name: list(names) for table, names in ABOUT_A_PERSON.items()}


def test_the_page_says_what_is_sealed():
    for sealed in SEALED:
        (row,) = (
            line for line in PAGE.splitlines() if line.startswith(f"| `{sealed.table.name}` ")
        )
        assert f"`{sealed.column.name}`" in row.split(" | ")[3]
        assert sealed.column.name in ABOUT_A_PERSON[sealed.table]


def test_whatever_is_sealed_or_said_by_a_provider_is_searched_for_mentions():
    assert {one.table.name for one in SEALED} - {one.table.name for one in REDACTED} == {
        "secret", "inbound",
    }  # fmt: skip
    said = {c for t in tables.metadata.tables.values() for c in t.c if c.name == "last_error"}
    assert said < set(ERRORS)


def test_the_page_says_how_long_things_are_kept():
    keeps = {
        name: field for name, field in Settings.model_fields.items() if name.startswith("keep_")
    }
    assert len(keeps) == 3
    for name, field in keeps.items():
        assert f"| `{name}` | {field.default} |" in PAGE
