"""What a part of the console is: a line in the navigation, its routes, and who may see them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastapi import APIRouter

from nudger.domain.roles import READERS, Role

if TYPE_CHECKING:
    from nudger.web.console.desk import Desk

PREFIX = "/console"


@dataclass(frozen=True, slots=True)
class Section:
    """`key` is the path below /console, empty for the first page. `add_routes` adds the section's
    routes to its router, which is guarded for it. What is posted changes something, and is for
    admins alone; `reads` are the last parts of paths of which that is not so, as of an export.
    `uploads` are the paths below the section's that take a file. One that is not listed is no line
    in the navigation: other pages lead there."""

    key: str
    title: str
    add_routes: Callable[[APIRouter, Desk], None]
    roles: frozenset[Role] = READERS
    reads: frozenset[str] = frozenset()
    uploads: frozenset[str] = frozenset()
    is_listed: bool = True

    @property
    def path(self) -> str:
        return f"{PREFIX}/{self.key}" if self.key else PREFIX
