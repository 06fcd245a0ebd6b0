"""Google's `fields` parameter: only the named parts of a resource are sent.

Source: https://developers.google.com/workspace/calendar/api/guides/performance#partial
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from nudger.sandbox.google.answers import bad_request

Mask = dict[str, "Mask"]
_TOKEN = re.compile(r"[A-Za-z0-9_*]+|[(),/]")


@cache
def read_mask(fields: str) -> Mask:
    """As in "nextPageToken,items(id,start/dateTime)". Raises `Refusal` for what is no mask."""
    tokens = _TOKEN.findall(fields)
    if "".join(tokens) != fields.replace(" ", ""):
        raise bad_request(f"Invalid field selection {fields}", "invalidParameter")
    mask, rest = _read_list(tokens)
    if rest:
        raise bad_request(f"Invalid field selection {fields}", "invalidParameter")
    return mask


def _read_list(tokens: list[str]) -> tuple[Mask, list[str]]:
    mask: Mask = {}
    while tokens and tokens[0] not in "(),/":
        name, tokens = tokens[0], tokens[1:]
        inner: Mask = {}
        if tokens[:1] == ["/"]:
            inner, tokens = _read_path(tokens[1:])
        elif tokens[:1] == ["("]:
            inner, tokens = _read_list(tokens[1:])
            tokens = tokens[1:] if tokens[:1] == [")"] else ["("]
        mask[name] = inner
        if tokens[:1] != [","]:
            break
        tokens = tokens[1:]
    return mask, tokens


def _read_path(tokens: list[str]) -> tuple[Mask, list[str]]:
    if not tokens:
        return {}, ["("]
    if tokens[1:2] == ["/"]:
        inner, rest = _read_path(tokens[2:])
        return {tokens[0]: inner}, rest
    return {tokens[0]: {}}, tokens[1:]


def masked(value: Any, mask: Mask) -> Any:
    """The parts of `value` that the mask names; an empty mask names everything."""
    if not mask or "*" in mask:
        return value
    if isinstance(value, list):
        return [masked(one, mask) for one in value]
    if not isinstance(value, dict):
        return value
    return {name: masked(value[name], inner) for name, inner in mask.items() if name in value}
