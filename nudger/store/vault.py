"""Sealing what must not be read from a stolen database: tokens, answers, titles, mails.

AES-256-GCM with a random 96-bit nonce for each value (NIST SP 800-38D). What a value belongs to
(table, column, owner) is authenticated with it, so that a sealed value moved elsewhere does not
open. Values are sealed with data keys, which are kept in the database wrapped by the admin's key
(envelope encryption): a new key for the admin rewraps a few rows, a new data key reseals the rest
while everything runs. A value names the data key that it needs.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import os
import shlex
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

BY_ADMIN_KEY = b"\x01"
BY_DATA_KEY = b"\x02"
KEY_ID_BYTES = 4
NONCE_BYTES = 12
KEY_BYTES = 32
COMMAND_SECONDS = 30
_AS_JSON = json.JSONEncoder(ensure_ascii=False)


class KeyProblem(Exception):
    """There is no usable key; one line that says what to do."""


class SealBroken(Exception):
    """A value does not open with this key, or was moved or changed."""


class Vault:
    """Seals and opens values with the newest data key, or with the admin's key of 32 bytes where
    no data key is known."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise KeyProblem(f"The key has {len(key)} bytes, not {KEY_BYTES}: see `nudger key`.")
        self._admin = AESGCM(key)
        self._digesting = hashlib.sha256(b"digest:" + key).digest()
        self._data: Mapping[int, AESGCM] = {}
        self._wrapped_keys: Callable[[], Mapping[int, bytes]] = dict

    def use_data_keys(self, wrapped_keys: Callable[[], Mapping[int, bytes]]) -> None:
        """Seal with data keys from now on; `wrapped_keys` gives those that there are, by id.

        Raises `SealBroken` where one does not open.
        """
        self._wrapped_keys = wrapped_keys
        self.refresh()

    def refresh(self) -> None:
        """Learn the data keys that were made since. Raises `SealBroken`."""
        wrapped = self._wrapped_keys()
        if wrapped.keys() != self._data.keys():
            self._data = {key_id: AESGCM(self.unwrap(key_id, w)) for key_id, w in wrapped.items()}

    def wrap(self, key_id: int, data_key: bytes) -> bytes:
        return BY_ADMIN_KEY + _seal(self._admin, data_key, f"data_key:{key_id}")

    def unwrap(self, key_id: int, wrapped: bytes) -> bytes:
        """Raises `SealBroken`."""
        return _open(self._admin, wrapped[1:], f"data_key:{key_id}")

    def seal(self, value: bytes, belongs_to: str) -> bytes:
        data = self._data
        if not data:
            return BY_ADMIN_KEY + _seal(self._admin, value, belongs_to)
        newest = max(data)
        return self.mark + _seal(data[newest], value, belongs_to)

    @property
    def mark(self) -> bytes:
        """How a value that is sealed now begins."""
        if not self._data:
            return BY_ADMIN_KEY
        return BY_DATA_KEY + max(self._data).to_bytes(KEY_ID_BYTES, "big")

    def open(self, sealed: bytes, belongs_to: str) -> bytes:
        """Raises `SealBroken`."""
        version, rest = sealed[:1], sealed[1:]
        if version == BY_ADMIN_KEY:
            return _open(self._admin, rest, belongs_to)
        if version != BY_DATA_KEY:
            raise SealBroken(f"unknown seal version for {belongs_to}")
        key_id, box = int.from_bytes(rest[:KEY_ID_BYTES], "big"), rest[KEY_ID_BYTES:]
        return _open(self._data_key(key_id, belongs_to), box, belongs_to)

    def _data_key(self, key_id: int, belongs_to: str) -> AESGCM:
        if key_id not in self._data:
            self.refresh()
        known = self._data.get(key_id)
        if known is None:
            raise SealBroken(f"there is no data key {key_id}, which {belongs_to} needs")
        return known

    def digest(self, text: str) -> str:
        """By what a text is known again, which nobody can guess at without the admin's key. With
        another key it is another."""
        return hmac.new(self._digesting, text.encode(), hashlib.sha256).hexdigest()

    def seal_json(self, value: Any, belongs_to: str) -> bytes:
        return self.seal(_AS_JSON.encode(value).encode(), belongs_to)

    def open_json(self, sealed: bytes, belongs_to: str) -> Any:
        """Raises `SealBroken`."""
        return json.loads(self.open(sealed, belongs_to))


@dataclass(frozen=True, slots=True)
class Sealed:
    """A value that is opened when it is needed, so that a broken seal stops nothing before."""

    vault: Vault
    value: bytes
    belongs_to: str

    def open(self) -> bytes:
        """Raises `SealBroken`."""
        return self.vault.open(self.value, self.belongs_to)

    def open_json(self) -> Any:
        """Raises `SealBroken`."""
        return json.loads(self.open())


def _seal(cipher: AESGCM, value: bytes, belongs_to: str) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + cipher.encrypt(nonce, value, belongs_to.encode())


def _open(cipher: AESGCM, sealed: bytes, belongs_to: str) -> bytes:
    try:
        return cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], belongs_to.encode())
    except (InvalidTag, ValueError) as error:
        raise SealBroken(f"the key does not open {belongs_to}") from error


def new_data_key() -> bytes:
    return os.urandom(KEY_BYTES)


def new_key() -> str:
    """A fresh key as text, for a key file or the environment."""
    return base64.urlsafe_b64encode(os.urandom(KEY_BYTES)).decode()


def read_key(text: str) -> bytes:
    """The bytes of a key written as text. Raises `KeyProblem`."""
    try:
        return base64.urlsafe_b64decode(text.strip())
    except (binascii.Error, ValueError) as error:
        raise KeyProblem("The key is not base64: make one with `nudger key`.") from error


def load_vault(key: str | None, key_file: Path, key_command: str | None = None) -> Vault:
    """The vault with the admin's key: from the environment, else what a command prints (as that of
    a key management service), else from the file. Raises `KeyProblem`."""
    if key:
        return Vault(read_key(key))
    return Vault(read_key(_printed(key_command) if key_command else _written(key_file)))


def _written(file: Path) -> str:
    try:
        return file.read_text()
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text"
        raise KeyProblem(
            f"No key: {file} cannot be read ({why}) and NUDGER_KEY is not set. "
            "Put back the one that the database was made with; for a new database make one with "
            f"`nudger key --write {file}`."
        ) from error


def _printed(command: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - the admin's own command, without a shell
            shlex.split(command), capture_output=True, text=True, check=True,
            timeout=COMMAND_SECONDS, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        why = type(error).__name__ if isinstance(error, ValueError) else str(error)
        raise KeyProblem(f"No key: `key_command` failed: {why}") from error
    return done.stdout
