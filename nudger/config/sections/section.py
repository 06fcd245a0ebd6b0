"""What a table of nudger.toml is."""

from __future__ import annotations

from typing import Any, get_args

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A table of nudger.toml."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def section_in(annotation: Any) -> type[BaseModel] | None:
    """The section that a field is, or holds many of."""
    candidates = (annotation, *get_args(annotation))
    return next((c for c in candidates if isinstance(c, type) and issubclass(c, BaseModel)), None)
