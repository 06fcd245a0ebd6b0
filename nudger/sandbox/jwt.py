"""Signing a JWT, and reading one as the providers' token endpoints do: RFC 7515, 7519, and 7518 3.3
and 3.5."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256


class Malformed(ValueError):
    """It is no JWT."""


@dataclass(frozen=True)
class Token:
    """A JWT that was taken apart; nothing of it is proven before `is_signed_by`."""

    header: dict[str, Any]
    claims: dict[str, Any]
    signed: bytes
    signature: bytes

    def is_signed_by(self, key: RSAPublicKey) -> bool:
        """Whether the owner of this key signed it, by RS256 or PS256."""
        try:
            match self.header.get("alg"):
                case "RS256":
                    key.verify(self.signature, self.signed, padding.PKCS1v15(), SHA256())
                case "PS256":
                    salted = padding.PSS(padding.MGF1(SHA256()), SHA256.digest_size)
                    key.verify(self.signature, self.signed, salted, SHA256())
                case _:
                    return False
        except InvalidSignature:
            return False
        return True

    def number(self, claim: str) -> float | None:
        value = self.claims.get(claim)
        return float(value) if type(value) in (int, float) else None  # type: ignore[arg-type]


def read_jwt(text: str) -> Token:
    """Raises `Malformed`."""
    parts = text.split(".")
    if len(parts) != 3:
        raise Malformed("A JWT has three parts.")
    header, claims = (_object(part) for part in parts[:2])
    return Token(header, claims, text.rpartition(".")[0].encode(), _decoded(parts[2]))


def sign_jwt(claims: dict[str, Any], key: RSAPrivateKey, key_id: str) -> str:
    """By RS256."""
    header = {"alg": "RS256", "typ": "JWT", "kid": key_id}
    head = ".".join(_encoded(json.dumps(part).encode()) for part in (header, claims))
    signature = key.sign(head.encode(), padding.PKCS1v15(), SHA256())
    return f"{head}.{_encoded(signature)}"


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _object(part: str) -> dict[str, Any]:
    try:
        value = json.loads(_decoded(part))
    except ValueError as error:
        raise Malformed(str(error)) from error
    if not isinstance(value, dict):
        raise Malformed("A JWT holds objects.")
    return value


def _decoded(part: str) -> bytes:
    try:
        return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise Malformed(str(error)) from error
