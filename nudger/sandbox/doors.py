"""What a visitor of the sandbox may try of the product that runs on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Doors:
    """Addresses of the product's own pages: `answers` is how those begin that mails link to. `rep`
    and `manager` are signed in to with the addresses of `rep_is` and `manager_is`, `console` with
    the one-time `code`; `make_code` gives the next one, and `counts` tells whether one still lets
    in."""

    answers: str
    rep: str
    rep_is: str
    manager: str
    manager_is: str
    console: str
    make_code: Callable[[], str] = field(repr=False)
    counts: Callable[[str], bool] = field(repr=False)
    code: str = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.renew_code()

    def renew_code(self) -> None:
        """A code counts once: have another one shown."""
        self.code = self.make_code()
