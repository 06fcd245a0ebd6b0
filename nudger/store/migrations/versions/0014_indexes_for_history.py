"""Indexes by which nothing that is done for one mail reads a year of others

Where an index holds some rows only, it is because what still waits is few among what is done.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

UNSENT = "state IN ('due', 'drafting', 'drafted')"
FAILING = "last_error IS NOT NULL"
PARTIAL = (
    # Claims, and when the next mail is due.
    ("ix_mail_unsent_due_at", "mail", ["due_at"], UNSENT),
    # What waits for one rep.
    ("ix_mail_unsent_rep_id", "mail", ["rep_id", "due_at"], UNSENT),
    # What somebody got as a manager.
    ("ix_mail_recipient", "mail", ["recipient", "sent_at"], "recipient IS NOT NULL"),
    # Replies to understand, notes to write, steps to seal.
    ("ix_inbound_stored", "inbound", ["due_at"], "state IN ('stored')"),
    ("ix_note_due", "note", ["due_at"], "state IN ('due')"),
    ("ix_audit_unsealed", "audit", ["id"], "seal_id IS NULL"),
    # What was answered before a call, the latest first.
    ("ix_meeting_answered", "meeting", ["rep_id", "start_at"], "state IN ('answered', 'written')"),
    # What failed, for `nudger status` and the health check.
    ("ix_mail_failing", "mail", ["state"], FAILING),
    ("ix_inbound_failing", "inbound", ["state"], FAILING),
    ("ix_note_failing", "note", ["state"], FAILING),
)
WHOLE = (
    # The rep's calls before and ahead.
    ("ix_meeting_rep_id_start_at", "meeting", ["rep_id", "start_at"]),
    # What a rep was mailed lately, and what was put and never sent.
    ("ix_mail_rep_id_sent_at_due_at", "mail", ["rep_id", "sent_at", "due_at"]),
    # Replies to the same mail, answers of the same reply; and what points to rows that go.
    ("ix_inbound_mail_id", "inbound", ["mail_id"]),
    ("ix_answer_inbound_id", "answer", ["inbound_id"]),
)
REPLACED = (
    ("ix_meeting_rep_id_end_at", "meeting", ["rep_id", "end_at"]),
    ("ix_mail_rep_id_sent_at", "mail", ["rep_id", "sent_at"]),
)


def upgrade() -> None:
    for name, table, columns in WHOLE:
        op.create_index(name, table, columns)
    for name, table, columns, which in PARTIAL:
        where = sa.text(which)
        op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
    for name, table, _ in REPLACED:
        op.drop_index(name, table)


def downgrade() -> None:
    for name, table, columns in REPLACED:
        op.create_index(name, table, columns)
    for name, table, *_ in (*PARTIAL, *WHOLE):
        op.drop_index(name, table)
