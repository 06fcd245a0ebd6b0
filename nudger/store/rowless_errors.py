"""Errors of the database say what went wrong, and nothing of the row that it went wrong with.

PostgreSQL adds the row's values to what it says ("Key (email)=(…) already exists", "Failing row
contains (…)", https://www.postgresql.org/docs/current/protocol-error-fields.html), and Python the
text that cannot be decoded or encoded. What an error says ends in logs, in terminals, and in the
row that is tried again; so it is cut where every error passes, before anybody can show it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext

_DATA_EXCEPTION = "22"
"""The class of codes whose first line, too, quotes the value that was refused
(https://www.postgresql.org/docs/current/errcodes-appendix.html)."""
_UNDECODED = " with text "
"""Behind this Python's sqlite3 quotes what it cannot decode."""


def leave_rows_out(engine: Engine) -> None:
    """Have every error of this engine's connections say nothing of a row, however it is shown."""
    event.listen(engine, "handle_error", _cut)


def _cut(context: ExceptionContext) -> None:
    raised, wrapping = context.original_exception, context.sqlalchemy_exception
    if isinstance(raised, UnicodeError):
        raised.args = ()  # what was to be coded, which its `repr` shows
        return
    before = str(raised)
    after = _without_row(raised, before)
    if after == before:
        return
    raised.args = (after,)
    if wrapping is not None:
        wrapping.args = tuple(str(one).replace(before, after) for one in wrapping.args)


def _without_row(error: BaseException, says: str) -> str:
    """What a server says about a statement is its first field alone; what its library says without
    a server, as of a connection, has no code and stays."""
    told: Any = getattr(error, "diag", None)
    code = getattr(told, "sqlstate", None)
    if code is None:
        return says.partition(_UNDECODED)[0]
    if code.startswith(_DATA_EXCEPTION):
        return f"a value was refused ({code})"
    return str(told.message_primary)
