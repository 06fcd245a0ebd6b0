"""Who may come into the console: people with a role, by their account at a provider or by a
one-time code from the command line.

A code needs nothing but this machine, so that there is a first admin, and a way in while the
provider is away or everything is locked down. During a lockdown it is the only way in: an account
may be what the lockdown is about.
Sources: docs/decisions/0028-an-address-invites-once.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto
from string import ascii_uppercase, digits

from sqlalchemy import Connection

from nudger.domain.addresses import read_address
from nudger.domain.reasons import Reason, StepName
from nudger.domain.roles import READERS, Role
from nudger.domain.sign_in_lifetimes import CONSOLE_SESSION_LASTS, SESSION_IDLES, SIGN_IN_LASTS
from nudger.mail.token import new_token, token_hash
from nudger.runtime.context import Context
from nudger.store import admin_sessions, admins, audit
from nudger.store.admin_sessions import AdminSession
from nudger.store.admins import Account, Admin
from nudger.store.controls import read_controls

CODE_ALPHABET = "".join(one for one in digits + ascii_uppercase if one not in "0O1I")
"""Without what is taken for another: 0 and O, 1 and I."""
CODE_LENGTH, GROUP = 12, 4
"""60 random bits: nobody guesses them in ten minutes."""


class NotAnAdmin(Exception):
    """Nobody with this address has a role; one line for who asked."""

    def __init__(self, email: str) -> None:
        super().__init__(f"{email} has no role. See `nudger admins list`.")


class NoAddress(Exception):
    """What was typed is no mail address; one line for who asked."""

    def __init__(self, typed: str) -> None:
        super().__init__(f"{typed!r} is not a mail address, such as kim@ourco.com.")


class Invited(Enum):
    """What became of giving somebody a role."""

    ADDED = auto()
    CHANGED = auto()
    UNCHANGED = auto()


class NoEntry(Enum):
    """Why nobody came in: no role or a code that does not count, a manager, a lockdown."""

    NO_ROLE = auto()
    MANAGER = auto()
    LOCKED_DOWN = auto()


@dataclass(frozen=True, slots=True)
class Began:
    """A session began; `session` is what the browser keeps."""

    session: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SignedInAdmin:
    """Who is signed in, for one request; `admin` is `None` for who came by a code that was made for
    nobody in particular."""

    role: Role
    admin: Admin | None
    id_hash: str = field(repr=False)


def invite(ctx: Context, tx: Connection, email: str, role: Role) -> Invited:
    """Give an address a role. Raises `NoAddress`."""
    address = _address(email)
    if admins.add_admin(tx, address, role, ctx.clock()):
        _record(ctx, tx, Reason.ADMIN_ADDED, admins.find_admin(tx, address))
        return Invited.ADDED
    if admins.change_role(tx, address, role):
        _record(ctx, tx, Reason.ADMIN_ROLE_CHANGED, admins.find_admin(tx, address))
        return Invited.CHANGED
    return Invited.UNCHANGED


def remove(ctx: Context, tx: Connection, email: str) -> None:
    """Take somebody's role, and end their sessions. Raises `NotAnAdmin`, `NoAddress`."""
    address = _address(email)
    known = admins.find_admin(tx, address)
    if known is None:
        raise NotAnAdmin(address)
    admins.remove_admin(tx, address)
    _record(ctx, tx, Reason.ADMIN_REMOVED, known)


def make_code(ctx: Context, tx: Connection, email: str | None) -> str:
    """A code that lets in once, within `SIGN_IN_LASTS`: as this person, or as an admin whom nobody
    named. Raises `NotAnAdmin`, `NoAddress`."""
    admin = None
    if email is not None:
        address = _address(email)
        admin = admins.find_admin(tx, address)
        if admin is None:
            raise NotAnAdmin(address)
    drawn = ctx.random_bytes(CODE_LENGTH)
    code = "".join(CODE_ALPHABET[byte % len(CODE_ALPHABET)] for byte in drawn)
    admin_sessions.put_code(tx, _code_hash(ctx, code), _id_of(admin), ctx.clock())
    _record(ctx, tx, Reason.ADMIN_CODE_MADE, admin)
    return "-".join(code[at : at + GROUP] for at in range(0, CODE_LENGTH, GROUP))


def code_counts(ctx: Context, tx: Connection, code: str) -> bool:
    """Whether a code that was made here still lets somebody in."""
    hashed, youngest = _code_hash(ctx, _typed_code(code)), ctx.clock() - SIGN_IN_LASTS
    return admin_sessions.code_counts(tx, hashed, youngest)


def enter_code(ctx: Context, tx: Connection, typed: str) -> Began | NoEntry:
    """Begin a session by a code. A wrong one costs as much as a right one until it is known to be
    right."""
    youngest = ctx.clock() - SIGN_IN_LASTS
    used = admin_sessions.use_code(tx, _code_hash(ctx, _typed_code(typed)), youngest)
    if used is None:
        return NoEntry.NO_ROLE
    admin = None if used.admin_id is None else admins.get_admin(tx, used.admin_id)
    return _begin_session(ctx, tx, admin)


def come_in(ctx: Context, tx: Connection, account: Account, address: str | None) -> Began | NoEntry:
    """Begin a session for an account that a provider vouches for. `address` is the account's own,
    where the provider vouches for that as well."""
    if read_controls(tx).is_locked:
        return NoEntry.LOCKED_DOWN
    admin = admins.find_account(tx, account)
    if admin is None and address is not None and admins.bind(tx, address, account, ctx.clock()):
        admin = admins.find_account(tx, account)
        _record(ctx, tx, Reason.ADMIN_BOUND, admin)
    return NoEntry.NO_ROLE if admin is None else _begin_session(ctx, tx, admin)


def _begin_session(ctx: Context, tx: Connection, admin: Admin | None) -> Began | NoEntry:
    if admin is not None and admin.role not in READERS:
        return NoEntry.MANAGER
    session, now = new_token(ctx.random_bytes), ctx.clock()
    begun = AdminSession(token_hash(session), _id_of(admin), now, now)
    admin_sessions.begin(tx, begun)
    _record(ctx, tx, Reason.ADMIN_SIGNED_IN, admin, StepName.SIGN_IN)
    return Began(session)


def signed_in(ctx: Context, tx: Connection, session: str) -> SignedInAdmin | None:
    """Whose session this is, with the role that they have now, as long as it counts."""
    found = admin_sessions.find(tx, token_hash(session))
    now = ctx.clock()
    if found is None or now - found.seen_at >= SESSION_IDLES:
        return None
    if now - found.started_at >= CONSOLE_SESSION_LASTS:
        return None
    if found.admin_id is None:
        return SignedInAdmin(Role.ADMIN, None, found.id_hash)
    admin = admins.get_admin(tx, found.admin_id)
    return None if admin is None else SignedInAdmin(admin.role, admin, found.id_hash)


def stay(ctx: Context, tx: Connection, who: SignedInAdmin) -> None:
    """They did something now."""
    admin_sessions.see(tx, who.id_hash, ctx.clock())


def sign_out(tx: Connection, who: SignedInAdmin) -> None:
    admin_sessions.end(tx, who.id_hash)


def _id_of(admin: Admin | None) -> int | None:
    return None if admin is None else admin.id


def _address(email: str) -> str:
    address = read_address(email)
    if address is None:
        raise NoAddress(email)
    return address


def _typed_code(typed: str) -> str:
    """What was typed, without the signs that only help to read it."""
    return "".join(one for one in typed.upper() if one in CODE_ALPHABET)[: 2 * CODE_LENGTH]


def _code_hash(ctx: Context, code: str) -> str:
    return ctx.vault.digest(f"admin-code:{code}")


def _record(
    ctx: Context,
    tx: Connection,
    reason: Reason,
    admin: Admin | None,
    step: StepName = StepName.ACCESS,
) -> None:
    about = {} if admin is None else {"whose": admin.id}
    audit.record(tx, audit.Step(step, reason, detail=about), ctx.clock())
