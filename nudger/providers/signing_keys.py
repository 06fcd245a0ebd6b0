"""The keys that Google or Microsoft sign tokens with: fetched, kept as long as they say, fetched
anew where a key is not among them, and never more often than once a minute.

Sources: https://developers.google.com/identity/openid-connect/openid-connect#validatinganidtoken;
https://learn.microsoft.com/entra/identity-platform/signing-key-rollover; RFC 7517.
"""

from __future__ import annotations

import json
import logging
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from nudger.providers.base import Unavailable

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 10
AT_MOST_EVERY = timedelta(minutes=1)
KEPT_UNLESS_SAID = timedelta(hours=1)
KEPT_AT_MOST = timedelta(days=1)
_MAX_AGE = re.compile(r"max-age=(\d{1,9})", re.ASCII)


@dataclass
class SigningKeys:
    """The key set at `address`, for threads of one process. `clock` gives aware moments."""

    address: str
    clock: Callable[[], datetime]
    _keys: dict[str, RSAPublicKey] = field(default_factory=dict)
    _fetched_at: datetime | None = None
    _kept_for: timedelta = timedelta()
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def find(self, key_id: str) -> RSAPublicKey | None:
        """The key with this id, `None` where there is none. Raises `Unavailable` where no keys
        are known and none can be had."""
        with self._lock:
            if self._is_older_than(self._kept_for) or (
                key_id not in self._keys and self._is_older_than(AT_MOST_EVERY)
            ):
                self._fetch()
            if not self._keys:
                raise Unavailable(f"the keys at {self.address} cannot be read")
            return self._keys.get(key_id)

    def _is_older_than(self, age: timedelta) -> bool:
        """Also where the clock went back: what it said then is no measure."""
        if self._fetched_at is None:
            return True
        return not timedelta() <= self.clock() - self._fetched_at < age

    def _fetch(self) -> None:
        """Where it fails, the keys of before count a minute longer."""
        self._fetched_at, self._kept_for = self.clock(), AT_MOST_EVERY
        try:
            answer = httpx.get(self.address, timeout=TIMEOUT_SECONDS)
            keys = read_keys(answer.content) if answer.status_code == httpx.codes.OK else {}
        except (httpx.HTTPError, ValueError) as error:
            log.warning("the keys at %s cannot be read: %s", self.address, type(error).__name__)
            return
        if keys:
            self._keys, self._kept_for = keys, _kept_for(answer.headers.get("cache-control", ""))


def read_keys(body: bytes) -> dict[str, RSAPublicKey]:
    """The RSA keys for signatures of a JSON Web Key Set, by their ids; others are left out. Raises
    `ValueError` for what is no key set."""
    listed = json.loads(body)
    if not isinstance(listed, dict) or not isinstance(listed.get("keys"), list):
        raise ValueError("A key set has a list of keys.")
    keys: dict[str, RSAPublicKey] = {}
    for one in listed["keys"]:
        key = _rsa_key(one)
        if key is not None:
            keys[str(one["kid"])] = key
    return keys


def _rsa_key(one: Any) -> RSAPublicKey | None:
    if not isinstance(one, dict) or one.get("kty") != "RSA" or "kid" not in one:
        return None
    if one.get("use", "sig") != "sig" or one.get("alg", "RS256") != "RS256":
        return None
    try:
        key = jwt.PyJWK(one, algorithm="RS256").key
    except (jwt.PyJWTError, ValueError):
        return None
    return key if isinstance(key, RSAPublicKey) else None


def _kept_for(cache_control: str) -> timedelta:
    found = _MAX_AGE.search(cache_control)
    said = timedelta(seconds=int(found[1])) if found else KEPT_UNLESS_SAID
    return min(max(said, AT_MOST_EVERY), KEPT_AT_MOST)
