"""The tables, a file an area. Moments are UTC; what strangers or reps wrote is sealed (see
`vault`).

`lease_owner`, `lease_until` and `fence` on a table say that its rows are work to be claimed
(see `leases`).
"""

from nudger.store.tables.answers import answer, note, outcome
from nudger.store.tables.calls import meeting, occurrence
from nudger.store.tables.chat import channel_day, channel_share, chat_person, chat_post, chat_word
from nudger.store.tables.columns import metadata
from nudger.store.tables.domains import domain, domain_review
from nudger.store.tables.mails import inbound, mail, mail_meeting, mailbox, retired_token
from nudger.store.tables.push import push_channel, push_watch
from nudger.store.tables.reps import calendar, manager_stop, rep, series
from nudger.store.tables.secrets import data_key, secret
from nudger.store.tables.signing_in import (
    addon_account,
    admin,
    admin_code,
    admin_session,
    sign_in,
    web_session,
)
from nudger.store.tables.telling import api_token, delivery, notice, receiver
from nudger.store.tables.trail import audit, audit_seal, control

__all__ = [
    "addon_account", "admin", "admin_code", "admin_session", "answer", "api_token", "audit",
    "audit_seal", "calendar", "channel_day", "channel_share", "chat_person", "chat_post",
    "chat_word", "control", "data_key", "delivery", "domain", "domain_review", "inbound",
    "mail", "mail_meeting", "mailbox", "manager_stop", "meeting", "metadata", "note", "notice",
    "occurrence", "outcome", "push_channel", "push_watch", "receiver", "rep", "retired_token",
    "secret", "series", "sign_in", "web_session",
]  # fmt: skip
