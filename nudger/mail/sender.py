"""Is this mail from the rep we asked? The token in the address says what is answered, never who.

Accepted only when From is one of the rep's addresses and the mailbox's own server says that the
sender's domain stands behind it: an explicit `dmarc=pass`, in the topmost result that this server
stamped, for the very domain of From (RFC 8601; RFC 7489). "Did not fail" is not "passed".
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from nudger.mail.authres import AuthResults, read_results
from nudger.mail.message import Inbound


@dataclass(frozen=True, slots=True)
class Trust:
    """Whose word on a sender counts in a mailbox.

    `servers` are the authserv-ids that the mailbox's own servers stamp, compared whole.
    `hops` are more names by which those servers call themselves in Received: a name, or
    `.google.com` for every host below it. `exchange_form` is true where results carry no id
    because Exchange Online stamps them; `internal_mark` is true where Exchange's mark of internal
    mail counts.
    """

    servers: tuple[str, ...] = ()
    hops: tuple[str, ...] = ()
    exchange_form: bool = False
    internal_mark: bool = False


GMAIL = Trust(servers=("mx.google.com",), hops=(".google.com",))
EXCHANGE_ONLINE = Trust(exchange_form=True, internal_mark=True)


@dataclass(frozen=True, slots=True)
class SenderVerdict:
    """`reason` is a code: `accepted` or `provider_internal`, else why the mail is held."""

    accepted: bool
    reason: str


_BY = re.compile(r"(?:^| )by ([^ ;]+)", re.IGNORECASE)
_DOMAIN = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?")
_INTERNAL_ADDRESS = re.compile(r"\[?[0-9a-f:.]+\]?")


def judge_sender(
    inbound: Inbound, rep_addresses: Collection[str], trust: Trust, *, sent_by_owner: bool
) -> SenderVerdict:
    """Accept the mail as the rep's own, or hold it, with the reason.

    `sent_by_owner` is the provider's word that the mailbox's owner wrote it from inside.
    """
    if inbound.sender is None:
        return _held(inbound.sender_problem)
    known = {address.strip().lower() for address in rep_addresses}
    if inbound.sender not in known:
        return _held(_stranger(inbound.sender, known))
    if sent_by_owner:
        return SenderVerdict(accepted=True, reason="provider_internal")
    return _judge_results(inbound, _domain(inbound.sender), trust)


def _domain(address: str) -> str:
    return address.rpartition("@")[2]


def _stranger(sender: str, known: Collection[str]) -> str:
    colleague = _domain(sender) in {_domain(address) for address in known}
    return "sender_mismatch" if colleague else "sender_external"


def _held(reason: str) -> SenderVerdict:
    return SenderVerdict(accepted=False, reason=reason)


def _is_internal(inbound: Inbound, found: AuthResults, domain: str) -> bool:
    """Mail within an Exchange organization is not signed: it carries this mark and a `dmarc=none`.

    Exchange strips the mark from what comes from outside, and gives all of that a `compauth`.
    """
    marks = inbound.headers.get("x-ms-exchange-organization-authas", ())
    if len(marks) != 1 or marks[0].strip().lower() != "internal":
        return False
    dmarc = [(r.result, r.properties.get("header.from", "")) for r in found.of("dmarc")]
    return dmarc == [("none", domain)] and not found.of("compauth") and not found.of("spf")


def _judge_results(inbound: Inbound, domain: str, trust: Trust) -> SenderVerdict:
    stamped = inbound.headers.get("authentication-results", ())
    if not stamped:
        return _held("auth_missing")
    found = read_results(stamped[0])
    if not _is_ours(found, trust) or not _above_foreign_hops(inbound, trust):
        return _held("auth_untrusted")
    if not found.sound:
        return _held("auth_ambiguous")
    if trust.internal_mark and _is_internal(inbound, found, domain):
        return SenderVerdict(accepted=True, reason="provider_internal")
    return _judge_dmarc(found, domain)


def _is_ours(found: AuthResults, trust: Trust) -> bool:
    if found.server is None:
        return trust.exchange_form
    return found.server in {server.lower() for server in trust.servers}


def _above_foreign_hops(inbound: Inbound, trust: Trust) -> bool:
    """Whether every hop above the topmost result is one of our own servers'.

    Exchange stamps below hops inside Microsoft's network that have many names, and renames what
    comes from outside; there the topmost result alone counts.
    """
    if trust.exchange_form:
        return True
    names = [name for name, _ in inbound.trace]
    above = inbound.trace[: names.index("authentication-results")] if names else ()
    return all(_is_own_hop(value, trust) for _, value in above)


def _is_own_hop(received: str, trust: Trust) -> bool:
    by = _BY.search(received)
    host = by[1].lower() if by else ""
    if host in (server.lower() for server in trust.servers) or _INTERNAL_ADDRESS.fullmatch(host):
        return True
    return any(host == hop or (hop[:1] == "." and host.endswith(hop)) for hop in trust.hops)


def _judge_dmarc(found: AuthResults, domain: str) -> SenderVerdict:
    verdicts = found.of("dmarc")
    if not verdicts:
        return _held("auth_not_pass")
    if len(verdicts) > 1:
        return _held("auth_ambiguous")
    if verdicts[0].result in ("fail", "permerror", "reject", "quarantine"):
        return _held("auth_fail")
    if verdicts[0].result != "pass":
        return _held("auth_not_pass")
    return _judge_pass(found, verdicts[0].properties.get("header.from", ""), domain)


def _judge_pass(found: AuthResults, passed: str, domain: str) -> SenderVerdict:
    composite = {result.result for result in found.of("compauth")}
    if "fail" in composite:
        return _held("auth_fail")
    if composite - {"pass", "none"} or len(found.of("compauth")) > 1:
        return _held("auth_not_pass")
    if not _DOMAIN.fullmatch(passed.rstrip(".")) or passed.rstrip(".") != domain:
        return _held("auth_not_pass")
    return SenderVerdict(accepted=True, reason="accepted")
