"""Who should be a rep, by the members of a directory's group: a pure comparison.

Nobody leaves by it. Who is a rep and not in the group is named, and an admin may pause them: an
address that is missing from a group, or a group that is read in part, must not delete answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from nudger.domain.addresses import name_in


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in a group, or in a group within it. `address` is the primary one, empty where the
    directory tells none; `name` is empty where it is not told. `is_active` is false of an account
    that is suspended or switched off."""

    address: str
    name: str = ""
    aliases: tuple[str, ...] = ()
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class Known:
    """A rep as they stand. `is_here` says that their calendar is kept where the group is."""

    email: str
    name: str
    aliases: tuple[str, ...] = ()
    is_here: bool = True

    @property
    def addresses(self) -> tuple[str, ...]:
        return (self.email, *self.aliases)


class LeftOut(StrEnum):
    """Why a member does not become a rep."""

    NO_ADDRESS = "has no mail address"
    INACTIVE = "the account is suspended"
    OUTSIDE = "not at a domain of yours"
    MAILBOX = "is the mailbox that asks"


@dataclass(frozen=True, slots=True)
class Person:
    """A rep to be, or what a rep becomes: nothing of what an admin entered is lost."""

    email: str
    name: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Roster:
    """What a group means for the reps. `gone` are reps who are not in it, or whose account there is
    suspended; `same` are those for whom nothing changes."""

    added: tuple[Person, ...] = ()
    changed: tuple[Person, ...] = ()
    same: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    left_out: tuple[tuple[str, LeftOut], ...] = ()


def compare(
    members: Iterable[Member],
    reps: Sequence[Known],
    is_ours: Callable[[str], bool],
    mailboxes: frozenset[str] = frozenset(),
) -> Roster:
    """What the group means. A rep is known by any address; a name is taken over where nobody has
    entered one, aliases are added and never taken away, since replies may still come from them."""
    by_address = {address: rep for rep in reversed(reps) for address in rep.addresses}
    by_address |= {rep.email: rep for rep in reps}
    added: dict[str, Person] = {}
    after: dict[str, Person] = {}
    left_out: dict[str, LeftOut] = {}
    for member in members:
        rep = _rep_of(member, by_address)
        why_not = _why_left_out(member, is_ours, mailboxes)
        if why_not is not None:
            left_out[member.address or member.name or "?"] = why_not
        elif rep is None:
            person = Person(
                member.address, member.name or name_in(member.address),
                _free_aliases(member, member.address, by_address, is_ours),
            )  # fmt: skip
            added.setdefault(member.address, person)
        else:
            after[rep.email] = _after(after.get(rep.email), rep, member, by_address, is_ours)
    known = {rep.email: rep for rep in reps}
    changed = [one for email, one in after.items() if one != _as_person(known[email])]
    here = [rep.email for rep in reps if rep.is_here]
    return Roster(
        added=tuple(added.values()),
        changed=tuple(changed),
        same=tuple(email for email in after if _as_person(known[email]) == after[email]),
        gone=tuple(email for email in here if email not in after),
        left_out=tuple(left_out.items()),
    )


def _rep_of(member: Member, by_address: Mapping[str, Known]) -> Known | None:
    addresses = (member.address, *member.aliases)
    return next((by_address[one] for one in addresses if one in by_address), None)


def _why_left_out(
    member: Member, is_ours: Callable[[str], bool], mailboxes: frozenset[str]
) -> LeftOut | None:
    if not member.address:
        return LeftOut.NO_ADDRESS
    if not member.is_active:
        return LeftOut.INACTIVE
    if member.address in mailboxes:
        return LeftOut.MAILBOX
    return None if is_ours(member.address) else LeftOut.OUTSIDE


def _free_aliases(
    member: Member, email: str, by_address: Mapping[str, Known], is_ours: Callable[[str], bool]
) -> tuple[str, ...]:
    """Those that are another rep's belong to that rep, and one outside is nobody's proof."""
    offered = dict.fromkeys((member.address, *member.aliases))
    return tuple(
        one
        for one in offered
        if one != email
        and is_ours(one)
        and (one not in by_address or by_address[one].email == email)
    )


def _after(
    before: Person | None,
    rep: Known,
    member: Member,
    by_address: Mapping[str, Known],
    is_ours: Callable[[str], bool],
) -> Person:
    base = before or _as_person(rep)
    name = member.name if member.name and base.name == name_in(rep.email) else base.name
    aliases = dict.fromkeys((*base.aliases, *_free_aliases(member, rep.email, by_address, is_ours)))
    return Person(rep.email, name, tuple(aliases))


def _as_person(rep: Known) -> Person:
    return Person(rep.email, rep.name, rep.aliases)
