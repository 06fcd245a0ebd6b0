"""The milestones that a new installation starts with, and what they are called in each language."""

from __future__ import annotations

import tomllib
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files

from nudger.domain.commitment import Milestone

LANGUAGES = ("en", "de", "es", "fr", "it", "nl", "pt")


def starter_milestones(language: str = "en") -> tuple[Milestone, ...]:
    """The list in a language (ISO 639-1), in order; English where there is none in it."""
    code = language if language in LANGUAGES else "en"
    return tuple(Milestone(step[code][0], step["exit"][0]) for step in _steps())


@lru_cache(maxsize=256)
def also_called(milestone: Milestone) -> tuple[str, ...]:
    """What else a milestone is called in any language; nothing for one that is none of ours."""
    own = {_folded(name) for name in (milestone.name, *milestone.aliases)}
    for step in _steps():
        names = tuple(name for code in LANGUAGES for name in step[code])
        if not own.isdisjoint(map(_folded, (step[code][0] for code in LANGUAGES))):
            return names
    return ()


@cache
def _steps() -> tuple[dict[str, tuple[str, ...]], ...]:
    text = (files("nudger.domain") / "data" / "milestones.toml").read_text(encoding="utf-8")
    return tuple(
        {key: (value,) if isinstance(value, str) else tuple(value) for key, value in step.items()}
        for step in tomllib.loads(text)["milestone"]
    )


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold())
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())
