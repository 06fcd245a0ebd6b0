"""What Graph's refusals and the identity platform's mean for us, each as one line to act on.

Graph: the `error.code` is more telling than the status and is looked at first. Sources:
Microsoft Graph error responses; delta query overview (resets); Entra AADSTS error codes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

from nudger.providers.base import (
    SIGN_IN,
    AccessDenied,
    AlreadyExists,
    CursorExpired,
    NotFound,
    ProviderError,
    ReconnectNeeded,
    SignInFailed,
    Unavailable,
    WriteConflict,
)

_RESETS = frozenset(
    {
        "syncstatenotfound",
        "syncstateinvalid",
        "resyncrequired",
        "resyncapplydifferences",
        "resyncuploaddifferences",
        "errorinvalidsyncstatedata",
    }
)
_BUSY = frozenset(
    {
        "applicationthrottled",
        "errorinternalservertransienterror",
        "errormailboxstoreunavailable",
        "errorserverbusy",
        "errortoomanyobjectsopened",
        "mailboxconcurrency",
        "serviceunavailable",
        "timeout",
        "toomanyrequests",
    }
)
_NO_MAILBOX = frozenset(
    {
        "errorinvaliduser",
        "errornonexistentmailbox",
        "mailboxnotenabledforrestapi",
        "mailboxnotsupportedforrestapi",
        "request_resourcenotfound",
        "resourcenotfound",
    }
)
_ASK_LATER = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS)
_IS_REFUSED, _IS_AT_FAULT = HTTPStatus.BAD_REQUEST, HTTPStatus.INTERNAL_SERVER_ERROR
_LONGEST_QUOTE = 200


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer of Graph that is not a success. `code` and `message` are of its error object."""

    status: int
    code: str
    message: str
    retry_after: timedelta | None = None
    where: str = "Graph"
    has_error_object: bool = True

    @property
    def is_graphs(self) -> bool:
        """Whether Graph says no, or is too busy to: a proxy in between has no error object."""
        return self.status == HTTPStatus.UNAUTHORIZED or is_busy(self.status) or self.is_certain

    @property
    def is_certain(self) -> bool:
        """Whether the call certainly had no effect."""
        if self.status == HTTPStatus.TOO_MANY_REQUESTS:
            return True
        is_refused = _IS_REFUSED <= self.status < _IS_AT_FAULT
        return is_refused and self.has_error_object and self.status != HTTPStatus.REQUEST_TIMEOUT


def is_busy(status: int) -> bool:
    return status in _ASK_LATER or status >= HTTPStatus.INTERNAL_SERVER_ERROR


def retry_after(headers: Mapping[str, str], now: datetime | None = None) -> timedelta | None:
    """What Retry-After asks for, in seconds or as a date (then `now` tells the time)."""
    value = next((v for k, v in headers.items() if k.lower() == "retry-after"), "").strip()
    try:
        if value.isascii() and value.isdigit():
            return timedelta(seconds=min(int(value), 86_400))
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(moment - (now or datetime.now(UTC)), timedelta())


def read_refusal(status: int, headers: Mapping[str, str], body: Any) -> Refusal:
    """A refusal from a decoded answer; `body` is whatever came, at best Graph's error object."""
    error = body.get("error") if isinstance(body, dict) else None
    has_error_object = isinstance(error, dict)
    if not isinstance(error, dict):
        error = {"message": error} if isinstance(error, str) else {}
    code, message = str(error.get("code") or ""), str(error.get("message") or "")
    return Refusal(
        status,
        code,
        _one_line(message),
        retry_after(headers),
        has_error_object=has_error_object,
    )


def problem(refusal: Refusal, subject: str) -> ProviderError:
    """The error to raise. `subject` says what was asked for, such as "the calendar of a@b.c".

    A 401 comes after the token was renewed, so that it is no matter of anybody's consent.
    """
    code = refusal.code.lower()
    if not refusal.is_graphs:
        return Unavailable(
            f"{refusal.where} answered {refusal.status} about {subject} with something that Graph "
            "does not say: is there a proxy in between?",
            refusal.retry_after,
        )
    if code in _RESETS or refusal.status == HTTPStatus.GONE:
        return CursorExpired(f"{subject} must be read anew ({_told(refusal)}).")
    if code in _BUSY or is_busy(refusal.status):
        return Unavailable(
            f"Microsoft is busy with {subject} ({_told(refusal)}).", refusal.retry_after
        )
    if code == "errorirresolvableconflict" or refusal.status == HTTPStatus.PRECONDITION_FAILED:
        return WriteConflict(f"{subject} was changed meanwhile ({_told(refusal)}).")
    if code in _NO_MAILBOX:
        if subject.startswith("the group"):
            return NotFound(f"{subject}: not found ({_told(refusal)}).")
        return NotFound(
            f"There is no Exchange Online mailbox for {subject} ({_told(refusal)}): check the "
            "address and the licence."
        )
    return _by_status(refusal, subject)


def _by_status(refusal: Refusal, subject: str) -> ProviderError:
    told = _told(refusal)
    match refusal.status:
        case HTTPStatus.UNAUTHORIZED:
            line = f"Microsoft does not accept our access to {subject} ({told})."
            return SignInFailed(line, refusal.where, refusal.status)
        case HTTPStatus.FORBIDDEN if subject.startswith("the group"):
            return AccessDenied(f"Microsoft refuses {subject} ({told}).")
        case HTTPStatus.FORBIDDEN:
            return AccessDenied(
                f"Microsoft refuses {subject} ({told}): grant the app the permission, or put the "
                "mailbox into the app's scope in Exchange."
            )
        case HTTPStatus.NOT_FOUND:
            return NotFound(f"{subject}: not found ({told}).")
        case HTTPStatus.CONFLICT:
            return AlreadyExists(f"{subject} exists already ({told}).")
        case _:
            return ProviderError(f"Microsoft did not accept {subject} ({told}).")


def _told(refusal: Refusal) -> str:
    words = [str(refusal.status), refusal.code]
    told = " ".join(word for word in words if word)
    return f"{told}: {refusal.message}" if refusal.message else told


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_QUOTE else line[: _LONGEST_QUOTE - 1] + "…"


_SIGN_IN_AGAIN = "connect the account again with `nudger connect outlook`"
_AADSTS: Mapping[str, str] = {
    "7000215": "the client secret is wrong: copy the secret's value (not its id) again",
    "7000222": "the client secret has expired: make a new one, or better a certificate",
    "700016": "this directory does not know the app: check client_id and tenant",
    "90002": "there is no such directory: check tenant",
    "900023": "the tenant is not a directory's id or domain: check tenant",
    "700027": "the certificate is not the app's: upload its public part to the app registration",
    "7000112": "the app is disabled in this directory: have an admin enable it",
    "500011": "this directory does not know Microsoft Graph at this address: check graph_root",
    "65001": "nobody has consented to the app's permissions: grant consent for them",
    "90094": "an admin must consent to the app's permissions",
    "650057": "the app asks for a permission that its registration does not list: add it there",
    "7000218": 'the app may not sign people in from here: set "Allow public client flows" to Yes',
    "50011": 'the app lacks this redirect address: add "http://localhost" for desktop apps',
    "50194": "the app is for one directory only: set tenant to that directory",
    "50020": "this account is not of the app's directory: use another, or set tenant",
    "50034": "there is no such account in this directory",
    "50053": "the account is locked for now: try later",
    "50057": f"the account is disabled: have an admin enable it, then {_SIGN_IN_AGAIN}",
    "50076": f"a second factor is asked for: {_SIGN_IN_AGAIN}",
    "50079": f"a second factor must be set up: {_SIGN_IN_AGAIN}",
    "50173": f"the password was changed or sign-ins were revoked: {_SIGN_IN_AGAIN}",
    "50078": f"the sign-in has expired: {_SIGN_IN_AGAIN}",
    "70043": f"the sign-in has expired by policy: {_SIGN_IN_AGAIN}",
    "70008": f"the sign-in has expired: {_SIGN_IN_AGAIN}",
    "700082": f"the sign-in was not used for too long: {_SIGN_IN_AGAIN}",
    "700084": f"the sign-in has expired: {_SIGN_IN_AGAIN}",
    "53003": "a conditional access policy blocks the app: have an admin allow it",
    "70016": "the code was not entered yet",
    "70019": "the code was not entered in time: begin again",
    "70020": "the code was not entered in time: begin again",
}
_BY_ERROR: Mapping[str, str] = {
    "authorization_declined": "the sign-in was declined",
    "access_denied": "the consent was declined",
    "code_expired": "the code was not entered in time: begin again",
    "expired_token": "the code was not entered in time: begin again",
    "invalid_client": "the client secret or certificate is not accepted: make a new one",
    "unauthorized_client": "the app may not get tokens this way: check its registration",
    "invalid_grant": f"the consent is gone: {_SIGN_IN_AGAIN}",
    "interaction_required": f"the person must sign in: {_SIGN_IN_AGAIN}",
    "consent_required": "consent to the app's permissions is missing: grant it",
    "login_required": f"the person must sign in: {_SIGN_IN_AGAIN}",
}
_PASSES = frozenset({"temporarily_unavailable", "server_error"})
_PERSONS = frozenset(
    {
        "access_denied",
        "authorization_declined",
        "code_expired",
        "consent_required",
        "expired_token",
        "interaction_required",
        "invalid_grant",
        "login_required",
    }
)
"""What only the person who gives or gave the consent can mend."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which address was asked for a token last, and with which status it answered."""

    endpoint: str
    status: int


def sign_in_failed(result: Mapping[str, Any], asked: Asked) -> ProviderError:
    """What msal returned instead of a token to the application itself."""
    error, line = _refused(result)
    if error in _PASSES:
        return Unavailable(f"{SIGN_IN}unavailable: {asked.endpoint} ({asked.status}): {line}")
    return SignInFailed(line, asked.endpoint, asked.status)


def consent_refused(result: Mapping[str, Any], asked: Asked) -> ProviderError:
    """What msal returned instead of a token to a person: `ReconnectNeeded` where that person must
    sign in anew, else as for the application."""
    error, line = _refused(result)
    return ReconnectNeeded(line) if error in _PERSONS else sign_in_failed(result, asked)


def _refused(result: Mapping[str, Any]) -> tuple[str, str]:
    error = str(result.get("error") or "")
    description = _one_line(str(result.get("error_description") or ""))
    code = _aadsts(result, description)
    told = f"AADSTS{code}" if code else (error or "no reason given")
    advice = _AADSTS.get(code) or _BY_ERROR.get(error) or description or "no reason was given"
    return error, f"Microsoft gives no access ({told}): {advice}."


def _aadsts(result: Mapping[str, Any], description: str) -> str:
    if found := re.search(r"AADSTS(\d+)", description):
        return found[1]
    codes = result.get("error_codes")
    return str(codes[0]) if isinstance(codes, list) and codes else ""
