"""The lists of milestones that a new installation chooses from, and what each milestone is called
in each language."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from nudger.domain.commitment import Milestone

LANGUAGES = ("en", "de", "es", "fr", "it", "nl", "pt")


class MilestoneList(StrEnum):
    """A way of selling: to new customers, by having them try it, to customers that one has."""

    NEW_BUSINESS = "new-business"
    TRIAL = "trial"
    ACCOUNTS = "accounts"


def starter_milestones(
    language: str = "en", which: MilestoneList = MilestoneList.NEW_BUSINESS
) -> tuple[Milestone, ...]:
    """The list in a language (ISO 639-1), in order; English where there is none in it."""
    code = language if language in LANGUAGES else "en"
    steps = (_data()["milestone"][name] for name in _data()["lists"][which])
    return tuple(Milestone(step[code][0], step["exit"][code]) for step in steps)


@lru_cache(maxsize=256)
def also_called(milestone: Milestone) -> tuple[str, ...]:
    """What else a milestone is called in any language; nothing for one that is none of ours."""
    own = {_folded(name) for name in (milestone.name, *milestone.aliases)}
    for step in _data()["milestone"].values():
        if not own.isdisjoint(_folded(name) for code in LANGUAGES for name in step[code]):
            return tuple(name for code in LANGUAGES for name in step[code])
    return ()


@cache
def _data() -> Mapping[str, Any]:
    text = (files("nudger.domain") / "data" / "milestones.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@lru_cache(maxsize=1024)
def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold())
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())
