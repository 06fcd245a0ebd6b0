"""Google's own description of its APIs: which method a path is, which parameters it takes.

Read from the discovery documents that ship with Google's client library.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

DOCUMENTS = ("calendar.v3.json", "gmail.v1.json", "admin.directory_v1.json")


@dataclass(frozen=True)
class Method:
    """One method of an API. `parameters` are the query's; `required` of them must be there. One
    that `answers_nothing` answers 204."""

    id: str
    http_method: str
    pattern: re.Pattern[str]
    parameters: frozenset[str]
    required: frozenset[str]
    answers_nothing: bool


@cache
def methods() -> tuple[Method, ...]:
    return tuple(method for name in DOCUMENTS for method in _methods_of(_document(name)))


def find_method(http_method: str, path: str) -> tuple[Method, dict[str, str]] | None:
    """The method that a request calls, with the parameters of its path."""
    for method in methods():
        match = method.pattern.fullmatch(path) if method.http_method == http_method else None
        if match:
            return method, match.groupdict()
    return None


def _document(name: str) -> Mapping[str, Any]:
    spec = find_spec("googleapiclient")
    if spec is None or spec.origin is None:
        raise RuntimeError("google-api-python-client is not installed")
    folder = Path(spec.origin).parent / "discovery_cache" / "documents"
    document: Mapping[str, Any] = json.loads((folder / name).read_text(encoding="utf-8"))
    return document


def _methods_of(document: Mapping[str, Any]) -> list[Method]:
    common = frozenset(document.get("parameters", ()))
    prefix = "/" + document.get("servicePath", "")
    found: list[Method] = []
    _collect(document, prefix, common, found)
    return found


def _collect(
    node: Mapping[str, Any], prefix: str, common: frozenset[str], found: list[Method]
) -> None:
    found.extend(_method(one, prefix, common) for one in node.get("methods", {}).values())
    for resource in node.get("resources", {}).values():
        _collect(resource, prefix, common, found)


def _method(described: Mapping[str, Any], prefix: str, common: frozenset[str]) -> Method:
    own = described.get("parameters", {})
    query = {name for name, one in own.items() if one.get("location") == "query"}
    path = re.sub(r"\{\+?(\w+)\}", r"(?P<\1>[^/]+)", prefix + described["path"])
    return Method(
        id=described["id"],
        http_method=described["httpMethod"],
        pattern=re.compile(path),
        parameters=frozenset(query) | common,
        required=frozenset(name for name in query if own[name].get("required")),
        answers_nothing="response" not in described,
    )
