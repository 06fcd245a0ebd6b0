"""What a test mail and the reply to it prove, and what to do where they do not.

Pure: what was seen goes in, a proof for each thing that questions and answers rest on comes out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from nudger.domain.reasons import reason_of


class Result(StrEnum):
    """`UNKNOWN` where nothing was seen either way; `WARNS` where it works and should be better."""

    PASSED = "passed"
    FAILED = "failed"
    WARNS = "warns"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Proof:
    """One thing, whether it works, and a line about it that says what to do where it does not."""

    what: str
    result: Result
    says: str


@dataclass(frozen=True, slots=True)
class Landed:
    """Where a mail lies: the folder's name, and Outlook's tab where it has one."""

    folder: str
    in_inbox: bool
    tab: str | None = None


@dataclass(frozen=True, slots=True)
class SeenReply:
    """The reply: whether it came to the address with our token; whether its sender was believed,
    or by which reason code not; whether it lies in our mail's thread, or names it."""

    has_token: bool
    believed: bool
    reason: str
    in_thread: bool
    names_ours: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """`own_mail_came` tells whether the mail that the mailbox sent to its own plus-address came;
    `None` where none was sent. `came_back` is the status of a report that a mail could not be
    delivered. `from_outside` says why the mailbox is not in the rep's own organization."""

    mailbox: str
    rep: str
    own_mail_came: bool | None = None
    own_mail_came_back: str | None = None
    came_back: str | None = None
    landed: Landed | None = None
    why_not_looked: str | None = None
    reply: SeenReply | None = None
    from_outside: str | None = None


def prove(seen: Seen) -> tuple[Proof, ...]:
    """The proofs in the order in which a mail goes its way."""
    found = (_delivery(seen), _organization(seen), _place(seen), _plus_address(seen), *_reply(seen))
    return tuple(proof for proof in found if proof is not None)


def is_sound(proofs: tuple[Proof, ...]) -> bool:
    """Whether nothing failed."""
    return all(proof.result is not Result.FAILED for proof in proofs)


def should_pin(seen: Seen) -> bool:
    """Whether the sender ought to be pinned to the tab that the rep reads."""
    return seen.landed is not None and seen.landed.tab == "other"


def _delivery(seen: Seen) -> Proof:
    if seen.came_back is not None:
        says = f"it came back ({seen.came_back}): check the address {seen.rep}"
        return Proof("delivery", Result.FAILED, says)
    if seen.reply is not None or seen.landed is not None:
        return Proof("delivery", Result.PASSED, f"{seen.rep} got it")
    return Proof("delivery", Result.UNKNOWN, f"it left {seen.mailbox}, and did not come back")


def _organization(seen: Seen) -> Proof | None:
    if seen.from_outside is None:
        return None
    return Proof("organization", Result.WARNS, seen.from_outside)


def _place(seen: Seen) -> Proof | None:
    where = seen.landed
    if where is None:
        why = seen.why_not_looked
        return None if why is None else Proof("place", Result.UNKNOWN, why)
    if not where.in_inbox:
        says = (
            f'it lies in "{where.folder}", where the rep will not see it: have a mail flow rule '
            f"let {seen.mailbox} through, or take away the rule that moves it"
        )
        return Proof("place", Result.FAILED, says)
    if where.tab == "other":
        says = f'in the inbox under "Other": pin the sender with nudger test-mail {seen.rep} --pin'
        return Proof("place", Result.WARNS, says)
    tab = f', under "{where.tab.title()}"' if where.tab else ""
    return Proof("place", Result.PASSED, f"in the inbox{tab}")


def _plus_address(seen: Seen) -> Proof:
    name, domain = seen.mailbox.partition("@")[0], seen.mailbox.rpartition("@")[2]
    example = f"{name}+…@{domain}"
    if seen.reply is not None and seen.reply.has_token:
        return Proof("plus-address", Result.PASSED, f"{example} reaches {seen.mailbox}")
    if seen.own_mail_came_back is not None:
        says = f"a mail to {example} came back ({seen.own_mail_came_back}): {_PLUS_ADVICE}"
        return Proof("plus-address", Result.FAILED, says)
    if seen.reply is not None:
        says = (
            "the reply came without it: the rep's mail program, or a gateway, takes From in place "
            "of Reply-To. Such replies answer no question"
        )
        return Proof("plus-address", Result.FAILED, says)
    if seen.own_mail_came:
        return Proof("plus-address", Result.PASSED, f"{example} reaches {seen.mailbox}")
    if seen.own_mail_came is None:
        return Proof("plus-address", Result.UNKNOWN, "only a reply can tell")
    says = f"no mail to {example} came within the time: {_PLUS_ADVICE}"
    return Proof("plus-address", Result.FAILED, says)


_PLUS_ADVICE = (
    "on Exchange, `Get-OrganizationConfig | fl *PlusAddressing*` must show "
    "DisablePlusAddressInRecipients : False"
)


def _reply(seen: Seen) -> Iterator[Proof]:
    if seen.reply is None:
        says = (
            f"none within the time: has {seen.rep} read it? Look into their junk mail too, then "
            "run this again with a longer --timeout"
        )
        yield Proof("reply", Result.FAILED, says)
        for what in ("sender", "thread"):
            yield Proof(what, Result.UNKNOWN, "not tried, because no reply came")
        return
    yield Proof("reply", Result.PASSED, "it came")
    yield _sender(seen.reply, seen.rep)
    yield _thread(seen.reply)


def _sender(reply: SeenReply, rep: str) -> Proof:
    if reply.believed:
        return Proof("sender", Result.PASSED, "the mail server vouches for the rep's address")
    domain = rep.rpartition("@")[2]
    advice = _SENDER_ADVICE.get(reply.reason, _DMARC_ADVICE).format(rep=rep, domain=domain)
    says = f"{reason_of(reply.reason).words} {advice}"
    return Proof("sender", Result.FAILED, says)


_DMARC_ADVICE = (
    "Publish DMARC for {domain} and sign its mail with DKIM; until then replies are quarantined"
)
_ALIAS_ADVICE = (
    "If it is another address of the rep: nudger reps add {rep} --alias THE-OTHER-ADDRESS"
)
_SENDER_ADVICE = {
    "sender_mismatch": _ALIAS_ADVICE,
    "sender_external": _ALIAS_ADVICE,
    "auth_untrusted": "Does a gateway in front of the mailbox put its own word in place of it?",
}


def _thread(reply: SeenReply) -> Proof:
    if reply.in_thread:
        return Proof("thread", Result.PASSED, "the reply lies in our mail's thread")
    if reply.names_ours:
        says = "the reply names our mail, and the mailbox shows it by itself all the same"
        return Proof("thread", Result.PASSED, says)
    says = (
        "the reply does not say what it answers: something on its way takes In-Reply-To and "
        "References out. Answers are still found by their address"
    )
    return Proof("thread", Result.WARNS, says)
