"""What each test would do again to the same effect is done once a process: statements compiled,
and the keys of service accounts checked. Both take longer than most of what is tested with them."""

from __future__ import annotations

from functools import lru_cache

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
