"""Is this mail from the rep we asked? The token in the address says what is answered, never who.

Accepted only when From is one of the rep's addresses and the mailbox's own server says that the
sender's domain stands behind it: an explicit `dmarc=pass`, in the topmost result that this server
stamped, for the very domain of From (RFC 8601; RFC 7489). "Did not fail" is not "passed". A first
line that begins with a blank folds into what the server stamped above it; so a result that spans
lines needs a second witness (docs/decisions/0018-two-witnesses-for-a-sender.md).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from nudger.mail.authentication_results import AuthResults, read_results
from nudger.mail.dkim_check import SignatureCheck, signing_domain
from nudger.mail.message import Inbound


@dataclass(frozen=True, slots=True)
class Trust:
    """Whose word on a sender counts in a mailbox.

    `servers` are the authserv-ids that the mailbox's own servers stamp, compared whole.
    `hops` are more names by which those servers call themselves in Received: a name, or
    `.google.com` for every host below it. `exchange_form` is true where results carry no id
    because Exchange Online stamps them; `internal_mark` is true where Exchange's mark of internal
    mail counts. `signatures_stay` is true where a mail lies in the mailbox byte for byte as its
    sender signed it.
    """

    servers: tuple[str, ...] = ()
    hops: tuple[str, ...] = ()
    exchange_form: bool = False
    internal_mark: bool = False
    signatures_stay: bool = False


GMAIL = Trust(servers=("mx.google.com",), hops=(".google.com",), signatures_stay=True)
EXCHANGE_ONLINE = Trust(exchange_form=True, internal_mark=True)


@dataclass(frozen=True, slots=True)
class SenderVerdict:
    """`reason` is a code: `accepted` or `provider_internal`, else why the mail is held."""

    accepted: bool
    reason: str


_BY = re.compile(r"(?:^| )by ([^ ;]+)", re.IGNORECASE)
_DOMAIN = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?")
_INTERNAL_ADDRESS = re.compile(r"\[?[0-9a-f:.]+\]?")


CheckSignature = Callable[[str], SignatureCheck]


def unchecked(_domain: str) -> SignatureCheck:
    return SignatureCheck.UNKNOWN


def judge_sender(
    inbound: Inbound,
    rep_addresses: Collection[str],
    trust: Trust,
    *,
    sent_by_owner: bool,
    check_signature: CheckSignature = unchecked,
) -> SenderVerdict:
    """Accept the mail as the rep's own, or hold it, with the reason.

    `sent_by_owner` is the provider's word that the mailbox's owner wrote it from inside;
    `check_signature` looks at the signature of a domain, and is asked only where there is one.
    """
    if inbound.sender is None:
        return _held(inbound.sender_problem)
    known = {address.strip().lower() for address in rep_addresses}
    if inbound.sender not in known:
        return _held(_stranger(inbound.sender, known))
    if sent_by_owner:
        return SenderVerdict(accepted=True, reason="provider_internal")
    return _judge_results(inbound, _domain(inbound.sender), trust, check_signature)


def _domain(address: str) -> str:
    return address.rpartition("@")[2]


def _stranger(sender: str, known: Collection[str]) -> str:
    colleague = _domain(sender) in {_domain(address) for address in known}
    return "sender_mismatch" if colleague else "sender_external"


def _held(reason: str) -> SenderVerdict:
    return SenderVerdict(accepted=False, reason=reason)


def has_internal_mark(inbound: Inbound) -> bool:
    """Exchange strips the mark from what comes from outside, and gives all of that a `compauth`."""
    marks = inbound.headers.get("x-ms-exchange-organization-authas", ())
    stamped = inbound.headers.get("authentication-results", ())[:1]
    of_outside = any(read_results(one).of(how) for one in stamped for how in ("compauth", "spf"))
    return len(marks) == 1 and marks[0].strip().lower() == "internal" and not of_outside


def _is_internal(inbound: Inbound, found: AuthResults, domain: str) -> bool:
    """Mail within an Exchange organization is not signed: it has the mark and a `dmarc=none`."""
    dmarc = [(r.result, r.properties.get("header.from", "")) for r in found.of("dmarc")]
    return dmarc == [("none", domain)] and has_internal_mark(inbound)


def _judge_results(
    inbound: Inbound, domain: str, trust: Trust, check_signature: CheckSignature
) -> SenderVerdict:
    stamped = inbound.headers.get("authentication-results", ())
    if not stamped:
        return _held("auth_missing")
    found = read_results(stamped[0])
    if not _is_ours(found, trust) or not _above_foreign_hops(inbound, trust):
        return _held("auth_untrusted")
    if not found.sound or _is_severed(inbound):
        return _held("auth_ambiguous")
    if trust.internal_mark and _is_internal(inbound, found, domain):
        return SenderVerdict(accepted=True, reason="provider_internal")
    if trust.exchange_form:
        return _judge_dmarc(found, domain)
    return _judge_witnesses(inbound, found, domain, trust, check_signature)


def _is_severed(inbound: Inbound) -> bool:
    """Whether a line of the topmost result begins by ending what the server wrote before it."""
    return any(line.lstrip().startswith(";") for line in inbound.result_lines[1:])


def _judge_witnesses(
    inbound: Inbound,
    found: AuthResults,
    domain: str,
    trust: Trust,
    check_signature: CheckSignature,
) -> SenderVerdict:
    """What the server stamped, held against its second copy and against the signature itself."""
    copy = _second_copy(inbound, trust)
    if copy is not None and _said(copy) != _said(found):
        return _held("auth_ambiguous")
    signed = SignatureCheck.NONE
    if trust.signatures_stay and _claims_signature(inbound, domain):
        signed = check_signature(domain)
    if signed is SignatureCheck.FAIL:
        return _held("auth_ambiguous")
    confirmed = copy is not None or signed is SignatureCheck.PASS
    if not found.of("dmarc"):  # the domain has no policy; its signature says as much
        accepted = confirmed and _is_signed(found, domain)
        return SenderVerdict(accepted, "accepted" if accepted else "auth_not_pass")
    verdict = _judge_dmarc(found, domain)
    if not verdict.accepted or confirmed or len(inbound.result_lines) <= 1:
        return verdict
    # Without a copy it must at least be what such a pass comes from, in a form nobody can add to.
    possible = signed is SignatureCheck.UNKNOWN and _is_signed(found, domain)
    return verdict if possible or _is_sent_by(found, domain) else _held("auth_not_pass")


_INSTANCE = re.compile(r"\s*i\s*=\s*\d{1,3}\s*;")


def _second_copy(inbound: Inbound, trust: Trust) -> AuthResults | None:
    """The copy that the same server stamps for those it passes the mail to (RFC 8617), where it
    stands above the topmost result: nothing of the sender's can fold into it."""
    names = [name for name, _ in inbound.trace]
    above = inbound.trace[: names.index("authentication-results")]
    copies = [value for name, value in above if name == "arc-authentication-results"]
    instance = _INSTANCE.match(copies[0]) if copies else None
    if instance is None:
        return None
    copy = read_results(copies[0][instance.end() :])
    return copy if copy.sound and copy.server is not None and _is_ours(copy, trust) else None


def _said(found: AuthResults) -> tuple[object, ...]:
    """What counts of a result, to be compared."""
    dmarc = [(one.result, one.properties.get("header.from")) for one in found.of("dmarc")]
    dkim = [(one.result, _signer(one.properties)) for one in found.of("dkim")]
    return sorted(map(str, dmarc)), sorted(map(str, dkim)), len(found.of("spf"))


def _signer(properties: Mapping[str, str]) -> str:
    return properties.get("header.d") or properties.get("header.i", "").rpartition("@")[2]


def _is_signed(found: AuthResults, domain: str) -> bool:
    """Whether the server found the domain's own signature good, and none of its bad."""
    own = {one.result for one in found.of("dkim") if _signer(one.properties) == domain}
    return own == {"pass"}


def _is_sent_by(found: AuthResults, domain: str) -> bool:
    """Whether the domain's own server sent it; a server says so once, and a second is not its."""
    spf = found.of("spf")
    return (
        len(spf) == 1
        and spf[0].result == "pass"
        and (spf[0].properties.get("smtp.mailfrom", "").rpartition("@")[2] == domain)
    )


def _claims_signature(inbound: Inbound, domain: str) -> bool:
    signatures = inbound.headers.get("dkim-signature", ())
    return any(signing_domain(signature) == domain for signature in signatures)


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
    return all(_is_own_hop(value, trust) for name, value in above if name == "received")


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
