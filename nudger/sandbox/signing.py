"""The keys that the sandbox signs tokens with, as both providers show theirs: RFC 7517."""

from __future__ import annotations

import base64
import hashlib
from functools import cache

from cryptography.hazmat.primitives.asymmetric import rsa


def key_id(number: int) -> str:
    return hashlib.sha256(f"key {number}".encode()).hexdigest()[:40]


@cache
def signing_key(number: int) -> rsa.RSAPrivateKey:
    """One for all sandboxes of a process: a key takes time to make."""
    del number
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def public_key(number: int) -> dict[str, str]:
    """A key as a JSON Web Key."""
    numbers = signing_key(number).public_key().public_numbers()
    shown = {"kty": "RSA", "use": "sig", "kid": key_id(number)}
    return shown | {"n": _encoded(numbers.n), "e": _encoded(numbers.e)}


def _encoded(number: int) -> str:
    content = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
