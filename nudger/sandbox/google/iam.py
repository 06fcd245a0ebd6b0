"""Google's ways to act without a key: the metadata server of a machine, the Security Token Service
for identities from elsewhere, and the IAM Credentials API that signs.

Sources: docs.cloud.google.com/compute/docs/metadata, docs.cloud.google.com/iam/docs/reference/sts,
docs.cloud.google.com/iam/docs/reference/credentials (signJwt); RFC 8693.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qs

from cryptography.hazmat.primitives.asymmetric import rsa
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from nudger.sandbox.failing import without_an_answer
from nudger.sandbox.google.oauth import TokenEndpoint
from nudger.sandbox.jwt import Malformed, read_jwt, sign_jwt
from nudger.sandbox.world import World

CLOUD_PLATFORM = "https://www.googleapis.com/auth/cloud-platform"
FITTING_SCOPES = (CLOUD_PLATFORM, "https://www.googleapis.com/auth/iam")
SERVICE_ACCOUNT = "nudger@sandbox.iam.gserviceaccount.com"
MACHINE = "machine@sandbox.iam.gserviceaccount.com"
POOL = "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pool/providers/own"
ISSUER = "https://issuer.example"
SIGN_JWT = "iam.serviceAccounts.signJwt"
LONGEST_AHEAD = 12 * 3600
_TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"  # noqa: S105 - a name
_ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"  # noqa: S105 - a name
_JWT = "urn:ietf:params:oauth:token-type:jwt"


@dataclass(frozen=True)
class _Bearer:
    principal: str
    scopes: tuple[str, ...]
    ends: float


class _Refusal(Exception):
    """In the form of Google's APIs."""

    def __init__(self, code: int, status: str, message: str, reason: str = "") -> None:
        super().__init__(message)
        self.code = code
        details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason}]
        error = {"code": code, "message": message, "status": status}
        self.body = {"error": {**error, **({"details": details} if reason else {})}}


class IamServer:
    """`may_sign` holds who (a principal) has `iam.serviceAccounts.signJwt` on the service account.

    `attached` is the account attached to the machine, `None` where there is none; `machine_scopes`
    are its access scopes. `is_enabled` is false where the API was not enabled. `lasts` is how long
    tokens are good; `clock` is seconds.
    """

    def __init__(self, world: World, tokens: TokenEndpoint) -> None:
        self._world = world
        self._tokens = tokens
        self.may_sign: set[str] = {MACHINE, f"{POOL}/subject/worker"}
        self.attached: str | None = MACHINE
        self.machine_scopes: tuple[str, ...] = (CLOUD_PLATFORM,)
        self.is_enabled = True
        self.lasts = 3600
        self.clock: Callable[[], float] = time.time
        self._bearers: dict[str, _Bearer] = {}
        metadata = "/computeMetadata/v1/instance/service-accounts/{account}"
        self.routes = [
            Route(f"{metadata}/", self.account, methods=["GET"]),
            Route(f"{metadata}/token", self.machine_token, methods=["GET"]),
            Route("/v1/token", self.exchange, methods=["POST"]),
            Route("/v1/projects/-/serviceAccounts/{name}", self.sign, methods=["POST"]),
        ]

    def revoke_all(self) -> None:
        """No token that is out is good any more."""
        self._bearers.clear()

    async def account(self, request: Request) -> Response:
        refused = self._refused_metadata(request)
        if refused is not None:
            return refused
        told = {"email": self.attached, "scopes": self.machine_scopes, "aliases": ["default"]}
        return JSONResponse(told, headers={"Metadata-Flavor": "Google"})

    async def machine_token(self, request: Request) -> Response:
        """A Compute Engine machine gives the scopes that it has, whatever is asked for."""
        refused = self._refused_metadata(request)
        if refused is not None:
            return refused
        assert self.attached is not None  # noqa: S101 - looked at before
        issued = self._issued(self.attached, self.machine_scopes)
        return JSONResponse(issued, headers={"Metadata-Flavor": "Google"})

    def _refused_metadata(self, request: Request) -> Response | None:
        with self._world.lock:
            self._world.ledger.called("google.metadata", "")
        if request.headers.get("metadata-flavor") != "Google":
            return PlainTextResponse("Missing Metadata-Flavor:Google header.", status_code=403)
        if request.path_params["account"] not in ("default", self.attached) or not self.attached:
            return PlainTextResponse("service account not found", status_code=404)
        return None

    async def exchange(self, request: Request) -> Response:
        """A token from elsewhere for one of Google's."""
        form = {k: v[0] for k, v in parse_qs((await request.body()).decode()).items()}
        with self._world.lock:
            self._world.ledger.called("google.sts", "")
        try:
            principal = self._federated(form)
        except ValueError as problem:
            refused = {"error": "invalid_grant", "error_description": str(problem)}
            return JSONResponse(refused, status_code=400)
        issued = self._issued(principal, tuple(form.get("scope", "").split()))
        return JSONResponse({**issued, "issued_token_type": _ACCESS_TOKEN})

    def _federated(self, form: dict[str, str]) -> str:
        if form.get("grant_type") != _TOKEN_EXCHANGE or not form.get("scope"):
            raise ValueError("Invalid value for grant_type or scope.")
        if form.get("requested_token_type") != _ACCESS_TOKEN:
            raise ValueError("Invalid value for requested_token_type.")
        if form.get("audience") != POOL or form.get("subject_token_type") != _JWT:
            raise ValueError("Invalid value for audience or subject_token_type.")
        try:
            token = read_jwt(form.get("subject_token", ""))
        except Malformed as problem:
            raise ValueError("Unable to parse the ID Token.") from problem
        if not token.is_signed_by(_issuer_key().public_key()):
            raise ValueError("The ID Token's signature cannot be verified.")
        ends = token.number("exp")
        if ends is None or ends < self.clock():
            raise ValueError("ID Token issued at is stale to sign-in.")
        if token.claims.get("iss") != ISSUER or token.claims.get("aud") != POOL:
            raise ValueError("The audience or issuer in ID Token does not match.")
        return f"{POOL}/subject/{token.claims.get('sub')}"

    async def sign(self, request: Request) -> Response:
        body = await request.body()
        with self._world.lock:
            self._world.ledger.called("google.signJwt", "")
            fault = self._world.faults.next_for("google.signJwt", "")
        if fault is not None:
            refused = _Refusal(fault.status, "UNAVAILABLE", fault.reason)
            return without_an_answer(fault) or JSONResponse(refused.body, fault.status)
        try:
            return JSONResponse(self._signed(request, body))
        except _Refusal as refusal:
            return JSONResponse(refusal.body, status_code=refusal.code)

    def _signed(self, request: Request, body: bytes) -> dict[str, Any]:
        account, _, method = request.path_params["name"].partition(":")
        bearer = self._bearer(request)
        if not set(bearer.scopes) & set(FITTING_SCOPES):
            raise _Refusal(
                403, "PERMISSION_DENIED", "Request had insufficient authentication scopes.",
                "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
            )  # fmt: skip
        if not self.is_enabled:
            raise _Refusal(
                403, "PERMISSION_DENIED", "IAM Service Account Credentials API has not been used "
                "in project 1 before or it is disabled.", "SERVICE_DISABLED",
            )  # fmt: skip
        if (
            method != "signJwt"
            or account != SERVICE_ACCOUNT
            or bearer.principal not in self.may_sign
        ):
            raise _Refusal(
                403, "PERMISSION_DENIED", f"Permission '{SIGN_JWT}' denied on resource (or it may "
                "not exist).", "IAM_PERMISSION_DENIED",
            )  # fmt: skip
        claims = self._claims(body)
        key, key_id = _account_key(), "system-managed"
        self._tokens.know_key(SERVICE_ACCOUNT, key_id, key.public_key())
        return {"keyId": key_id, "signedJwt": sign_jwt(claims, key, key_id)}

    def _claims(self, body: bytes) -> dict[str, Any]:
        try:
            claims = json.loads(json.loads(body)["payload"])
        except (ValueError, LookupError, TypeError) as error:
            raise _invalid("payload must be a serialized JSON object.") from error
        if not isinstance(claims, dict):
            raise _invalid("payload must be a serialized JSON object.")
        ends = claims.get("exp")
        if ends is not None and (
            type(ends) is not int or not self.clock() <= ends <= self.clock() + LONGEST_AHEAD
        ):
            raise _invalid("exp must be in the future, and at most 12 hours ahead.")
        return claims

    def _bearer(self, request: Request) -> _Bearer:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        bearer = self._bearers.get(token) if scheme.lower() == "bearer" else None
        if bearer is None or bearer.ends < self.clock():
            says = "Request had invalid authentication credentials."
            raise _Refusal(401, "UNAUTHENTICATED", says)
        return bearer

    def _issued(self, principal: str, scopes: tuple[str, ...]) -> dict[str, Any]:
        token = f"ya29.c.{secrets.token_urlsafe(24)}"
        self._bearers[token] = _Bearer(principal, scopes, self.clock() + self.lasts)
        return {"access_token": token, "expires_in": self.lasts, "token_type": "Bearer"}


def _invalid(message: str) -> _Refusal:
    return _Refusal(400, "INVALID_ARGUMENT", message)


def subject_token(subject: str = "worker", ends_in: float = 3600, audience: str = POOL) -> str:
    """What the issuer elsewhere gives a workload."""
    claims = {"iss": ISSUER, "aud": audience, "sub": subject, "exp": int(time.time() + ends_in)}
    return sign_jwt(claims, _issuer_key(), "issuer")


def external_account(root: str, token_file: str) -> dict[str, Any]:
    """The credentials file of a workload elsewhere, as gcloud writes it."""
    sign = f"{root}/v1/projects/-/serviceAccounts/{SERVICE_ACCOUNT}:generateAccessToken"
    return {
        "type": "external_account",
        "audience": POOL,
        "subject_token_type": _JWT,
        "token_url": f"{root}/v1/token",
        "credential_source": {"file": token_file},
        "service_account_impersonation_url": sign,
    }


@cache
def _account_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def _issuer_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)
