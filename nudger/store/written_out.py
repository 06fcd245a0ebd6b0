"""Conditions whose values stand in the text of the statement.

The tables of work keep what is done for a year or more, and what still waits is a handful of rows.
A partial index holds just these; a database uses it only for a statement whose very text says that
it asks for no others, whatever values are bound to it later.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, FromClause, bindparam, text
from sqlalchemy.sql.elements import TextClause

from nudger.domain.mails import UNSENT


def is_one_of(column: ColumnElement[str], values: Iterable[str]) -> ColumnElement[bool]:
    """`values` are words of ours, never anybody's text."""
    words = [str(value) for value in values]
    return column.in_(bindparam(None, words, expanding=True, literal_execute=True))


def is_unsent(mail: FromClause) -> ColumnElement[bool]:
    """Whether a mail of ours is still to go out."""
    return is_one_of(mail.c.state, UNSENT)


def rows_with(state: str, *others: str) -> TextClause:
    """The same for an index: which rows it holds."""
    return text("state IN ({})".format(", ".join(f"'{one}'" for one in (state, *others))))
