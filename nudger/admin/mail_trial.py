"""Trying the way of a mail to a rep and of the reply back, by a mail that asks nothing.

What comes is read here alone: none of it is stored, and the token of the mail is kept nowhere. So a
running worker that finds the reply drops it as one that answers none of our mails.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from email.message import EmailMessage

from nudger.admin.doctor import outside_of
from nudger.domain.mail_trial import Landed, Seen, SeenReply
from nudger.domain.reasons import Reason, StepName
from nudger.jobs.outgoing.render import envelope_of, templates_of
from nudger.mail.automatic import not_to_us
from nudger.mail.genuine_sender import SenderVerdict, judge_sender
from nudger.mail.message import Inbound, IncomingMail
from nudger.mail.mime import MailRejected
from nudger.mail.token import find_token, message_id, new_token
from nudger.mail.trial_mail import own_mail, trial_mail
from nudger.providers.base import (
    CursorExpired,
    MailPage,
    MailRef,
    NotFound,
    ProviderError,
    SentMail,
    Unavailable,
)
from nudger.runtime.context import Context
from nudger.runtime.mail_reader import ReadingFailed
from nudger.store import audit
from nudger.store.people import Rep

NOT_READ = "Gmail mailboxes of reps are not looked into"


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for the reply, and how long between two looks, in seconds. `tell_left`
    is given how many are left, before each wait."""

    timeout: float
    every: float
    wait: Callable[[float], object]
    tell_left: Callable[[int], None]
    now: Callable[[], float] = time.monotonic


@dataclass(frozen=True, slots=True)
class _Out:
    """A mail that we sent: its token, and where it lies in our mailbox."""

    token: str
    rfc_message_id: str
    sent: SentMail


class MailTrial:
    """One trial with one rep. `tell` is given a line at each step, for people who wait."""

    def __init__(self, ctx: Context, rep: Rep, tell: Callable[[str], None]) -> None:
        self._ctx = ctx
        self._rep = rep
        self._tell = tell
        self._address = ctx.accounts.mailbox_for(rep)
        self._box = ctx.accounts.mailbox(self._address)
        self._known = set[str]()
        self._began = ctx.clock()

    def run(self, patience: Patience) -> Seen:
        """Send, and look until the reply has come or the time is over.

        Raises `ProviderError`, `Held`; what passes by itself while we wait is waited out.
        """
        seen = Seen(self._address, self._rep.email, from_outside=outside_of(self._ctx, self._rep))
        cursor = _last_cursor(self._box.arrivals(None))
        own = None if self._is_personal else self._send(own_mail)
        mail = self._send(lambda envelope: trial_mail(templates_of(self._ctx, self._rep), envelope))
        self._record()
        self._tell(f"sent from {self._address} to {self._rep.email}")
        if own is not None:
            seen = replace(seen, own_mail_came=False)
        deadline = patience.now() + patience.timeout
        while True:
            seen, cursor = self._look(seen, cursor, own, mail)
            if _is_complete(seen) or patience.now() >= deadline:
                return seen
            left = max(deadline - patience.now(), 0)
            patience.tell_left(int(left))
            patience.wait(min(patience.every, left))

    @property
    def _is_personal(self) -> bool:
        return self._ctx.settings.mode == "personal"

    def _send(self, compose: Callable[..., EmailMessage]) -> _Out:
        token = new_token(self._ctx.random_bytes)
        rfc_id = message_id(self._ctx.random_bytes, self._address)
        envelope = envelope_of(self._ctx, self._rep, token, rfc_id)
        draft_id = self._box.create_draft(compose(envelope))
        sent = self._box.send_draft(draft_id)
        if not sent.rfc_message_id:
            sent = self._box.find_sent(rfc_id, draft_id) or sent
        return _Out(token, sent.rfc_message_id or rfc_id, sent)

    def _record(self) -> None:
        step = audit.Step(StepName.TEST_MAIL, Reason.TEST_MAIL, rep_id=self._rep.id)
        with self._ctx.database.begin() as tx:
            audit.record(tx, step, self._ctx.clock())

    def _look(
        self, seen: Seen, cursor: str | None, own: _Out | None, mail: _Out
    ) -> tuple[Seen, str | None]:
        try:
            if seen.landed is None:
                seen = self._with_place(seen, mail)
            for page in self._arrivals(cursor):
                for ref in page.arrivals:
                    seen = self._with_arrival(seen, ref, own, mail)
                cursor = page.cursor or cursor
        except Unavailable as error:
            self._tell(f"{error} It is tried again.")
        return seen, cursor

    def _arrivals(self, cursor: str | None) -> Iterator[MailPage]:
        try:
            yield from self._box.arrivals(cursor)
        except CursorExpired:
            yield from self._box.arrivals_since(self._began)

    def _with_place(self, seen: Seen, mail: _Out) -> Seen:
        """Outlook's mailboxes alone say where a mail lies, and may be looked into."""
        try:
            places = self._ctx.accounts.places_of(self._rep)
            if places is None:
                return replace(seen, why_not_looked=None if self._is_personal else NOT_READ)
            found = places.whereabouts(mail.rfc_message_id)
        except ProviderError as error:
            return replace(seen, why_not_looked=f"could not be looked at: {error}")
        if found is None:
            return replace(seen, why_not_looked="not found in the rep's mailbox")
        landed = Landed(found.folder, found.in_inbox, found.tab)
        self._tell(f'found in "{found.folder}"')
        return replace(seen, landed=landed, why_not_looked=None)

    def _with_arrival(self, seen: Seen, ref: MailRef, own: _Out | None, mail: _Out) -> Seen:
        is_copy = any(_is_copy(ref, out) for out in (own, mail) if out is not None)
        if ref.message_id in self._known or is_copy:
            return seen
        if self._is_personal and ref.thread_id != mail.sent.thread_id:
            return seen
        seen = self._opened(seen, ref, own, mail)
        self._known.add(ref.message_id)
        return seen

    def _opened(self, seen: Seen, ref: MailRef, own: _Out | None, mail: _Out) -> Seen:
        """Of its own mail, where it lies among those that came, Outlook gives none out."""
        try:
            incoming = self._box.fetch(ref)
            inbound = self._ctx.reader.parse(incoming.raw)
        except NotFound:
            is_own = own is not None and ref.thread_id == own.sent.thread_id
            return replace(seen, own_mail_came=True) if is_own else seen
        except (MailRejected, ReadingFailed):
            return seen
        return self._with_mail(seen, incoming, inbound, own, mail)

    def _with_mail(
        self, seen: Seen, incoming: IncomingMail, inbound: Inbound, own: _Out | None, mail: _Out
    ) -> Seen:
        if inbound.report is not None:
            return _with_report(seen, inbound, own, mail)
        token = find_token(inbound.recipients)
        if own is not None and token == own.token:
            return replace(seen, own_mail_came=True)
        names_ours = mail.rfc_message_id in inbound.references
        in_thread = incoming.thread_id == mail.sent.thread_id
        if token != mail.token and not names_ours and not in_thread:
            return seen
        if inbound.rfc_message_id == mail.rfc_message_id:
            return seen  # the rep's own copy of it, in the personal mode
        if (machine := not_to_us(inbound)) is not None:
            self._tell(f"a machine answered ({machine[0].value}); still waiting for the rep")
            return seen
        self._tell("a reply came")
        verdict = self._judged(incoming, inbound)
        reply = SeenReply(
            token == mail.token, verdict.accepted, verdict.reason, in_thread, names_ours
        )
        return replace(seen, reply=reply)

    def _judged(self, incoming: IncomingMail, inbound: Inbound) -> SenderVerdict:
        return judge_sender(
            inbound,
            self._rep.addresses,
            self._ctx.accounts.trust(self._address),
            sent_by_owner=incoming.sent_by_owner,
            check_signature=lambda domain: self._ctx.reader.check_signature(incoming.raw, domain),
        )


def _is_copy(ref: MailRef, out: _Out) -> bool:
    """Whether it is what we sent, kept among the sent mails alone."""
    return ref.is_sent and ref.message_id == out.sent.message_id


def _with_report(seen: Seen, inbound: Inbound, own: _Out | None, mail: _Out) -> Seen:
    """Whether a mail of ours came back; of the mail to our own address it says the same as one to
    the rep does, by the id of what is returned."""
    report = inbound.report
    assert report is not None  # noqa: S101 - asked for by the caller
    status = next((one.status for one in report.recipients if one.status), "no status")
    if mail.rfc_message_id in report.returned_ids:
        return replace(seen, came_back=status)
    if own is not None and own.rfc_message_id in report.returned_ids:
        return replace(seen, own_mail_came_back=status)
    return seen


def _is_complete(seen: Seen) -> bool:
    return seen.reply is not None or seen.came_back is not None


def _last_cursor(pages: Iterator[MailPage]) -> str | None:
    cursor = None
    for page in pages:
        cursor = page.cursor
    return cursor


def pin(ctx: Context, rep: Rep) -> bool:
    """Have our mails lie where the rep reads; false where no program may choose that. Raises
    `ProviderError`, `Held`."""
    places = ctx.accounts.places_of(rep)
    if places is not None:
        places.pin_sender(ctx.accounts.mailbox_for(rep))
    return places is not None
