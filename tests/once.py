"""What each test would do again to the same effect is done once a process: statements compiled, the
keys of service accounts checked, the certificates of authorities read. Each takes longer than most
of what is tested with it."""

from __future__ import annotations

import os
from functools import cache, lru_cache

import httpx
from google.auth.crypt.rsa import RSASigner
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache

from nudger.store import database

MORE_STATEMENTS_THAN_WE_HAVE = 5_000
KEYS_OF_ONE_TEST = 8


def compile_statements_once() -> None:
    """Engines on the same kind of database have one cache of statements. SQLAlchemy keeps them by
    the dialect too, of which each engine has one: those of a class are alike here, where a process
    knows one SQLite and one PostgreSQL."""
    DefaultDialect.__eq__ = lambda self, other: type(self) is type(other)
    DefaultDialect.__hash__ = lambda self: hash(type(self))
    compiled = LRUCache(MORE_STATEMENTS_THAN_WE_HAVE)
    database._CONNECTIONS["execution_options"] = {"compiled_cache": compiled}


def check_private_keys_once() -> None:
    """OpenSSL tests the primes of a key whenever it is read."""
    RSASigner.from_string = lru_cache(KEYS_OF_ONE_TEST)(RSASigner.from_string)


def read_authorities_once() -> None:
    """Each client of httpx reads the certificates that it trusts, though most never meet TLS. Those
    that the environment names are read again when it names others."""
    read = httpx._transports.default.create_ssl_context

    @cache
    def kept(_of: tuple[str | None, ...], verify: object, cert: object, trust_env: bool) -> object:
        return read(verify=verify, cert=cert, trust_env=trust_env)

    def trusted(verify: object = True, cert: object = None, trust_env: bool = True) -> object:
        named = tuple(os.environ.get(one) for one in ("SSL_CERT_FILE", "SSL_CERT_DIR"))
        return kept(named, verify, cert, trust_env)

    httpx._transports.default.create_ssl_context = trusted
