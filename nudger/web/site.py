"""What every router is given."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

from fastapi import Request
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from nudger.runtime.context import Context
from nudger.web.pages import Pages
from nudger.web.rate_limits import Limiter

log = logging.getLogger(__name__)
T = TypeVar("T")
READ = ["GET", "HEAD"]
"""The methods of routes that show something."""
MOST_WRONG_LINKS, WITHIN = 30, timedelta(minutes=10)


@dataclass(frozen=True)
class Site:
    """The jobs' context, the templates, and who tried too many links that lead nowhere."""

    ctx: Context
    pages: Pages = field(default_factory=Pages)
    wrong_links: Limiter = field(init=False)

    def __post_init__(self) -> None:
        limiter = Limiter(MOST_WRONG_LINKS, WITHIN, self.ctx.clock)
        object.__setattr__(self, "wrong_links", limiter)

    def client_of(self, request: Request) -> str:
        """Who asks, as far as tries are counted by it."""
        return request.client.host if request.client else ""

    def change(self, what: Callable[[Connection], T]) -> T:
        """Do it in one transaction; once more where another was a moment ahead with the same row,
        as when a button is pressed twice."""
        try:
            with self.ctx.database.begin() as tx:
                return what(tx)
        except IntegrityError:
            with self.ctx.database.begin() as tx:
                return what(tx)
