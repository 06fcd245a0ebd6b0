"""Sealing what must not be read from a stolen database: tokens, answers, titles, mails.

AES-256-GCM with a random 96-bit nonce for each value (NIST SP 800-38D). What a value belongs to
(table, column, owner) is authenticated with it, so that a sealed value moved elsewhere does not
open.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = b"\x01"
NONCE_BYTES = 12
KEY_BYTES = 32


class KeyProblem(Exception):
    """There is no usable key; one line that says what to do."""


class SealBroken(Exception):
    """A value does not open with this key, or was moved or changed."""


class Vault:
    """Seals and opens values with one key of 32 bytes."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise KeyProblem(f"The key has {len(key)} bytes, not {KEY_BYTES}: see `nudger key`.")
        self._cipher = AESGCM(key)

    def seal(self, value: bytes, belongs_to: str) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return VERSION + nonce + self._cipher.encrypt(nonce, value, belongs_to.encode())

    def open(self, sealed: bytes, belongs_to: str) -> bytes:
        """Raises `SealBroken`."""
        version, nonce, box = sealed[:1], sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        if version != VERSION:
            raise SealBroken(f"unknown seal version for {belongs_to}")
        try:
            return self._cipher.decrypt(nonce, box, belongs_to.encode())
        except InvalidTag as error:
            raise SealBroken(f"the key does not open {belongs_to}") from error

    def seal_json(self, value: Any, belongs_to: str) -> bytes:
        return self.seal(json.dumps(value, ensure_ascii=False).encode(), belongs_to)

    def open_json(self, sealed: bytes, belongs_to: str) -> Any:
        """Raises `SealBroken`."""
        return json.loads(self.open(sealed, belongs_to))


def new_key() -> str:
    """A fresh key as text, for a key file or the environment."""
    return base64.urlsafe_b64encode(os.urandom(KEY_BYTES)).decode()


def read_key(text: str) -> bytes:
    """The bytes of a key written as text. Raises `KeyProblem`."""
    try:
        return base64.urlsafe_b64decode(text.strip())
    except (binascii.Error, ValueError) as error:
        raise KeyProblem("The key is not base64: make one with `nudger key`.") from error


def load_vault(key: str | None, key_file: Path) -> Vault:
    """The vault with the key from the environment, else from the file. Raises `KeyProblem`."""
    if key:
        return Vault(read_key(key))
    try:
        return Vault(read_key(key_file.read_text()))
    except OSError as error:
        raise KeyProblem(
            f"No key: {key_file} cannot be read ({error.strerror}) and NUDGER_KEY is not set. "
            f"Make one with `nudger key --write {key_file}`."
        ) from error
