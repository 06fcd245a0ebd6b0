"""Signing in to a page of one's own, as a rep, as a manager, or both: who asks gets a mail with a
link and a code, and the session begins in the browser that asked.

That browser keeps a secret. With it, the code from the mail opens a session; so does the link,
opened there. A link that was opened in another browser (as mail programs on phones do) confirms,
once the number is typed that the first browser shows, and the first browser then comes in: so a
link that somebody else asked for lets nobody in, whoever presses buttons. Nothing tells whether an
address is known.

Another way of telling who somebody is needs `begin_session` alone.
Sources: docs/decisions/0027-the-session-starts-where-it-was-asked-for.md.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto

from sqlalchemy import Connection

from nudger.admin.persons import Person, find_person, person_of_rep
from nudger.domain.addresses import read_address
from nudger.domain.controls import Activity
from nudger.domain.reasons import Reason, StepName
from nudger.domain.sign_in_lifetimes import PAGE_SESSION_LASTS, SESSION_IDLES, SIGN_IN_LASTS
from nudger.jobs.outgoing.render import envelope_of, templates_of
from nudger.mail.sign_in_mail import CODE_DIGITS, sign_in_mail
from nudger.mail.token import message_id, new_token, token_hash
from nudger.runtime.context import Context
from nudger.runtime.holds import refuse_if_held
from nudger.store import audit, people, sessions
from nudger.store.people import Rep
from nudger.store.sessions import Session, SignIn

MOST_TRIES = 5


@dataclass(frozen=True, slots=True)
class SignInMail:
    """The mail that somebody is to get, as a rep."""

    reader: Rep
    code: str = field(repr=False)
    link: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the browser that asked keeps, and the mail to send; `None` where nobody is to get
    one."""

    pending: str = field(repr=False)
    mail: SignInMail | None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody, and what their session is known by in the database."""

    person: Person
    id_hash: str = field(repr=False)


class Refused(Enum):
    """Why no session began: it counts no more, what was typed is wrong, or nobody confirmed yet."""

    OVER = auto()
    WRONG = auto()
    NOT_YET = auto()


@dataclass(frozen=True, slots=True)
class Began:
    """A session of this person began; `session` is what the browser keeps."""

    session: str = field(repr=False)
    person: Person


class Confirmed(Enum):
    """A link was confirmed in another browser than the one that asked."""

    ELSEWHERE = auto()


def ask_to_sign_in(ctx: Context, tx: Connection, address: str) -> Asked:
    """Make a way in for whoever asks, with as much work for a stranger as for anybody we know.
    Raises `Held`."""
    refuse_if_held(tx, Activity.OBEY_REPLIES)
    pending, link, code = (
        new_token(ctx.random_bytes),
        new_token(ctx.random_bytes),
        _new_code(ctx.random_bytes),
    )
    person = find_person(ctx, tx, read_address(address) or "")
    new = SignIn(
        pending_hash=token_hash(pending),
        link_hash=token_hash(link),
        code_hash=_code_hash(ctx, pending, code),
        rep_id=None if person is None else person.rep_id,
        address=None if person is None else person.address_alone,
        asked_at=ctx.clock(),
    )
    sessions.add_sign_in(tx, new)
    return Asked(pending, None if person is None else SignInMail(person.reader, code, link))


def send_sign_in(ctx: Context, mail: SignInMail) -> None:
    """Send it now: who asked is waiting. It is about no meeting, and a reply to it is dropped.
    Raises `ProviderError`, `Held`, `TemplateProblem`."""
    mailbox = ctx.accounts.mailbox_for(mail.reader)
    rfc_id = message_id(ctx.random_bytes, mailbox)
    envelope = envelope_of(ctx, mail.reader, new_token(ctx.random_bytes), rfc_id)
    url = f"{site_url(ctx)}/me/link/{mail.link}"
    message = sign_in_mail(templates_of(ctx, mail.reader), envelope, mail.code, url)
    box = ctx.accounts.mailbox(mailbox)
    box.send_draft(box.create_draft(message))


def site_url(ctx: Context) -> str:
    """Where browsers reach the pages."""
    web = ctx.settings.web
    return web.public_url or f"http://{web.address}"


def find_asked(ctx: Context, tx: Connection, pending: str) -> SignIn | None:
    """What this browser asked for, as long as it counts. Raises `Held`."""
    refuse_if_held(tx, Activity.OBEY_REPLIES)
    return _counting(ctx, sessions.find_pending(tx, token_hash(pending)))


def find_link(ctx: Context, tx: Connection, link: str) -> SignIn | None:
    """What the link in a mail is for, as long as it counts. Raises `Held`."""
    refuse_if_held(tx, Activity.OBEY_REPLIES)
    return _counting(ctx, sessions.find_link(tx, token_hash(link)))


def _counting(ctx: Context, found: SignIn | None) -> SignIn | None:
    if found is None or ctx.clock() - found.asked_at >= SIGN_IN_LASTS:
        return None
    return None if found.tries >= MOST_TRIES else found


def number_of(ctx: Context, asked: SignIn) -> str:
    """The two digits that the browser shows which asked."""
    return str(int(ctx.vault.digest(f"number:{asked.pending_hash}")[:8], 16) % 90 + 10)


def is_of_browser(asked: SignIn, pending: str) -> bool:
    """Whether the browser that keeps this is the one that asked."""
    return hmac.compare_digest(asked.pending_hash, token_hash(pending))


def enter_code(ctx: Context, tx: Connection, pending: str, code: str) -> Began | Refused:
    """Begin a session with the code from the mail."""
    asked = find_asked(ctx, tx, pending)
    if asked is None or not sessions.count_try(tx, asked.pending_hash, MOST_TRIES):
        return Refused.OVER
    typed = _code_hash(ctx, pending, _digits(code))
    is_right = hmac.compare_digest(asked.code_hash, typed)
    if not is_right or not asked.is_of_somebody:
        return Refused.WRONG if asked.tries + 1 < MOST_TRIES else Refused.OVER
    return _come_in(ctx, tx, asked)


def confirm_link(
    ctx: Context, tx: Connection, link: str, pending: str, number: str
) -> Began | Confirmed | Refused:
    """The button behind the link was pressed: in the browser that asked (`pending` is what it
    keeps) a session begins; in another the number must be what that one shows."""
    asked = find_link(ctx, tx, link)
    if asked is None:
        return Refused.OVER
    if is_of_browser(asked, pending):
        return _come_in(ctx, tx, asked)
    if not sessions.count_try(tx, asked.pending_hash, MOST_TRIES):
        return Refused.OVER
    if not hmac.compare_digest(number_of(ctx, asked), _digits(number)):
        return Refused.WRONG if asked.tries + 1 < MOST_TRIES else Refused.OVER
    sessions.confirm(tx, asked.pending_hash, ctx.clock())
    return Confirmed.ELSEWHERE


def come_in(ctx: Context, tx: Connection, pending: str) -> Began | Refused:
    """Begin the session of the browser that asked, if its link was confirmed elsewhere."""
    asked = find_asked(ctx, tx, pending)
    if asked is None:
        return Refused.OVER
    return Refused.NOT_YET if asked.confirmed_at is None else _come_in(ctx, tx, asked)


def _come_in(ctx: Context, tx: Connection, asked: SignIn) -> Began | Refused:
    is_first = sessions.use_up(tx, asked.pending_hash)
    person = _whose(ctx, tx, asked) if is_first else None
    return Refused.OVER if person is None else begin_session(ctx, tx, person)


def _whose(ctx: Context, tx: Connection, of: SignIn | Session) -> Person | None:
    """Whose way in or session it is; nobody's once they are neither a rep nor a manager."""
    if of.rep_id is not None:
        return person_of_rep(ctx, tx, people.get_rep(tx, of.rep_id))
    return None if of.address is None else find_person(ctx, tx, of.address)


def begin_session(ctx: Context, tx: Connection, person: Person) -> Began:
    """A new session of this person, and no other's."""
    session, now = new_token(ctx.random_bytes), ctx.clock()
    id_hash = token_hash(session)
    sessions.begin(tx, Session(id_hash, person.rep_id, now, now, person.address_alone))
    audit.record(tx, audit.Step(StepName.SIGN_IN, Reason.SIGNED_IN, rep_id=person.rep_id), now)
    return Began(session, person)


def signed_in(ctx: Context, tx: Connection, session: str) -> SignedIn | None:
    """Whose session this is, as long as it counts. Raises `Held`."""
    refuse_if_held(tx, Activity.OBEY_REPLIES)
    found = sessions.find(tx, token_hash(session))
    now = ctx.clock()
    if found is None or now - found.seen_at >= SESSION_IDLES:
        return None
    if now - found.started_at >= PAGE_SESSION_LASTS:
        return None
    person = _whose(ctx, tx, found)
    return None if person is None else SignedIn(person, found.id_hash)


def stay(ctx: Context, tx: Connection, who: SignedIn) -> None:
    """They did something now."""
    sessions.see(tx, who.id_hash, ctx.clock())


def sign_out(tx: Connection, who: SignedIn) -> None:
    sessions.end(tx, who.id_hash)


def _new_code(random_bytes: Callable[[int], bytes]) -> str:
    return f"{int.from_bytes(random_bytes(16)) % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


def _code_hash(ctx: Context, pending: str, code: str) -> str:
    """Six digits are soon guessed where the hash can be tried at leisure: so it needs the key, and
    what the browser keeps."""
    return ctx.vault.digest(f"sign-in:{pending}:{code}")


def _digits(typed: str) -> str:
    """What was typed, without the blanks that people and mail programs put in."""
    return "".join(one for one in typed if one in "0123456789")[: 2 * CODE_DIGITS]
