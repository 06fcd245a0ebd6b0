"""Is this mail from the rep we asked? The token in the address says what is answered, never who.

Accepted only when From is one of the rep's addresses and the mailbox's own server says that the
sender's domain stands behind it: an explicit `dmarc=pass`, in the topmost result that this server
stamped, for the very domain of From (RFC 8601; RFC 7489). "Did not fail" is not "passed".
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from nudger.mail.inbound import address_domain
from nudger.mail.message import Inbound


@dataclass(frozen=True, slots=True)
class Trust:
    """Whose word on a sender counts in a mailbox.

    `server` is the authserv-id that the mailbox's own server stamps, compared whole;
    `exchange_form` is true where results carry no id because Exchange Online stamps them.
    `internal_mark` is true where mail that Exchange marks as internal is proven to be so.
    """

    server: str | None = None
    exchange_form: bool = False
    internal_mark: bool = False


GMAIL = Trust(server="mx.google.com")
EXCHANGE_ONLINE = Trust(exchange_form=True)


@dataclass(frozen=True, slots=True)
class SenderVerdict:
    accepted: bool
    reason: str


@dataclass(frozen=True, slots=True)
class AuthResult:
    """One method's result, as in `dmarc=pass header.from=acme.com`; properties lower-cased."""

    method: str
    result: str
    properties: dict[str, str]


_ACCEPTED = SenderVerdict(accepted=True, reason="accepted")
_COMMENT = re.compile(r"\([^()]*\)")
_RESULT = re.compile(
    r"\s*([a-z][a-z0-9_-]*)(?:/\d+)?\s*=\s*([a-z]+)\b(.*)", re.IGNORECASE | re.DOTALL
)
_PROPERTY = re.compile(r"([a-z]+(?:\.[a-z0-9_-]+)?)\s*=\s*(\"[^\"]*\"|[^\s;]+)", re.IGNORECASE)
_BARE_DOMAIN = re.compile(r"@?([a-z0-9][a-z0-9.-]*)", re.IGNORECASE)


def judge_sender(
    inbound: Inbound, rep_addresses: Collection[str], trust: Trust, *, sent_by_owner: bool
) -> SenderVerdict:
    """Accept the mail as the rep's own, or hold it, with the reason.

    `sent_by_owner` is the provider's word that the mailbox's owner wrote it from inside.
    """
    if inbound.sender is None:
        return _held(inbound.sender_problem)
    if inbound.sender not in rep_addresses:
        return _held(_stranger(inbound.sender, rep_addresses))
    if sent_by_owner:
        return SenderVerdict(accepted=True, reason="provider_internal")
    if trust.internal_mark and _marked_internal(inbound):
        return SenderVerdict(accepted=True, reason="provider_internal")
    return _judge_results(inbound, address_domain(inbound.sender), trust)


def _stranger(sender: str, rep_addresses: Collection[str]) -> str:
    domains = {address_domain(address) for address in rep_addresses}
    return "sender_mismatch" if address_domain(sender) in domains else "sender_external"


def _held(reason: str) -> SenderVerdict:
    return SenderVerdict(accepted=False, reason=reason)


def _marked_internal(inbound: Inbound) -> bool:
    marks = inbound.headers.get("x-ms-exchange-organization-authas", ())
    return len(marks) == 1 and marks[0].strip().lower() == "internal"


def _judge_results(inbound: Inbound, domain: str, trust: Trust) -> SenderVerdict:
    stamped = inbound.headers.get("authentication-results", ())
    if not stamped:
        return _held("auth_missing")
    server, results = read_results(stamped[0])
    if not _is_ours(server, trust):
        return _held("auth_untrusted")
    if not _stamped_on_receipt(inbound, trust):
        return _held("auth_fail")
    return _judge_dmarc(results, domain)


def _is_ours(server: str | None, trust: Trust) -> bool:
    if trust.exchange_form:
        return server is None
    return server is not None and trust.server is not None and server == trust.server.lower()


def _stamped_on_receipt(inbound: Inbound, trust: Trust) -> bool:
    """Whether the topmost result stands above every hop that is not our own server's.

    Exchange stamps below its own internal hops, so there the topmost result is all that counts.
    """
    order = inbound.headers.get("trace-order", ())
    names = [entry.partition(":")[2] for entry in order]
    above = names.index("authentication-results") if "authentication-results" in names else 0
    hops = inbound.headers.get("received", ())[:above]
    return trust.exchange_form or all(_own_hop(hop, trust) for hop in hops)


def _own_hop(received: str, trust: Trust) -> bool:
    by = re.search(r"\bby\s+([^\s;]+)", received, re.IGNORECASE)
    server = (trust.server or "").lower()
    return by is not None and (
        by[1].lower() == server or (server == "mx.google.com" and _is_google_hop(by[1]))
    )


def _is_google_hop(host: str) -> bool:
    return re.fullmatch(r"[0-9a-f:.]+|[a-z0-9-]+\.google\.com", host.lower()) is not None


def _judge_dmarc(results: list[AuthResult], domain: str) -> SenderVerdict:
    dmarc = [result for result in results if result.method == "dmarc"]
    if not dmarc:
        return _held("auth_not_pass")
    if len(dmarc) > 1:
        return _held("auth_ambiguous")
    verdict = dmarc[0]
    if verdict.result in ("fail", "reject", "quarantine"):
        return _held("auth_fail")
    if verdict.result != "pass":
        return _held("auth_not_pass")
    if any(r.method == "compauth" and r.result in ("fail", "softpass") for r in results):
        return _held("auth_fail")
    if verdict.properties.get("header.from", "") != domain:
        return _held("auth_not_pass")
    return _ACCEPTED


def read_results(value: str) -> tuple[str | None, list[AuthResult]]:
    """The authserv-id (`None` in Exchange's form) and the results of one header. Never raises."""
    text = value
    while (stripped := _COMMENT.sub(" ", text)) != text:
        text = stripped
    head, *rest = text.split(";")
    results = [result for part in rest if (result := _read_result(part))]
    first = _read_result(head)
    if first is not None and "=" in head:
        return None, [first, *results]
    words = head.split()
    return (words[0].strip('"').lower() if words else ""), results


def _read_result(part: str) -> AuthResult | None:
    match = _RESULT.match(part)
    if match is None:
        return None
    properties: dict[str, str] = {}
    for name, raw in _PROPERTY.findall(match[3]):
        found = _BARE_DOMAIN.fullmatch(raw.strip('"'))
        key = name.lower()
        properties[key] = "" if key in properties or not found else found[1].lower().rstrip(".")
    return AuthResult(match[1].lower(), match[2].lower(), properties)
