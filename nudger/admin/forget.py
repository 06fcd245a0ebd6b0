"""Forgetting a rep, a guest or a whole customer: everything about them is removed or made nobody's.

Each step is a transaction of its own and can be done again: what breaks off is finished by asking
once more. What a calendar still holds is read again when it changes there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from nudger.domain.domains import PartyKind, clean_entry
from nudger.domain.note import find, remove
from nudger.domain.party import Party
from nudger.domain.reasons import Reason, StepName
from nudger.providers.base import NotFound, ProviderError
from nudger.runtime.context import Context
from nudger.runtime.policies import load_domain_rules
from nudger.store import (
    answers,
    audit,
    forgetting,
    people,
    personal,
    retention,
    retired_tokens,
    tables,
)
from nudger.store.audit_seals import AuditSeals
from nudger.store.chunks import chunks
from nudger.store.forgetting import Mentioned
from nudger.store.people import Rep


class CannotForget(ValueError):
    """Whom we were asked to forget cannot be forgotten so; one line that says what to do."""


@dataclass(frozen=True, slots=True)
class Left:
    """Something at a provider that still stands: an event's id in a rep's calendar, and why."""

    rep: str
    event_id: str
    what: str
    why: str


@dataclass
class Forgotten:
    """What was, or with a dry run would be, removed, emptied or anonymous."""

    reps: list[str] = field(default_factory=list)
    meetings_removed: int = 0
    meetings_stripped: int = 0
    audit_rows_erased: int = 0
    replies_emptied: int = 0
    texts_redacted: int = 0
    entries_removed: int = 0
    companions_removed: int = 0
    notes_removed: int = 0
    left: list[Left] = field(default_factory=list)
    files_wiped: bool = False


@dataclass(frozen=True)
class Forgetting:
    """Whom to forget, with the reps among them and the meetings they take part in."""

    party: Party
    reps: tuple[Rep, ...]
    mentioned: tuple[Mentioned, ...]

    @property
    def removed(self) -> list[int]:
        return [one.id for one in self.mentioned if one.is_over]

    @property
    def stripped(self) -> list[int]:
        return [one.id for one in self.mentioned if not one.is_over]


def resolve(ctx: Context, who: str) -> Forgetting:
    """Find out who is meant by an address or a domain. Raises `CannotForget`."""
    try:
        entry = clean_entry(who)
    except ValueError as error:
        raise CannotForget(str(error)) from error
    with ctx.database.read() as tx:
        _refuse_our_own(ctx, tx, entry)
        named = Party(frozenset([entry])) if "@" in entry else Party(domain=entry)
        known = people.list_reps(tx)
        reps = tuple(rep for rep in known if any(named.includes(one) for one in rep.addresses))
        addresses = named.addresses.union(*(rep.addresses for rep in reps))
        names = {rep.name for rep in reps} | forgetting.names_of(tx, ctx.vault, named)
        party = Party(addresses, named.domain, frozenset(names))
        mentioned = forgetting.meetings_of(tx, [rep.id for rep in reps])
        theirs = {one.id for one in mentioned}
        guests_of = forgetting.meetings_with(tx, ctx.vault, party, ctx.clock())
        mentioned += [one for one in guests_of if one.id not in theirs]
    return Forgetting(party, reps, tuple(mentioned))


def _refuse_our_own(ctx: Context, tx: Connection, entry: str) -> None:
    settings = ctx.settings
    if entry in (settings.google.mailbox, settings.microsoft.mailbox):
        raise CannotForget(f"{entry} is the shared mailbox: take it out of nudger.toml first.")
    is_ours = load_domain_rules(tx, settings).classify(f"x@{entry}").kind is PartyKind.OURS
    if "@" not in entry and is_ours:
        raise CannotForget(f"{entry} is your own domain: forget its people one by one.")


def preview(work: Forgetting) -> Forgotten:
    """What would be removed, as far as it is known beforehand."""
    return Forgotten(
        reps=[rep.email for rep in work.reps],
        meetings_removed=len(work.removed),
        meetings_stripped=len(work.stripped),
    )


def forget(ctx: Context, who: str, *, take_out_notes: bool = False) -> Forgotten:
    """Forget somebody. Raises `CannotForget`."""
    work = resolve(ctx, who)
    done = preview(work)
    _clear_calendars(Clearing(ctx, done, takes_out_notes=take_out_notes), work)
    _retire_tokens(ctx, work)
    _erase_trail(ctx, work, done)
    _leave_meetings(ctx, work, done)
    with ctx.database.begin() as tx:
        people.keep_mails_to_others(tx, [rep.id for rep in work.reps])
        forgetting.remove_reps(tx, [rep.id for rep in work.reps])
        forgetting.leave_people(tx, work.party)
        forgetting.leave_series(tx, work.party)
        forgetting.leave_events(tx, work.party)
        done.entries_removed = personal.drop_entries(tx, work.party)
        personal.drop_errors(tx, work.party)
    done.replies_emptied += _drop_raw(ctx, work.party)
    done.texts_redacted = _redact(ctx, work.party)
    with ctx.database.begin() as tx:
        detail = {"meetings": len(work.mentioned), "audit": done.audit_rows_erased}
        audit.record(tx, audit.Step(StepName.FORGET, Reason.FORGOTTEN, detail=detail), ctx.clock())
    done.files_wiped = ctx.database.rewrite()
    return done


def _retire_tokens(ctx: Context, work: Forgetting) -> None:
    """A late reply of theirs is then known for what it is."""
    now, reps = ctx.clock(), [rep.id for rep in work.reps]
    with ctx.database.begin() as tx:
        retired_tokens.retire(tx, reps, now - retention.KEEP_RETIRED, now)


def _erase_trail(ctx: Context, work: Forgetting, done: Forgotten) -> None:
    seals, columns = AuditSeals(ctx.vault), tables.audit.c
    about = [columns.rep_id.in_([rep.id for rep in work.reps])] if work.reps else []
    about += [columns.meeting_id.in_(ids) for ids in chunks([m.id for m in work.mentioned])]
    for condition in about:
        with ctx.database.begin() as tx:
            done.audit_rows_erased += seals.erase(tx, condition, ctx.clock())


def _leave_meetings(ctx: Context, work: Forgetting, done: Forgotten) -> None:
    for ids in _batches(work.removed):
        with ctx.database.begin() as tx:
            done.replies_emptied += forgetting.drop_replies(tx, ids)
            forgetting.forget_titles(tx, ids)
            retention.remove_meetings(tx, ids)
    for meeting_id in work.stripped:
        with ctx.database.begin() as tx:
            done.replies_emptied += forgetting.drop_replies(tx, [meeting_id])
            forgetting.forget_titles(tx, [meeting_id])
            forgetting.strip_meeting(tx, ctx.vault, meeting_id, work.party)


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[at : at + personal.BATCH] for at in range(0, len(ids), personal.BATCH))


def _drop_raw(ctx: Context, party: Party) -> int:
    return _walk(ctx, lambda tx, at: forgetting.drop_raw_batch(tx, ctx.vault, party, at or 0))


def _redact(ctx: Context, party: Party) -> int:
    def batch_of(sealed: Any) -> Callable[[Connection, Any], tuple[Any, int]]:
        return lambda tx, at: personal.redact_batch(tx, ctx.vault, sealed, party, at)

    return sum(_walk(ctx, batch_of(sealed)) for sealed in personal.REDACTED)


def _walk(ctx: Context, batch: Callable[[Connection, Any], tuple[Any, int]]) -> int:
    """Do batch after batch, each in a transaction of its own; returns how many rows changed."""
    at, total = None, 0
    while True:
        with ctx.database.begin() as tx:
            at, count = batch(tx, at)
        total += count
        if at is None:
            return total


@dataclass(frozen=True)
class Clearing:
    """Taking what we wrote out of calendars; what stays is listed in `done`."""

    ctx: Context
    done: Forgotten
    takes_out_notes: bool

    def remove_companion(self, rep: Rep, companion_id: str) -> None:
        why = _at_provider(lambda: _delete_companion(self.ctx, rep, companion_id))
        if why is None:
            self.done.companions_removed += 1
        else:
            self.done.left.append(Left(rep.email, companion_id, "companion", why))

    def remove_note(self, rep: Rep, event_id: str) -> None:
        why: str | None = "not asked to"
        if self.takes_out_notes:
            why = _at_provider(lambda: _take_out(self.ctx, rep, event_id))
        if why is None:
            self.done.notes_removed += 1
        else:
            self.done.left.append(Left(rep.email, event_id, "note", why))


def _clear_calendars(clearing: Clearing, work: Forgetting) -> None:
    """Delete the companions of the meetings; take out or list the notes that stand in them."""
    for mentioned in work.mentioned:
        with clearing.ctx.database.read() as tx:
            note = answers.find_note(tx, mentioned.id)
            rep = people.get_rep(tx, (note and note.event_rep_id) or mentioned.rep_id)
        if note is not None and note.companion_id is not None:
            clearing.remove_companion(rep, note.companion_id)
        if note is not None and note.event_id is not None:
            clearing.remove_note(rep, note.event_id)


def _at_provider(act: Callable[[], str | None]) -> str | None:
    """Why it was not done; `None` when it was."""
    try:
        return act()
    except ProviderError as error:
        return str(error)


def _delete_companion(ctx: Context, rep: Rep, companion_id: str) -> None:
    ctx.accounts.calendar(rep).delete_companion(companion_id)


def _take_out(ctx: Context, rep: Rep, event_id: str) -> str | None:
    calendar = ctx.accounts.calendar(rep)
    try:
        event = calendar.get(event_id)
    except NotFound:
        return None
    description = event.description or ""
    if find(description, event.description_format) is None:
        return None
    may_notify = ctx.settings.microsoft.outlook_may_notify_guests
    if calendar.write_notifies_guests(event) and not may_notify:
        return Reason.WOULD_NOTIFY_GUESTS.words
    calendar.write_description(event, remove(description, event.description_format))
    return None
