"""The audit trail is append-only: seals, and triggers that refuse other changes

Renaming a stored step or reason is one of those changes. A table that Alembic makes anew (batch
mode on SQLite) loses its triggers.
"""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

REFUSAL = "the audit trail is append-only"
CHANGED_ROW = """
    NEW.id {same} OLD.id AND NEW.at {same} OLD.at
    AND NEW.step {same} OLD.step AND NEW.reason {same} OLD.reason
    AND (
      (OLD.seal_id IS NULL AND NEW.seal_id IS NOT NULL AND NEW.erased IS NULL
        AND NEW.meeting_id {same} OLD.meeting_id AND NEW.rep_id {same} OLD.rep_id
        AND CAST(NEW.detail AS TEXT) {same} CAST(OLD.detail AS TEXT))
      OR
      (OLD.seal_id IS NOT NULL AND OLD.erased IS NULL AND NEW.erased IS NOT NULL
        AND NEW.seal_id {same} OLD.seal_id AND NEW.row_hash {same} OLD.row_hash
        AND NEW.meeting_id IS NULL AND NEW.rep_id IS NULL AND NEW.salt IS NULL
        AND CAST(NEW.detail AS TEXT) {same} '{{}}')
    )
"""
CHANGED_SEAL = """
    NEW.id {same} OLD.id AND NEW.row_count {same} OLD.row_count
    AND NEW.digest {same} OLD.digest AND NEW.previous {same} OLD.previous
    AND NEW.hash {same} OLD.hash AND NEW.sealed_at {same} OLD.sealed_at
    AND OLD.removed IS NULL AND NEW.removed IS NOT NULL
"""
REMOVED_SEAL = "SELECT 1 FROM audit_seal WHERE id = OLD.seal_id AND removed IS NOT NULL"
TRIGGERS = (
    ("audit_row_changed", "audit"),
    ("audit_row_deleted", "audit"),
    ("audit_seal_changed", "audit_seal"),
    ("audit_seal_deleted", "audit_seal"),
)


def upgrade() -> None:
    for name, kind in (
        ("seal_id", sa.Integer()),
        ("salt", sa.String(32)),
        ("row_hash", sa.String(64)),
        ("erased", sa.String(64)),
    ):
        op.add_column("audit", sa.Column(name, kind))
    op.create_index("ix_audit_seal_id", "audit", ["seal_id"])
    op.create_table(
        "audit_seal",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("sealed_at", sa.DateTime(), nullable=False),
        sa.Column("removed", sa.String(64)),
    )
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in _for_sqlite() if is_sqlite else _for_postgresql():
        op.execute(statement)


def downgrade() -> None:
    """What was sealed can be verified no more."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for trigger, table in TRIGGERS:
        op.execute(f"DROP TRIGGER {trigger}" + ("" if is_sqlite else f" ON {table}"))
    if not is_sqlite:
        op.execute("DROP TRIGGER audit_emptied ON audit")
        op.execute("DROP TRIGGER audit_seal_emptied ON audit_seal")
        op.execute("DROP FUNCTION audit_refuse()")
        op.execute("DROP FUNCTION audit_refuse_unless_removed()")
    op.drop_table("audit_seal")
    op.drop_index("ix_audit_seal_id", "audit")
    for name in ("seal_id", "salt", "row_hash", "erased"):
        op.drop_column("audit", name)
    op.execute(sa.text("DELETE FROM secret WHERE name = 'audit'"))


def _for_sqlite() -> Iterator[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    changed, sealed = CHANGED_ROW.format(same="IS"), CHANGED_SEAL.format(same="IS")
    yield f"CREATE TRIGGER audit_row_changed BEFORE UPDATE ON audit WHEN NOT ({changed}) {refuse}"
    yield (
        "CREATE TRIGGER audit_row_deleted BEFORE DELETE ON audit "
        f"WHEN NOT EXISTS ({REMOVED_SEAL}) {refuse}"
    )
    yield (
        "CREATE TRIGGER audit_seal_changed BEFORE UPDATE ON audit_seal "
        f"WHEN NOT ({sealed}) {refuse}"
    )
    yield f"CREATE TRIGGER audit_seal_deleted BEFORE DELETE ON audit_seal {refuse}"


def _for_postgresql() -> Iterator[str]:
    refuse = f"RAISE EXCEPTION '{REFUSAL}'"
    same = "IS NOT DISTINCT FROM"
    changed, sealed = CHANGED_ROW.format(same=same), CHANGED_SEAL.format(same=same)
    yield (
        "CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN {refuse}; END $$"
    )
    yield (
        "CREATE FUNCTION audit_refuse_unless_removed() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN IF NOT EXISTS ({REMOVED_SEAL}) THEN {refuse}; END IF; RETURN OLD; END $$"
    )
    each, stop = "FOR EACH ROW", "EXECUTE FUNCTION audit_refuse()"
    yield (
        f"CREATE TRIGGER audit_row_changed BEFORE UPDATE ON audit {each} "
        f"WHEN (NOT ({changed})) {stop}"
    )
    yield (
        f"CREATE TRIGGER audit_row_deleted BEFORE DELETE ON audit {each} "
        "EXECUTE FUNCTION audit_refuse_unless_removed()"
    )
    yield (
        f"CREATE TRIGGER audit_seal_changed BEFORE UPDATE ON audit_seal {each} "
        f"WHEN (NOT ({sealed})) {stop}"
    )
    yield f"CREATE TRIGGER audit_seal_deleted BEFORE DELETE ON audit_seal {each} {stop}"
    yield f"CREATE TRIGGER audit_emptied BEFORE TRUNCATE ON audit {stop}"
    yield f"CREATE TRIGGER audit_seal_emptied BEFORE TRUNCATE ON audit_seal {stop}"
